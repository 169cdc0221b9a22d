'use strict';

// The tasks that one worker was given and has not ended. Each has a slot, and a number that no other task of this worker has
// while anything may still refer to it.

const { HANDLE_COMMAND } = require('../protocol/channels.js');
const { now } = require('../protocol/clock.js');
const { SLOTS } = require('../protocol/control_block.js');
const { FLAGS, KINDS } = require('../protocol/frames.js');
const { toCloneError } = require('../protocol/structured_clone.js');
const { writeValue } = require('../protocol/values.js');
const { Assignment } = require('./assignment.js');

/** Bytes on their way to a worker, from which on it is given no more than it can run. */
const MOST_BYTES_AHEAD = 4 * 1024 * 1024;

/** So that the number fits into 30 bits, with the slot. */
const COUNT_MASK = 0x3fffff;

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

  /** Whether the worker has begun any of them. */
  get haveBegun() {
    return this.list().some(({ hasBegun }) => hasBegun);
  }

  /** Whether it was ever given a task of this number, as far as the count goes. */
  wasGiven(id) {
    return this.given > COUNT_MASK || Math.floor(id / SLOTS) < this.given;
  }

  /** In the order in which they were given. */
  list() {
    const present = this.#slots.filter((assignment) => assignment !== undefined);
    return present.sort((left, right) => orderOf(left, this.given) - orderOf(right, this.given));
  }
}

/** How many were given since; the count wraps. */
const orderOf = ({ id }, given) => -((given - Math.floor(id / SLOTS)) & COUNT_MASK);

module.exports = { Assignments };
