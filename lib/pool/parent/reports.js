'use strict';

// What a worker says by the lane. Whatever runs there can write to it, so that nothing is taken on trust: what no worker of
// ours says is an error, and the end of that worker.

const { KINDS } = require('../protocol/frames.js');
const { reviveThrown } = require('../protocol/errors.js');
const { noMemory } = require('../protocol/no_memory.js');
const { isCloneError } = require('../protocol/structured_clone.js');
const { readValue } = require('../protocol/values.js');
const { createChannelClosedError } = require('./errors.js');

/** Of what is too large for this process, the sender knows nothing. */
const TOO_LARGE = /allocation failed|longer than|Invalid string length|Maximum call stack/;

class Reports {
  #assignments;
  #memory;
  #receiver;

  /**
   * @param {import('./assignments.js').Assignments} assignments Of the worker.
   * @param {object} memory What it has of the shared memory.
   * @param {object} receiver Who is told: `ready()`, `startFailed(error)`, `died(error)`, `usageTold(usage)`, `grant(block)`,
   *   `taskEnded(assignment, settle)`, `taskProgressed(assignment, value)`, `handleNotSent(assignment, error)`.
   */
  constructor(assignments, memory, receiver) {
    this.#assignments = assignments;
    this.#memory = memory;
    this.#receiver = receiver;
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
        return this.#memory.takeBack(readValue(frame, noMemory));
      default:
        return this.#readOfWorker(frame);
    }
  }

  #readOfWorker(frame) {
    const { kind } = frame;
    if (kind === KINDS.READY) this.#receiver.ready();
    else if (kind === KINDS.PONG) this.#receiver.usageTold(checkUsage(readValue(frame, noMemory)));
    else if (kind === KINDS.START_FAILED) this.#receiver.startFailed(reviveThrown(readValue(frame, noMemory)));
    else this.#receiver.died(reviveThrown(readValue(frame, noMemory)));
  }

  /** The task that a frame is about, which the worker has begun and not ended. */
  #find({ id }, isStream) {
    const assignment = this.#assignments.find(id);
    if (assignment === undefined || !this.#assignments.hasBegun(assignment)) {
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
      this.#receiver.taskEnded(assignment, () => assignment.task.reject(error));
      return;
    }
    this.#receiver.taskEnded(assignment, () => assignment.task.resolve(value));
  }

  #readFailure(frame) {
    const assignment = this.#find(frame);
    const error = reviveThrown(readValue(frame, noMemory));
    this.#receiver.taskEnded(assignment, () => {
      assignment.task.assignment = null;
      assignment.task.reject(error);
    });
  }

  #readEnd(frame) {
    const assignment = this.#find(frame, true);
    this.#receiver.taskEnded(assignment, () => assignment.task.resolve(undefined));
  }

  #readPart(frame) {
    const isItem = frame.kind === KINDS.ITEM;
    const hasEnded = this.#assignments.find(frame.id) === undefined && this.#assignments.wasGiven(frame.id);
    const assignment = hasEnded ? undefined : this.#find(frame, isItem || undefined);
    // It is read in any case, so that the worker gets its blocks back.
    const value = this.#readValue(frame);
    if (assignment === undefined || assignment.isForsaken) return;
    const { task } = assignment;
    if (isItem) task.stream.push(value);
    else this.#receiver.taskProgressed(assignment, value);
  }

  /** When a channel closes, Node forgets handles that it has not sent, and those who wait for them. */
  #loseHandle({ id }) {
    const assignment = this.#assignments.find(id);
    // Parent and worker may both find it out.
    if (assignment === undefined && this.#assignments.wasGiven(id)) return;
    if (assignment?.task.handed === undefined)
      throw new RangeError(`It has lost a handle that it was not sent, of task ${id}`);
    this.#receiver.handleNotSent(assignment, createChannelClosedError());
  }

  #readValue(frame) {
    const memory = this.#memory;
    const value = readValue(frame, memory);
    if (memory !== noMemory) for (const block of memory.takeUsed()) this.#receiver.grant(block);
    return value;
  }

  #grant(length) {
    const block = this.#memory.grant(length);
    if (block !== undefined) this.#receiver.grant(block);
  }
}

function checkUsage({ rss, cpu }) {
  if (!(rss >= 0 && cpu >= 0)) throw new RangeError(`It can't have used ${rss} bytes and ${cpu} ms`);
  return { rss, cpu };
}

module.exports = { Reports };
