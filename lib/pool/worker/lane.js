'use strict';

// The worker's end of the lane. What is sent is written once per tick; until then it lies in the outbox, where the parent
// finds it even if this process dies, or does not come to the next tick. Without shared memory it is written at once.

const { FrameWriter } = require('../protocol/frames.js');
const { toCloneError } = require('../protocol/structured_clone.js');
const { writeValue } = require('../protocol/values.js');

class WorkerLane {
  #socket;
  #writer = new FrameWriter();
  #frames = 0;
  #isScheduled = false;
  /** Whether there is a frame that did not fit into the outbox; those after it have to wait for it. */
  #isOverfull = false;
  #flush = () => {
    this.#isScheduled = false;
    this.flush();
  };
  /** @type {import('../protocol/control_block.js').ControlBlock | undefined} */
  control;
  /** When the first of the frames was sent that are not written yet. */
  since = Number.POSITIVE_INFINITY;

  set socket(socket) {
    this.#socket = socket;
    this.flush();
  }

  /**
   * Sends a value.
   * @throws {DOMException} DataCloneError; then nothing is sent.
   */
  send(kind, id, value, memory, isJson, time) {
    this.#writer.begin(kind, 0, id);
    try {
      writeValue(this.#writer, value, memory, isJson);
    } catch (error) {
      this.#writer.abandon();
      memory.takePlacedBack();
      throw toCloneError(error);
    }
    memory.keepPlaced();
    this.#finish(time);
  }

  /** Sends a frame without a body. */
  signal(kind, id, time) {
    this.#writer.begin(kind, 0, id);
    this.#finish(time);
  }

  #finish(time) {
    const frame = this.#writer.finish();
    this.#frames++;
    if (this.#frames === 1) this.since = time;
    if (!this.#isOverfull) this.#isOverfull = this.control === undefined || !this.control.put(frame);
    if (this.#isOverfull) this.flush();
    else if (!this.#isScheduled) {
      this.#isScheduled = true;
      process.nextTick(this.#flush);
    }
  }

  flush() {
    if (this.#frames === 0 || this.#socket === undefined) return;
    this.#writer.flushTo(this.#socket);
    this.control?.emptyOutbox(this.#frames);
    this.#frames = 0;
    this.#isOverfull = false;
    this.since = Number.POSITIVE_INFINITY;
  }

  /** The bytes that the parent has not taken. */
  get backlog() {
    return this.#writer.length + (this.#socket?.writableLength ?? 0);
  }

  /** Writes what is left, and calls back when the parent's side has it. */
  end(callback) {
    this.flush();
    this.#socket.end(callback);
  }
}

module.exports = { WorkerLane };
