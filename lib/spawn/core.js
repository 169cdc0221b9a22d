'use strict';

// What stands in place of `spawn` of a child's handle: the one call of all in Node's child_process that fork(2) stands behind.
// Everything above it is Node's: options, streams, messages, events.

const { getNative } = require('./addon.js');
const { apply, getPrototypeOf, isLinux, isNative, isPermissionModelUsed, nodes, prototype, versions, warn } =
  require('./taken.js');

/** What is run from the first spawn on. In the bundles, it is there already. */
const getHandles = () => require('./handles.js');
const getStart = () => require('./start.js');

let isActive = false;
/** What was there when ours was put in its place. */
let previous = null;
/** What is wanted of a child besides what Node can say, while {@link withExtras} runs. */
let extras = null;
/** Whether there may be a spawn of ours at all. Under the permission model, Node decides what may be run. */
const mayBePossible = isLinux && !isPermissionModelUsed && isNative(nodes.spawn);
/** Whether children can be ours: found out at the first spawn, since it takes the addon, and a child. */
let isReady;
const listeners = [];

/** In place of the prototype's: starts a child, sets `pid`, and returns 0 or an errno below 0. */
function spawn(...values) {
  if ((isActive || extras !== null) && getPrototypeOf(this) === prototype) {
    isReady ??= getReady();
    if (isReady) {
      const { NOT_UNDERSTOOD, start } = getStart();
      const error = start(this, values, extras);
      if (error !== NOT_UNDERSTOOD) return error;
    }
  }
  return apply(previous ?? nodes.spawn, this, values);
}

function getReady() {
  return isPossible() && getNative().spawnMechanism() === 'clone';
}

/** Whether there is a spawn of ours for this thread of this Node. */
function isPossible() {
  if (!mayBePossible) return false;
  try {
    if (typeof getNative().Children === 'function' && getHandles().canBeUsed() && getStart()) return true;
    giveUp(`child processes of Node ${versions.node} are not known`);
  } catch (error) {
    giveUp(error.message, error.code);
  }
  return false;
}

/** Leaves all children to Node from now on; who was told that they are ours hears of it. */
function giveUp(reason, code = 'FAST_RESOLVE_SPAWN_UNAVAILABLE') {
  if (!isActive) return;
  uninstall();
  // The user's own wish.
  if (code !== 'ERR_DLOPEN_DISABLED') warn(`${reason}\nNode starts child processes as it did before.`, code);
}

function install() {
  return isPossible() && putInPlace();
}

/** As {@link install}, but whether it is possible is found out at the first spawn. */
function installAhead() {
  return mayBePossible && putInPlace();
}

function putInPlace() {
  // A tool that wrapped ours calls it still; Node's own in its place says that ours was dropped.
  if (prototype.spawn !== spawn && (previous === null || isNative(prototype.spawn))) {
    if (!isNative(prototype.spawn)) return false;
    previous = prototype.spawn;
    prototype.spawn = spawn;
  }
  isReady = undefined;
  setActive(true);
  return true;
}

function uninstall() {
  if (!isActive) return;
  if (prototype.spawn === spawn) {
    prototype.spawn = previous;
    previous = null;
  }
  setActive(false);
}

function isInstalled() {
  return isActive && !isNative(prototype.spawn);
}

function setActive(value) {
  isActive = value;
  for (let index = 0; index < listeners.length; index++) listeners[index](value);
}

/** Calls back whenever the seam is put in place or taken out. */
function onChange(listener) {
  listeners.push(listener);
}

/** Whether ours would start a child for {@link withExtras}, and not a tool that stands in its place. */
function canTakeExtras() {
  return isPossible() && (prototype.spawn === spawn || isNative(prototype.spawn));
}

/** Calls back at once, and has ours start the children that the callback starts, installed or not. */
function withExtras(wanted, callback) {
  const before = prototype.spawn;
  const outer = extras;
  extras = wanted;
  prototype.spawn = spawn;
  try {
    return callback();
  } finally {
    extras = outer;
    prototype.spawn = before;
  }
}

module.exports = {
  canTakeExtras,
  getHandles,
  install,
  installAhead,
  isInstalled,
  onChange,
  uninstall,
  withExtras,
};
