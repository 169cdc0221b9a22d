'use strict';

// What was asked for, from `run` to the end of its promise. Here, and nowhere else, it settles.

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
  /** How often a worker has begun it. */
  attempts = 0;
  enqueuedAt = now();
  /** The worker that it has to go to; see `key`. */
  worker = undefined;
  /** The receiver of a stream. */
  stream = undefined;
  #resolve;
  #reject;
  #onSettled;
  #onAbort;

  constructor(value, options, onSettled) {
    this.value = value;
    this.options = options;
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
    this.#resolve(result);
  }

  reject(error) {
    this.#settle();
    this.#reject(error);
  }

  /** Calls back, once, if the signal aborts before the task has settled. */
  abortWith(signal, callback) {
    this.#onAbort = () => callback(this, signal.reason);
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  #settle() {
    if (this.isSettled) throw new Error(`Task ${this.id} settles twice`);
    this.isSettled = true;
    if (this.#onAbort !== undefined) this.options.signal.removeEventListener('abort', this.#onAbort);
    this.value = undefined;
    this.#onSettled(this);
  }
}

module.exports = { Task };
