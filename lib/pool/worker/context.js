'use strict';

// What a task can know of itself: the second argument of its function, and `worker` of `fast-resolve/pool`.

const { KINDS } = require('../protocol/frames.js');
const { now } = require('../protocol/clock.js');

/** Bytes that the parent has not taken; beyond, `emit` says so. */
const MOST_BACKLOG = 1024 * 1024;

class TaskContext {
  #runner;
  #id;
  #controller;
  #reason;
  #isAborted = false;

  constructor(runner, id) {
    this.#runner = runner;
    this.#id = id;
  }

  /** Aborted when the task is cancelled, has run out of time, or its consumer has left. */
  get signal() {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#isAborted) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /**
   * Tells the parent's `onProgress`; false if the parent is behind. A function of its own, which may be taken apart.
   * @returns {(value: unknown) => boolean}
   */
  get emit() {
    const { lane, memory, isJson } = this.#runner;
    return (value) => {
      lane.send(KINDS.PROGRESS, this.#id, value, memory, isJson, now());
      return lane.backlog < MOST_BACKLOG;
    };
  }

  /** Called by the runner. */
  static abort(context, reason) {
    context.#isAborted = true;
    context.#reason = reason;
    context.#controller?.abort(reason);
  }
}

module.exports = { TaskContext };
