'use strict';

// The tasks that one worker was given and has not ended. Each has a slot, and a number that no other task of this worker has
// while anything may still refer to it.

const { HANDLE_COMMAND } = require('../protocol/channels.js');
const { now } = require('../protocol/clock.js');
const { SLOTS } = require('../protocol/control_block.js');
const { describeThrown } = require('../protocol/errors.js');
const { FLAGS, KINDS } = require('../protocol/frames.js');
const { toCloneError } = require('../protocol/structured_clone.js');
const { writeValue } = require('../protocol/values.js');

/** Bytes on their way to a worker, from which on it is given no more than it can run. */
const MOST_BYTES_AHEAD = 4 * 1024 * 1024;

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
  /** Since when it has had none. */
  emptySince = now();
  /** Bytes on their way to it, or with it. */
  #bytes = 0;
  #worker;
  #lane;
  #scheduler;
  #isJson;
  /** What the worker knows functions by. */
  #functions = new Map();
  #slots = new Array(SLOTS).fill(undefined);
  #free = Array.from({ length: SLOTS }, (_, index) => SLOTS - 1 - index);

  /** @param {object} scheduler `handleNotSent(assignment, error)`: a handle does not reach the worker. */
  constructor(worker, scheduler, { filename, name, serialization }) {
    this.#worker = worker;
    this.#lane = worker.lane;
    this.#scheduler = scheduler;
    this.#isJson = serialization === 'json';
    this.#functions.set(`${filename}\0${name}`, 0);
  }

  get hasRoom() {
    return this.size < SLOTS;
  }

  /** Whether it may be given what it can't begin at once: only with shared memory could that be taken back. */
  get canBeAhead() {
    return this.#lane.control !== undefined && this.#bytes < MOST_BYTES_AHEAD;
  }

  /**
   * Gives the worker a task.
   * @throws {DOMException} DataCloneError, if the task's value can't be sent. The worker knows nothing of it.
   */
  give(task) {
    const functionId = this.#functionIdOf(task.options);
    const { memory, writer } = this.#lane;
    const assignment = new Assignment(task, this.#worker, this.nextId);
    const before = writer.length;
    const handleFlag = task.handed === undefined ? 0 : FLAGS.HAS_HANDLE;
    writer.begin(KINDS.TASK, functionId | handleFlag | (task.stream === undefined ? 0 : FLAGS.STREAM), assignment.id);
    try {
      writeValue(writer, task.value, memory, this.#isJson);
    } catch (error) {
      writer.abandon();
      memory.takePlacedBack();
      throw toCloneError(error);
    }
    assignment.blocks = memory.takePlaced();
    assignment.bytes = writer.length - before;
    for (const { capacity } of assignment.blocks) assignment.bytes += capacity;
    this.add(assignment);
    this.#lane.finishFrame();
    if (task.handed !== undefined) this.#sendHandle(assignment);
    return assignment;
  }

  #functionIdOf({ filename, name }) {
    const key = `${filename}\0${name}`;
    let id = this.#functions.get(key);
    if (id === undefined) {
      // All numbers were given out: from the beginning. What was sent is called by what its number meant then.
      if (this.#functions.size > FLAGS.FUNCTION_MASK) this.#functions.clear();
      id = this.#functions.size;
      this.#functions.set(key, id);
      this.#lane.send(KINDS.FUNCTION, 0, id, { filename, name });
    }
    return id;
  }

  #sendHandle(assignment) {
    const { handle, head } = assignment.task.handed;
    const worker = this.#worker;
    const done = (error) => {
      // A worker that has ended has not begun the task; its exit says so.
      if (error && !worker.hasEnded) this.#scheduler.handleNotSent(assignment, error);
    };
    try {
      worker.process.send({ cmd: HANDLE_COMMAND, id: assignment.id, head }, handle, { keepOpen: true }, done);
    } catch (error) {
      process.nextTick(done, error);
    }
  }

  cancel({ id }, reason) {
    this.#lane.send(KINDS.CANCEL, 0, id, describeThrown(reason));
  }

  /** The consumer of a stream has taken so many items. */
  pull({ id }, items) {
    this.#lane.send(KINDS.PULL, items, id, undefined);
  }

  /** The number that the next one will have. */
  get nextId() {
    return (this.given & COUNT_MASK) * SLOTS + this.#free[this.#free.length - 1];
  }

  add(assignment) {
    this.#free.pop();
    this.#slots[assignment.slot] = assignment;
    this.#lane.control?.give(assignment.slot, assignment.id);
    this.size++;
    this.given++;
    this.#bytes += assignment.bytes;
  }

  find(id) {
    const assignment = this.#slots[id % SLOTS];
    return assignment?.id === id ? assignment : undefined;
  }

  /** Nothing of it is needed any more: it has ended, or was taken back before it began. */
  remove(assignment) {
    this.#slots[assignment.slot] = undefined;
    this.#free.push(assignment.slot);
    this.size--;
    this.#bytes -= assignment.bytes;
    clearTimeout(assignment.timer);
    if (assignment.blocks.length > 0) this.#lane.memory.release(assignment.blocks);
    if (this.size === 0) this.emptySince = now();
  }

  /** Takes a task back from the worker; false if it has begun, or if that can't be known. */
  revoke({ slot, id }) {
    return this.#lane.control?.revoke(slot, id) ?? false;
  }

  /** Whether the worker has begun any of them. */
  get haveBegun() {
    return this.list().some((assignment) => this.hasBegun(assignment));
  }

  /** Whether the worker has begun it. Without shared memory, it may have begun whatever it was given. */
  hasBegun({ slot, id }) {
    return this.#lane.control === undefined || this.#lane.control.hasBegun(slot, id);
  }

  /** Whether it was ever given a task of this number, as far as the count goes. */
  wasGiven(id) {
    return this.given > COUNT_MASK || Math.floor(id / SLOTS) < this.given;
  }

  /** Whether the worker has ended it, and only its result was not read yet. */
  hasEnded(assignment) {
    if (this.#lane.control === undefined || !this.hasBegun(assignment)) return false;
    const end = this.#lane.control.endedAt(assignment.slot);
    return end >= this.beganAt(assignment) && end <= now();
  }

  /** How long it has run: 0 if it has not begun. */
  elapsed(assignment, time) {
    return this.hasBegun(assignment) ? time - this.beganAt(assignment) : 0;
  }

  /** Without shared memory it is given when it can begin. The worker writes what it likes. */
  beganAt({ slot, givenAt }) {
    const time = this.#lane.control?.beganAt(slot);
    return time >= givenAt && time <= now() ? time : givenAt;
  }

  endedAt(assignment) {
    return this.hasEnded(assignment) ? this.#lane.control.endedAt(assignment.slot) : now();
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
