'use strict';

// One task in one worker. A task that is given to another one has another. The worker writes down when it begins and ends it, where both share
// memory: it writes what it likes.

const { now } = require('../protocol/clock.js');
const { SLOTS } = require('../protocol/control_block.js');
const { describeThrown } = require('../protocol/errors.js');
const { KINDS } = require('../protocol/frames.js');

/** Milliseconds without a word from a worker, after which the result of a task that has ended is not waited for. */
const LONGEST_SILENCE = 1000;

const NONE = Object.freeze([]);

class Assignment {
  /** The task has settled (it was cancelled), but the worker has not ended it. */
  isForsaken = false;
  /** Of the time limit, or of what follows an abort. */
  timer = undefined;

  constructor(task, worker, id) {
    this.task = task;
    this.worker = worker;
    this.id = id;
    /** What it holds of the shared memory. */
    this.blocks = NONE;
    this.bytes = 0;
    this.givenAt = now();
  }

  get slot() {
    return this.id % SLOTS;
  }

  /** What both sides write to; undefined without shared memory. */
  get #control() {
    return this.worker.lane.control;
  }

  /** Whether the worker has not ended it, as far as is known. */
  get isCurrent() {
    return this.worker.assignments.find(this.id) === this;
  }

  /** Whether the worker has begun it. Without shared memory, it may have begun whatever it was given. */
  get hasBegun() {
    return this.#control === undefined || this.#control.hasBegun(this.slot, this.id);
  }

  /** Whether the worker has ended it, and only its result was not read yet. */
  get hasEnded() {
    if (this.#control === undefined || !this.hasBegun) return false;
    const end = this.#control.endedAt(this.slot);
    return end >= this.beganAt && end <= now();
  }

  /** The worker has ended it, and its result comes, as long as anything comes. */
  get isOnItsWay() {
    return this.hasEnded && now() - this.worker.lane.heardAt < LONGEST_SILENCE;
  }

  /** Without shared memory it is given when it can begin. */
  get beganAt() {
    const time = this.#control?.beganAt(this.slot);
    return time >= this.givenAt && time <= now() ? time : this.givenAt;
  }

  get endedAt() {
    return this.hasEnded ? this.#control.endedAt(this.slot) : now();
  }

  /** How long it has run: 0 if it has not begun. */
  elapsed(time) {
    return this.hasBegun ? time - this.beganAt : 0;
  }

  /** Takes it back from the worker; false if it has begun, or if that can't be known. */
  revoke() {
    return this.#control?.revoke(this.slot, this.id) ?? false;
  }

  cancel(reason) {
    this.worker.lane.send(KINDS.CANCEL, 0, this.id, describeThrown(reason));
  }

  /** The consumer of its stream has taken so many items. */
  pull(items) {
    this.worker.lane.send(KINDS.PULL, items, this.id, undefined);
  }
}

module.exports = { Assignment, LONGEST_SILENCE };
