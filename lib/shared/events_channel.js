'use strict';

// What happens to a pool or a supervisor, told on a channel of `node:diagnostics_channel` as well as by its events: for tools that
// don't know the pools of a program.

const { channel } = require('node:diagnostics_channel');

/**
 * @param {string} name Of the channel.
 * @param {string} owner The key of a message under which its subject stands.
 * @returns {{ publish: (subject: object, event: string, details: unknown[]) => void, isHeard: () => boolean }}
 */
function openEventsChannel(name, owner) {
  const opened = channel(name);
  return {
    publish: (subject, event, details) => {
      if (opened.hasSubscribers) opened.publish({ [owner]: subject, event, details });
    },
    /** Whether anybody listens. */
    isHeard: () => opened.hasSubscribers,
  };
}

module.exports = { openEventsChannel };
