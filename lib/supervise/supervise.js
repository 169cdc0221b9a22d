'use strict';

// The daemon: a process that is started again when it crashes, or several of one service.

const { systemClock } = require('./clock.js');
const { createSettings } = require('./settings.js');
const { Supervisor } = require('./supervisor.js');
const { SupervisorGroup } = require('./supervisor_group.js');

/**
 * @param {string | URL | { command: string, args?: readonly string[] }} target
 * @param {import('../../types/supervise.js').SuperviseOptions} [options]
 */
function supervise(target, options) {
  const settings = createSettings(target, options);
  const Class = settings.instances === undefined ? Supervisor : SupervisorGroup;
  return new Class(settings, systemClock);
}

module.exports = { supervise };
