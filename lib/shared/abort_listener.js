'use strict';

/** What is to be done when a signal aborts. @type {WeakMap<AbortSignal, { callbacks: Set<() => void>, listener: () => void }>} */
const waiting = new WeakMap();

/**
 * Calls back when the signal aborts. Tasks and commands often share one, and Node takes the eleventh listener for a leak: there
 * is one for all of them.
 * @returns {() => void} Ends it.
 */
function listenForAbort(signal, callback) {
  const entry = waiting.get(signal) ?? listen(signal);
  entry.callbacks.add(callback);
  return () => {
    entry.callbacks.delete(callback);
    if (entry.callbacks.size > 0 || waiting.get(signal) !== entry) return;
    waiting.delete(signal);
    signal.removeEventListener('abort', entry.listener);
  };
}

function listen(signal) {
  const callbacks = new Set();
  const listener = () => {
    waiting.delete(signal);
    for (const callback of [...callbacks]) callback();
  };
  signal.addEventListener('abort', listener, { once: true });
  const entry = { callbacks, listener };
  waiting.set(signal, entry);
  return entry;
}

module.exports = { listenForAbort };
