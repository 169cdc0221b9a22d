'use strict';

// The daemon: a process that is started again when it crashes.

const { systemClock } = require('./clock.js');
const { createSettings } = require('./settings.js');
const { Supervisor } = require('./supervisor.js');

/**
 * @param {string | URL | { command: string, args?: readonly string[] }} target
 * @param {import('../../types/supervise.js').SuperviseOptions} [options]
 */
const supervise = (target, options) => new Supervisor(createSettings(target, options), systemClock);

module.exports = { supervise };
