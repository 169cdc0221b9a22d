'use strict';

// Where Node's child_process meets the addon: `spawn` of a child's handle, the one call of all that fork(2) stands behind.
// Everything above it is Node's: options, streams, messages, events.

const { constants } = require('node:os');
const { isMainThread } = require('node:worker_threads');

const { native } = require('../addon.js');
const { validateOneOfSignals, validateExtras } = require('./arguments.js');
const handles = require('./handles.js');
const { AT, FLAG } = require('./layout.js');
const { readRequest } = require('./request.js');

const { Process } = handles;

let isActive = false;
/** What was there when ours was put in its place. */
let previous = null;
/** What is wanted of a child besides what Node can say, while {@link spawnWith} runs. */
let extras = null;
let mechanism;
const listeners = [];

/** In place of the prototype's: starts a child, sets `pid`, and returns 0 or an errno below 0. */
function spawn(...values) {
  if ((!isActive && extras === null) || Object.getPrototypeOf(this) !== Process || getMechanism() !== 'clone') {
    return leaveToNode(this, values);
  }
  const request = readRequest(values);
  if (request === undefined) return leaveToNode(this, values);
  const { numbers } = request;
  const children = handles.getChildren();
  if (children === null) return leaveToNode(this, values);
  const id = handles.takeId();
  numbers[AT.ID] = id;
  if (extras !== null) addExtras(numbers, extras);

  const error = children.spawn(request.strings, numbers, request.pipes);
  // What it can't take (a NUL byte, say) was refused before anything was done.
  if (error > 0) return leaveToNode(this, values);
  handles.setUp(this);
  // It stands where the id stood.
  const pid = numbers[AT.ID];
  if (pid !== 0) {
    this.pid = pid;
    const state = handles.adopt(this, id);
    if (extras !== null) state.isKept = extras.processGroup === true;
  }
  return error;
}

function leaveToNode(handle, values) {
  return Reflect.apply(previous ?? handles.nodesSpawn, handle, values);
}

function addExtras(numbers, { parentDeathSignal, processGroup, announcedTo }) {
  if (parentDeathSignal !== undefined) {
    numbers[AT.PARENT_DEATH_SIGNAL] = constants.signals[parentDeathSignal];
    // The signal comes when the thread ends that spawned.
    if (!isMainThread) numbers[AT.FLAGS] |= FLAG.LASTING_THREAD;
  }
  if (processGroup) numbers[AT.FLAGS] |= FLAG.OWN_GROUP;
  if (announcedTo !== undefined) numbers[AT.ANNOUNCED_TO] = announcedTo;
}

/** Asked at the first spawn, since it takes a child to find out. */
function getMechanism() {
  mechanism ??= native.spawnMechanism();
  return mechanism;
}

/** Whether there is a spawn of ours for this thread of this Node. */
function isPossible() {
  return (
    typeof native?.Children === 'function' &&
    // Node decides what may be run.
    process.permission === undefined &&
    handles.canBeUsed()
  );
}

function install() {
  if (!isPossible()) return false;
  // A tool that wrapped ours calls it still; Node's own in its place says that ours was dropped.
  if (Process.spawn !== spawn && (previous === null || handles.isNative(Process.spawn))) {
    if (!handles.isNative(Process.spawn)) return false;
    previous = Process.spawn;
    Process.spawn = spawn;
  }
  setActive(true);
  return true;
}

function uninstall() {
  if (!isActive) return;
  if (Process.spawn === spawn) {
    Process.spawn = previous;
    previous = null;
  }
  setActive(false);
}

function isInstalled() {
  return isActive && !handles.isNative(Process.spawn);
}

function setActive(value) {
  isActive = value;
  for (const listener of listeners) listener(value);
}

/** Calls back whenever the seam is put in place or taken out. */
function onChange(listener) {
  listeners.push(listener);
}

/** The children that {@link spawnWith} started by the addon. */
const spawned = new WeakMap();
/** Has the addon forget a child whose group can't be signalled any more, since nobody knows of the child. */
const forgotten = new FinalizationRegistry((id) => handles.getChildren().forget(id));

/**
 * Calls back at once, and has the child that the callback starts with `child_process.spawn` or `fork` started by the addon,
 * installed or not, with what Node has no option for. Where the addon can't, Node starts it, without the extras.
 *
 * @template {import('node:child_process').ChildProcess} Child
 * @param {{ parentDeathSignal?: NodeJS.Signals, processGroup?: boolean, announcedTo?: number }} wanted `parentDeathSignal`: what
 * the child gets when this process ends, however it ends. `processGroup`: whether it leads a group, for {@link killGroup}.
 * `announcedTo`: a descriptor to which it writes `+ pid` before it is a program, and `- pid` follows if it does not come to that.
 * @param {() => Child} callback Starts one child and returns it.
 * @returns {Child}
 */
function spawnWith(wanted, callback) {
  validateExtras(wanted);
  if (!isPossible() || !(Process.spawn === spawn || handles.isNative(Process.spawn))) return callback();
  const before = Process.spawn;
  const outer = extras;
  extras = wanted;
  Process.spawn = spawn;
  try {
    const child = callback();
    const state = child?._handle ? handles.states.get(child._handle) : undefined;
    if (state !== undefined) {
      spawned.set(child, state);
      if (state.isKept) forgotten.register(child, state.id, child);
    }
    return child;
  } finally {
    extras = outer;
    Process.spawn = before;
  }
}

/**
 * How a child of {@link spawnWith} was started: `clone`, or `node` where the extras were not to be had.
 * @param {import('node:child_process').ChildProcess} child
 */
function mechanismOf(child) {
  return spawned.has(child) ? 'clone' : 'node';
}

/**
 * Sends a signal to the group that a child of {@link spawnWith} leads, also after the child has ended; to the child alone
 * where Node started it.
 * @returns {boolean} Whether anybody got it.
 */
function killGroup(child, signal = 'SIGTERM') {
  validateOneOfSignals(signal, 'signal');
  const state = spawned.get(child);
  if (state === undefined) return child.kill(signal);
  return handles.getChildren().killGroup(state.id, constants.signals[signal]) === 0;
}

/** Nobody will signal the group of this child any more; what the addon holds for that is let go of. */
function forgetGroup(child) {
  const state = spawned.get(child);
  if (state === undefined) return;
  spawned.delete(child);
  forgotten.unregister(child);
  handles.getChildren().forget(state.id);
}

/** What the preload does. */
function register() {
  if (process.env.FAST_RESOLVE === '0' || process.env.FAST_RESOLVE_SPAWN === '0') return;
  install();
}

module.exports = {
  forgetGroup,
  install,
  isInstalled,
  killGroup,
  mechanismOf,
  onChange,
  register,
  spawnWith,
  uninstall,
};
