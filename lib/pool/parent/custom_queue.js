'use strict';

// A queue of the user's, which decides what is next. Whatever it does, each task that waits is known here: so none is lost that the
// queue loses, none is run that it gives a second time, and what it throws is told to whoever is hit.

const { createQueueError } = require('./errors.js');

/** In a row, without a task that waits among them; after so many, there is none to be had from it. */
const MOST_STRANGERS = 1000;

class CustomQueue {
  #queue;
  #onError;
  /** Those that it was given and has not given back. */
  #tasks = new Set();
  /** Those that it was to remove: it may do so late, and give each of them once. */
  #removed = new WeakSet();

  /**
   * @param {{ push(task: object): void, unshift?(task: object): void, shift(): object | undefined, remove(task: object): void,
   *   size: number }} queue
   * @param {(error: unknown) => void} onError Told of what hits no task.
   */
  constructor(queue, onError) {
    this.#queue = queue;
    this.#onError = onError;
  }

  get size() {
    return this.#tasks.size;
  }

  push(task) {
    this.#put(task, 'push');
  }

  /** Puts a task back to where it came from, as far as the queue has such a place. */
  unshift(task) {
    this.#put(task, typeof this.#queue.unshift === 'function' ? 'unshift' : 'push');
  }

  #put(task, method) {
    this.#tasks.add(task);
    try {
      this.#queue[method](task);
    } catch (error) {
      if (this.#tasks.delete(task)) task.rejectLikeOthers(error);
    }
  }

  shift() {
    try {
      return this.#shift();
    } catch (error) {
      // Which of them would have been next, nobody can tell.
      this.#rejectAll(error);
      return undefined;
    }
  }

  #shift() {
    for (let strangers = 0; strangers < MOST_STRANGERS; strangers++) {
      const task = this.#queue.shift();
      if (task === undefined || task === null) {
        if (!(this.#queue.size > 0))
          throw createQueueError('has lost it: it is empty, and the task was never given back');
        // It keeps what it has for later.
        return undefined;
      }
      if (this.#tasks.delete(task)) return task;
      if (this.#removed.delete(task)) strangers--;
    }
    throw createQueueError('gives nothing but what does not wait');
  }

  remove(task) {
    if (!this.#tasks.delete(task)) return;
    this.#removed.add(task);
    try {
      this.#queue.remove(task);
    } catch (error) {
      this.#onError(error);
    }
  }

  /** Takes all that wait. */
  takeAll() {
    const tasks = [...this.#tasks];
    for (const task of tasks) this.remove(task);
    return tasks;
  }

  #rejectAll(error) {
    for (const task of [...this.#tasks]) if (this.#tasks.delete(task)) task.rejectLikeOthers(error);
  }
}

module.exports = { CustomQueue };
