'use strict';

// The tasks that one worker was given and has not ended. Each has a slot, and a number that no other task of this worker has
// while anything may still refer to it.

const { now } = require('../protocol/clock.js');
const { SLOTS } = require('../protocol/control_block.js');

/** So that the number fits into 30 bits, with the slot. */
const COUNT_MASK = 0x3fffff;

const NONE = Object.freeze([]);

/** One task in one worker. A task that is given to another one has another. */
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
}

class Assignments {
  /** Tasks that the worker has not ended. */
  size = 0;
  /** Tasks that it was ever given. */
  given = 0;
  /** Bytes on their way to it, or with it. */
  bytes = 0;
  /** @type {import('../protocol/control_block.js').ControlBlock | undefined} */
  control;
  #slots = new Array(SLOTS).fill(undefined);
  #free = Array.from({ length: SLOTS }, (_, index) => SLOTS - 1 - index);

  get hasRoom() {
    return this.size < SLOTS;
  }

  /** The number that the next one will have. */
  get nextId() {
    return (this.given & COUNT_MASK) * SLOTS + this.#free[this.#free.length - 1];
  }

  add(assignment) {
    this.#free.pop();
    this.#slots[assignment.slot] = assignment;
    this.control?.give(assignment.slot, assignment.id);
    this.size++;
    this.given++;
    this.bytes += assignment.bytes;
  }

  find(id) {
    const assignment = this.#slots[id % SLOTS];
    return assignment?.id === id ? assignment : undefined;
  }

  remove(assignment) {
    this.#slots[assignment.slot] = undefined;
    this.#free.push(assignment.slot);
    this.size--;
    this.bytes -= assignment.bytes;
    clearTimeout(assignment.timer);
  }

  /** Takes a task back from the worker; false if it has begun, or if that can't be known. */
  revoke({ slot, id }) {
    return this.control?.revoke(slot, id) ?? false;
  }

  /** Whether the worker has begun it. Without shared memory, it may have begun whatever it was given. */
  hasBegun({ slot, id }) {
    return this.control === undefined || this.control.hasBegun(slot, id);
  }

  /** Whether it was ever given a task of this number, as far as the count goes. */
  wasGiven(id) {
    return this.given > COUNT_MASK || Math.floor(id / SLOTS) < this.given;
  }

  /** Whether the worker has ended it, and only its result was not read yet. */
  hasEnded(assignment) {
    if (this.control === undefined || !this.hasBegun(assignment)) return false;
    const end = this.control.endedAt(assignment.slot);
    return end >= this.beganAt(assignment) && end <= now();
  }

  /** How long it has run: 0 if it has not begun. */
  elapsed(assignment, time) {
    return this.hasBegun(assignment) ? time - this.beganAt(assignment) : 0;
  }

  /** Without shared memory it is given when it can begin. The worker writes what it likes. */
  beganAt({ slot, givenAt }) {
    const time = this.control?.beganAt(slot);
    return time >= givenAt && time <= now() ? time : givenAt;
  }

  endedAt(assignment) {
    return this.hasEnded(assignment) ? this.control.endedAt(assignment.slot) : now();
  }

  /** In the order in which they were given. */
  list() {
    const present = this.#slots.filter((assignment) => assignment !== undefined);
    return present.sort((left, right) => orderOf(left, this.given) - orderOf(right, this.given));
  }
}

/** How many were given since; the count wraps. */
const orderOf = ({ id }, given) => -((given - Math.floor(id / SLOTS)) & COUNT_MASK);

module.exports = { Assignment, Assignments };
