'use strict';

// The seam for those who want of a child what Node has no option for: pools and supervisors.

const { constants } = require('node:os');

const { native } = require('../resolve/addon.js');
const { validateOneOfSignals, validateExtras } = require('./arguments.js');
const standIn = require('./shared.js');

const { addon, core, handles } = standIn.getLate();

addon.useNative(native);

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
  if (!core.canTakeExtras()) return callback();
  const { parentDeathSignal } = wanted;
  const child = core.withExtras({ ...wanted, parentDeathSignal: constants.signals[parentDeathSignal] }, callback);
  const state = child?._handle ? handles.getState(child._handle) : undefined;
  if (state !== undefined) {
    spawned.set(child, state);
    if (state.isKept) forgotten.register(child, state.id, child);
  }
  return child;
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

module.exports = { forgetGroup, killGroup, mechanismOf, spawnWith };
