'use strict';

// The parent's end of the lane, and of the memory beside it. What is said is written once a tick. What the worker says is read as it
// comes, or out of the outbox, where the worker is too busy to write it. Whatever runs there can write to the lane: after what can't
// be, nothing can be made out, and nothing more is read.

const { FrameReader, FrameWriter, LANES, readFrames } = require('../protocol/frames.js');
const { now } = require('../protocol/clock.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { writeValue } = require('../protocol/values.js');

/**
 * Bytes at once that are a part of a long frame. Fewer without a whole frame may be anything, taken for the rest of a frame that
 * never comes: of who sends them, nothing is heard.
 */
const PIECE = 4096;
/** Milliseconds for which the pieces of one frame are heard. What brings a few of them now and then would go on for days. */
const LONGEST_FRAME = 60_000;
/** Milliseconds between two pieces that count at the most: the parent may have been busy itself. */
const LONGEST_GAP = 1000;

class ParentLane {
  /** What the worker has of the shared memory. */
  memory = noMemory;
  /** @type {import('../protocol/control_block.js').ControlBlock | undefined} */
  control;
  writer = new FrameWriter();
  /** When the worker was last heard of. */
  heardAt = now();
  #worker;
  /** A pipe for what is said; there is none where there is no process. */
  #tasks;
  #isScheduled = false;
  #flush = () => this.flush();
  #reader = new FrameReader(
    LANES.FROM_WORKER,
    (frame) => {
      this.#framesCome = (this.#framesCome + 1) | 0;
      this.#readFrame(frame, this.#framesCome);
    },
    (frame) => {
      if (this.#isNew(this.#framesCome + 1)) this.#worker.reports.check(frame);
    },
  );
  /** Frames that were read, from wherever, and those that came by the pipe; as 32-bit numbers, which wrap. */
  #framesRead = 0;
  #framesCome = 0;
  /** How long the frame that is arriving has taken. */
  #frameTime = 0;
  #isBroken = false;

  /**
   * @param {object} worker Whose lane it is: `reports` reads what comes, `hear()` is called then, and `breakOff(error)` ends it.
   */
  constructor(worker) {
    this.#worker = worker;
  }

  /** The pipes of the worker's process. */
  connect(tasks, results) {
    this.#tasks = tasks;
    results.on('data', this.#read);
    tasks.on('drain', () => this.#worker.hear());
    tasks.resume();
  }

  /** Whether the worker does not take what was written. */
  get isBlocked() {
    return this.#tasks.writableNeedDrain;
  }

  /** Sends a frame of the pool's own. */
  send(kind, extra, id, value) {
    this.writer.begin(kind, extra, id);
    writeValue(this.writer, value, noMemory, false);
    this.finishFrame();
  }

  /** Sends one that is wanted no sooner than the next: with that, or when the event loop has turned, so that it wakes nobody. */
  sendLater(kind, extra, id, value) {
    this.writer.begin(kind, extra, id);
    writeValue(this.writer, value, noMemory, false);
    this.writer.finish();
    setImmediate(this.#flush).unref();
  }

  finishFrame() {
    this.writer.finish();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#flush);
  }

  flush() {
    this.#isScheduled = false;
    if (this.writer.length > 0 && this.#tasks?.writable) this.writer.flushTo(this.#tasks);
  }

  #read = (chunk) => {
    const before = this.#framesCome;
    try {
      if (!this.#isBroken) this.#reader.push(chunk);
    } catch (error) {
      this.break(error);
    }
    if (this.#framesCome !== before) {
      this.#frameTime = 0;
      this.heardAt = now();
    } else if (chunk.length >= PIECE) this.#hearPiece();
    this.#worker.hear();
  };

  #hearPiece() {
    const time = now();
    this.#frameTime += Math.min(time - this.heardAt, LONGEST_GAP);
    if (this.#frameTime < LONGEST_FRAME) this.heardAt = time;
  }

  /** Reads what the worker has done and not written yet, because it is busy. */
  readOutbox() {
    const outbox = this.control?.readOutbox();
    // Frames before those in the outbox are still on their way: first come, first read.
    if (outbox === undefined || ((outbox.first - this.#framesRead) | 0) > 0) return;
    this.#readFramesOf(outbox);
    this.#worker.hear();
  }

  /** Reads what a worker that has ended did not write any more. */
  readLast() {
    const outbox = this.control?.readOutbox();
    if (outbox !== undefined) this.#readFramesOf(outbox);
  }

  #readFramesOf({ first, bytes }) {
    let number = first;
    const read = (frame) => {
      number = (number + 1) | 0;
      this.#readFrame(frame, number);
    };
    try {
      if (!this.#isBroken) readFrames(bytes, LANES.FROM_WORKER, read);
    } catch (error) {
      this.break(error);
    }
  }

  /** What was found in the outbox comes once more by the pipe. */
  #isNew(number) {
    return ((number - this.#framesRead) | 0) > 0;
  }

  #readFrame(frame, number) {
    if (!this.#isNew(number)) return;
    this.#framesRead = number;
    this.#worker.reports.read(frame);
  }

  /** What came from the worker, here or elsewhere, can't be. */
  break(error) {
    if (this.#isBroken) return;
    this.#isBroken = true;
    this.#worker.breakOff(error);
  }
}

module.exports = { ParentLane };
