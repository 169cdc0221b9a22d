'use strict';

// The seam, from the first spawn on: whether children can be ours, and who is told of it.

const { getNative } = require('./addon.js');
const { canBeUsed, relink } = require('./handles.js');
const standIn = require('./stand_in.js');
const { adopt, start } = require('./start.js');
const { isNative, prototype, tellReason, versions } = require('./taken.js');

/** Whether children can be ours: found out at the first spawn, since it takes a child. */
let isReady;
const listeners = [];

/** What was started, for {@link adopt}; undefined if Node has to start the child. */
function startChild(values) {
  isReady ??= isPossible() && getNative().spawnMechanism() === 'clone';
  return isReady ? start(values, standIn.extras) : undefined;
}

/** Whether there is a spawn of ours for this thread of this Node. */
function isPossible() {
  if (!standIn.mayBePossible) return false;
  try {
    if (typeof getNative().Children === 'function' && canBeUsed()) return true;
    giveUp(`child processes of Node ${versions.node} are not known`);
  } catch (error) {
    giveUp(error.message, error.code);
  }
  return false;
}

/** Leaves all children to Node from now on; who was told that they are ours hears of it. */
function giveUp(reason, code = 'FAST_RESOLVE_SPAWN_UNAVAILABLE') {
  if (!standIn.isActive) return;
  uninstall();
  // The user's own wish.
  if (code === 'ERR_DLOPEN_DISABLED') return;
  if (code === 'FAST_RESOLVE_ADDON_UNAVAILABLE') {
    if (standIn.told.ofAddon) return;
    standIn.told.ofAddon = true;
  }
  tellReason(reason, code);
}

function install() {
  return isPossible() && standIn.putInPlace();
}

function uninstall() {
  if (!standIn.isActive) return;
  if (prototype.spawn === standIn.spawn) {
    prototype.spawn = standIn.previous;
    standIn.previous = null;
  }
  standIn.isActive = false;
  standIn.onChange(false);
}

function isInstalled() {
  return standIn.isActive && !isNative(prototype.spawn);
}

standIn.onChange = (isActive) => {
  // What could not be had may be there now.
  isReady = undefined;
  for (let index = 0; index < listeners.length; index++) listeners[index](isActive);
};

/** Calls back whenever the seam is put in place or taken out. */
function onChange(listener) {
  listeners.push(listener);
}

/** Whether ours would start a child for {@link withExtras}, and not a tool that stands in its place. */
function canTakeExtras() {
  return isPossible() && (prototype.spawn === standIn.spawn || isNative(prototype.spawn));
}

/** Calls back at once, and has ours start the children that the callback starts, installed or not. */
function withExtras(wanted, callback) {
  const before = prototype.spawn;
  const outer = standIn.extras;
  standIn.extras = wanted;
  prototype.spawn = standIn.spawn;
  try {
    return callback();
  } finally {
    standIn.extras = outer;
    prototype.spawn = before;
  }
}

module.exports = {
  adopt,
  canTakeExtras,
  install,
  isInstalled,
  onChange,
  relink,
  start: startChild,
  uninstall,
  withExtras,
};
