'use strict';

// The results of a task that has many, as its consumer takes them. No more than a window of them is ever on its way.

const { addCall } = require('../../shared/call_site.js');
const { STREAM_WINDOW } = require('../protocol/frames.js');

class TaskStream {
  #items = [];
  #waiting = [];
  #ended = undefined;
  #hasLeft = false;
  #taken = 0;
  /** Items that the worker may send without being told again. */
  #credit = STREAM_WINDOW;
  /** Milliseconds for which its worker stood still, and others waited for it. */
  stalledFor = 0;
  #onLeave;
  #task;

  /** @param {(task: object) => void} onLeave The consumer wants no more. */
  constructor(onLeave) {
    this.#onLeave = onLeave;
  }

  /** @param {Error} site Made where it was asked for. */
  attach(task, site) {
    this.#task = task;
    task.promise.then(
      () => this.#end({ value: undefined, done: true }),
      (error) => {
        if (!task.isErrorShared) addCall(error, site);
        this.#end(undefined, error);
      },
    );
  }

  /** An item has come. */
  push(value) {
    if (this.#credit === 0) throw new RangeError('It sends more items than it was asked for');
    this.#credit--;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#items.push(value);
    else {
      waiting.resolve({ value, done: false });
      this.#take();
    }
  }

  #end(result, error) {
    // What becomes of the task is nothing to a consumer who has left.
    if (this.#hasLeft) return;
    this.#ended = { error };
    for (const { resolve, reject } of this.#waiting.splice(0)) {
      if (result === undefined) reject(error);
      else resolve(result);
    }
  }

  /** Whether the worker can't go on before the consumer does. */
  get isStalled() {
    return this.#credit === 0 && this.#ended === undefined;
  }

  /** Tells the worker in halves of the window. */
  #take() {
    this.stalledFor = 0;
    this.#taken++;
    const { assignment } = this.#task;
    if (this.#taken < STREAM_WINDOW / 2 || assignment === null || this.#task.isSettled) return;
    assignment.pull(this.#taken);
    this.#credit += this.#taken;
    this.#taken = 0;
  }

  async next() {
    if (this.#items.length > 0) {
      const value = this.#items.shift();
      this.#take();
      return { value, done: false };
    }
    if (this.#ended !== undefined) {
      const { error } = this.#ended;
      // An error is told once.
      this.#ended = { error: undefined };
      if (error !== undefined) throw error;
      return { value: undefined, done: true };
    }
    return new Promise((resolve, reject) => this.#waiting.push({ resolve, reject }));
  }

  async return(value) {
    this.#items = [];
    this.#end({ value: undefined, done: true });
    this.#hasLeft = true;
    this.#onLeave(this.#task);
    return { value, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}

module.exports = { TaskStream };
