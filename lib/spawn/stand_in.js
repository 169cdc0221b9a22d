'use strict';

// What stands in place of `spawn` of a child's handle: the one call of all in Node's child_process that fork(2) stands behind.
// Everything above it is Node's: options, streams, messages, events. This is all that the preload runs in a program that starts no
// child.

const { apply, getPrototypeOf, isLinux, isNative, isPermissionModelUsed, nodes, prototype, tellReason, TooDeep } =
  require('./taken.js');

/** What is known of the seam in this thread. `core.js` goes on with it. */
const standIn = {
  /** Whether there may be a spawn of ours at all. Under the permission model, Node decides what may be run. */
  mayBePossible: isLinux && !isPermissionModelUsed && isNative(nodes.spawn),
  isActive: false,
  /** What was there when ours was put in its place. */
  previous: null,
  /** What is wanted of a child besides what Node can say; null if nothing is. */
  extras: null,
  /** For the preload, where the addon may lie: `named` by the user, `resolved` by Yarn, or seen from `parts`, this directory. */
  place: undefined,
  /** What was said already, by this preload or the other one. */
  told: { __proto__: null, ofAddon: false },
  /** Loads what is run from the first spawn on. */
  loadLate: undefined,
  /** Called back with whether ours is in place, when that changes. */
  onChange: undefined,
  getLate,
  putInPlace,
  spawn,
};

let late;

/** What is run from the first spawn on. */
function getLate() {
  late ??= standIn.loadLate();
  return late;
}

/** In place of the prototype's: starts a child, sets `pid`, and returns 0 or an errno below 0. */
function spawn(...values) {
  const { isActive, extras, previous } = standIn;
  if ((isActive || extras !== null) && getPrototypeOf(this) === prototype) {
    const error = tryToSpawn(this, values);
    if (error !== undefined) return error;
  }
  const error = apply(previous ?? nodes.spawn, this, values);
  // Among its neighbours on libuv's list may be one of ours that closes now, to leave Node its descriptors.
  if (error !== 0 && late !== undefined) late.core.relink(this);
  return error;
}

/** Undefined if Node has to do it: whatever goes wrong before there is a child. */
function tryToSpawn(handle, values) {
  let started;
  try {
    started = getLate().core.start(values);
  } catch (error) {
    // A program that recurses too deep may come to its end anywhere.
    if (!(error instanceof TooDeep)) {
      standIn.isActive = false;
      tellReason(error?.message ?? error, 'FAST_RESOLVE_SPAWN_UNAVAILABLE');
    }
    return undefined;
  }
  return started && late.core.adopt(handle, started);
}

/** Whether ours is in place now. A tool that wrapped it calls it still; Node's own in its place says that it was dropped. */
function putInPlace() {
  const { spawn: current } = prototype;
  if (current !== spawn) {
    const isNodes = current === nodes.spawn || isNative(current);
    if (!isNodes && standIn.previous === null) return false;
    if (isNodes) {
      standIn.previous = current;
      prototype.spawn = spawn;
    }
  }
  standIn.isActive = true;
  standIn.onChange?.(true);
  return true;
}

module.exports = standIn;
