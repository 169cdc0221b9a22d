'use strict';

// What a worker says by the lane. Whatever runs there can write to it, so that nothing is taken on trust: what no worker of
// ours says is an error, and the end of that worker.

const { KINDS } = require('../protocol/frames.js');
const { reviveThrown } = require('../protocol/errors.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { isCloneError } = require('../protocol/structured_clone.js');
const { readValue } = require('../protocol/values.js');
const { callUser } = require('../../shared/call_user.js');
const { createChannelClosedError } = require('./errors.js');

/** Of what is too large for this process, the sender knows nothing. */
const TOO_LARGE = /allocation failed|longer than|Invalid string length|Maximum call stack/;

class Reports {
  #worker;
  #scheduler;
  #assignments;

  /** @param {object} scheduler Told what becomes of tasks. */
  constructor(worker, scheduler) {
    this.#worker = worker;
    this.#scheduler = scheduler;
    this.#assignments = worker.assignments;
  }

  /** @throws What was said can't be. */
  read(frame) {
    switch (frame.kind) {
      case KINDS.RESULT:
        return this.#readResult(frame);
      case KINDS.FAILURE:
        return this.#readFailure(frame);
      case KINDS.END:
        return this.#readEnd(frame);
      case KINDS.ITEM:
      case KINDS.PROGRESS:
        return this.#readPart(frame);
      case KINDS.NO_HANDLE:
        return this.#loseHandle(frame);
      case KINDS.WANT:
        return this.#grant(readValue(frame, noMemory));
      case KINDS.RETURN:
        return this.#worker.lane.memory.takeBack(readValue(frame, noMemory));
      default:
        return this.#readOfWorker(frame);
    }
  }

  /**
   * Looks at a frame of which only the beginning is there: nobody waits for the rest of what can't be.
   * @throws It is about no task that the worker could tell of.
   */
  check(frame) {
    const { kind } = frame;
    if (kind === KINDS.RESULT) this.#find(frame, false);
    else if (kind === KINDS.FAILURE) this.#find(frame);
    else if (kind === KINDS.ITEM || kind === KINDS.PROGRESS) this.#findOfPart(frame);
  }

  #readOfWorker(frame) {
    const { kind } = frame;
    const worker = this.#worker;
    if (kind === KINDS.READY) worker.becomeReady();
    else if (kind === KINDS.PONG) worker.reported = checkUsage(readValue(frame, noMemory));
    else if (kind === KINDS.START_FAILED) worker.startError = { error: reviveThrown(readValue(frame, noMemory)) };
    else worker.fatalError = { error: reviveThrown(readValue(frame, noMemory)) };
  }

  /** The task that a frame is about, which the worker has begun and not ended. */
  #find({ id }, isStream) {
    const assignment = this.#assignments.find(id);
    if (!assignment?.hasBegun) {
      throw new RangeError(`It has no task ${id} that it could tell of`);
    }
    if (isStream !== undefined && (assignment.task.stream !== undefined) !== isStream) {
      throw new RangeError(`What it told of task ${id} is not what was asked for`);
    }
    return assignment;
  }

  #readResult(frame) {
    const assignment = this.#find(frame, false);
    let value;
    try {
      value = this.#readValue(frame);
    } catch (error) {
      if (!TOO_LARGE.test(error?.message) && !isCloneError(error)) throw error;
      if (this.#scheduler.end(assignment)) assignment.task.reject(error);
      return;
    }
    if (this.#scheduler.end(assignment)) assignment.task.resolve(value);
  }

  #readFailure(frame) {
    const assignment = this.#find(frame);
    const { task } = assignment;
    const error = reviveThrown(readValue(frame, noMemory));
    if (!this.#scheduler.end(assignment)) return;
    task.assignment = null;
    task.reject(error);
  }

  #readEnd(frame) {
    const assignment = this.#find(frame, true);
    if (this.#scheduler.end(assignment)) assignment.task.resolve(undefined);
  }

  /** Undefined where that has ended. */
  #findOfPart(frame) {
    const hasEnded = this.#assignments.find(frame.id) === undefined && this.#assignments.wasGiven(frame.id);
    return hasEnded ? undefined : this.#find(frame, frame.kind === KINDS.ITEM || undefined);
  }

  #readPart(frame) {
    const assignment = this.#findOfPart(frame);
    // It is read in any case, so that the worker gets its blocks back.
    const value = this.#readValue(frame);
    if (assignment === undefined || assignment.isForsaken) return;
    const { stream, options } = assignment.task;
    if (frame.kind === KINDS.ITEM) {
      stream.push(value);
      return;
    }
    this.#worker.prove();
    if (options.onProgress !== undefined) callUser(() => options.onProgress(value));
  }

  /** When a channel closes, Node forgets handles that it has not sent, and those who wait for them. */
  #loseHandle({ id }) {
    const assignment = this.#assignments.find(id);
    // Parent and worker may both find it out.
    if (assignment === undefined && this.#assignments.wasGiven(id)) return;
    if (assignment?.task.handed === undefined)
      throw new RangeError(`It has lost a handle that it was not sent, of task ${id}`);
    this.#scheduler.handleNotSent(assignment, createChannelClosedError());
  }

  #readValue(frame) {
    const { memory } = this.#worker.lane;
    const value = readValue(frame, memory);
    if (memory !== noMemory) for (const block of memory.takeUsed()) this.#tellOf(block);
    return value;
  }

  #grant(length) {
    const block = this.#worker.lane.memory.grant(length);
    if (block !== undefined) this.#tellOf(block);
  }

  /** The worker may write to it. */
  #tellOf({ offset, generation, capacity, committed }) {
    // Beyond what was set aside there may be no memory to write to.
    const granted = { offset, generation, capacity: Math.min(capacity, committed) };
    this.#worker.lane.sendLater(KINDS.GRANT, 0, 0, granted);
  }
}

function checkUsage({ rss, cpu }) {
  if (!(rss >= 0 && cpu >= 0)) throw new RangeError(`It can't have used ${rss} bytes and ${cpu} ms`);
  return { rss, cpu };
}

module.exports = { Reports };
