'use strict';

// One listener for each AbortSignal, however many commands share it.

/** @type {WeakMap<AbortSignal, Map<object, (reason: unknown) => void>>} */
const watched = new WeakMap();

/** Calls `cancel` when the signal is aborted, until `unwatch` for the same command. */
function watch(signal, command, cancel) {
  let commands = watched.get(signal);
  if (commands === undefined) {
    commands = new Map();
    watched.set(signal, commands);
  }
  if (commands.size === 0) signal.addEventListener('abort', onAbort, { once: true });
  commands.set(command, cancel);
}

function unwatch(signal, command) {
  const commands = watched.get(signal);
  if (commands?.delete(command) && commands.size === 0) signal.removeEventListener('abort', onAbort);
}

function onAbort() {
  const commands = watched.get(this);
  // Whoever is cancelled leaves the map.
  for (const cancel of [...commands.values()]) cancel(this.reason);
}

module.exports = { unwatch, watch };
