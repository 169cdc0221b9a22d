'use strict';

// What was asked for, from `run` to the end of its promise. Here, and nowhere else, it settles.

const { listenForAbort } = require('../../shared/abort_listener.js');
const { HandedHandle } = require('./handed_handle.js');
const { now } = require('../protocol/clock.js');

const FIRST_ID = 1;
let lastId = FIRST_ID - 1;

class Task {
  id = ++lastId;
  value;
  options;
  /** Where it was given to a worker; null while it waits. */
  assignment = null;
  isSettled = false;
  /** Whether other tasks are rejected with the very error that this one is, which then can't tell where each was called. */
  isErrorShared = false;
  /** How often a worker has begun it. */
  attempts = 0;
  enqueuedAt = now();
  /** The receiver of a stream. */
  stream = undefined;
  /** What comes with it. @type {import('./handed_handle.js').HandedHandle | undefined} */
  handed = undefined;
  #resolve;
  #reject;
  #onSettled;
  #stopListening;

  constructor(value, options, onSettled) {
    this.value = value;
    this.options = options;
    if (options.handle !== undefined) this.handed = new HandedHandle(options.handle);
    this.#onSettled = onSettled;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get priority() {
    return this.options.priority ?? 0;
  }

  resolve(result) {
    this.#settle();
    this.handed?.close();
    this.#resolve(result);
  }

  reject(error) {
    this.#settle();
    // While a worker still runs it, it is the worker's.
    if (this.assignment === null) this.handed?.giveBack();
    this.#reject(error);
  }

  rejectLikeOthers(error) {
    this.isErrorShared = true;
    this.reject(error);
  }

  /** Calls back, once, if the signal aborts before the task has settled. */
  abortWith(signal, callback) {
    this.#stopListening = listenForAbort(signal, () => {
      // What another task's end has led to may have settled this one.
      if (!this.isSettled) callback(this, signal.reason);
    });
  }

  #settle() {
    if (this.isSettled) throw new Error(`Task ${this.id} settles twice`);
    this.isSettled = true;
    this.#stopListening?.();
    this.value = undefined;
    this.#onSettled(this);
  }
}

module.exports = { Task };
