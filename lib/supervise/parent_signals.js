'use strict';

// Signals that this process gets: one listener for each, however many supervisors want it.

/** @type {Map<string, Set<(signal: string) => void>>} */
const receivers = new Map();

const deliver = (signal) => {
  for (const receive of [...receivers.get(signal)]) receive(signal);
};

function listen(signals, receive) {
  for (const signal of signals) {
    if (!receivers.has(signal)) {
      receivers.set(signal, new Set());
      process.on(signal, deliver);
    }
    receivers.get(signal).add(receive);
  }
}

function unlisten(signals, receive) {
  for (const signal of signals) {
    const remaining = receivers.get(signal);
    if (remaining?.delete(receive) && remaining.size === 0) {
      receivers.delete(signal);
      process.off(signal, deliver);
    }
  }
}

module.exports = { listen, unlisten };
