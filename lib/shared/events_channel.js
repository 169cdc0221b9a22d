'use strict';

// What happens to a pool or a supervisor, told on a channel of `node:diagnostics_channel` as well as by its events: for tools that
// don't know the pools of a program.

const { channel } = require('node:diagnostics_channel');

/**
 * @param {string} name Of the channel.
 * @param {string} owner The key of a message under which its subject stands.
 * @returns {(subject: object, event: string, details: unknown[]) => void}
 */
function openEventsChannel(name, owner) {
  const opened = channel(name);
  return (subject, event, details) => {
    if (opened.hasSubscribers) opened.publish({ [owner]: subject, event, details });
  };
}

module.exports = { openEventsChannel };
