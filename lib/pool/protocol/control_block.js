'use strict';

// What parent and worker share of one worker's tasks, in memory that outlives the worker.
//
//   slots     32-bit words: `SLOTS` of them
//   begins    doubles: when the task in each slot began
//   ends      doubles: when it ended
//   outbox    a word for its length, a word for the number of its first frame, and the frames themselves
//
// A task that was given to a worker has a slot. Its word goes from GIVEN to BEGUN, by the worker, just before the task begins;
// or from GIVEN to REVOKED, by the parent. Both do so by compare-and-exchange: one of them has the task, never both. So the
// parent knows of each task of a dead worker whether any of it was run, and may at any time take back what was not.
//
// The outbox holds the frames that the worker has not written to the lane yet. They are not lost when it dies, and don't wait
// when it is busy with the next task. The number of its first frame changes when it is emptied: so the parent knows what it has
// read to be whole, and which of the frames it has seen. (What the system did not take at once is out of the outbox, and lost
// when the worker dies: its tasks then count as not having ended.)

const SLOTS = 256;
const OUTBOX_BYTES = 32 * 1024;

const WORDS_BYTES = SLOTS * 4;
const TIMES_BYTES = SLOTS * 8;
const OUTBOX_STATE = WORDS_BYTES + 2 * TIMES_BYTES;
const OUTBOX_START = OUTBOX_STATE + 16;
const CONTROL_BYTES = OUTBOX_START + OUTBOX_BYTES;

const GIVEN = 1;
const BEGUN = 2;
const REVOKED = 3;

/** The id of the task is part of the word, so that a word for a task that was here before fits no other. */
const wordFor = (id, state) => (id << 2) | state;

class ControlBlock {
  #words;
  #begins;
  #ends;
  /** [bytes in the outbox, number of its first frame] */
  #outboxState;
  #outbox;

  /** @param {Uint8Array} view Of `CONTROL_BYTES`, zeroed by the parent. */
  constructor({ buffer, byteOffset }) {
    this.#words = new Int32Array(buffer, byteOffset, SLOTS);
    this.#begins = new Float64Array(buffer, byteOffset + WORDS_BYTES, SLOTS);
    this.#ends = new Float64Array(buffer, byteOffset + WORDS_BYTES + TIMES_BYTES, SLOTS);
    this.#outboxState = new Int32Array(buffer, byteOffset + OUTBOX_STATE, 2);
    this.#outbox = Buffer.from(buffer, byteOffset + OUTBOX_START, OUTBOX_BYTES);
  }

  // Parent side.

  give(slot, id) {
    Atomics.store(this.#words, slot, wordFor(id, GIVEN));
  }

  /** Takes a task back; false if the worker has begun it. */
  revoke(slot, id) {
    const given = wordFor(id, GIVEN);
    return Atomics.compareExchange(this.#words, slot, given, wordFor(id, REVOKED)) === given;
  }

  /** Whether the worker has the task. What else may stand there, it has written. */
  hasBegun(slot, id) {
    return Atomics.load(this.#words, slot) !== wordFor(id, GIVEN);
  }

  /** When the task in a slot began, by the clock of `now`. */
  beganAt(slot) {
    return this.#begins[slot];
  }

  endedAt(slot) {
    return this.#ends[slot];
  }

  /** The number of the first frame in the outbox; -1 if there is none. */
  get outboxStart() {
    const start = Atomics.load(this.#outboxState, 1);
    return Atomics.load(this.#outboxState, 0) === 0 ? -1 : start;
  }

  /** The frames in the outbox, copied; undefined if there are none, or they are just being written to the lane. */
  readOutbox() {
    const first = Atomics.load(this.#outboxState, 1);
    const length = Atomics.load(this.#outboxState, 0);
    if (length <= 0 || length > OUTBOX_BYTES) return undefined;
    const bytes = Buffer.allocUnsafeSlow(length);
    bytes.set(this.#outbox.subarray(0, length));
    return Atomics.load(this.#outboxState, 1) === first ? { first, bytes } : undefined;
  }

  // Worker side.

  /** Whether the worker has the task, from now on. */
  begin(slot, id, time) {
    this.#begins[slot] = time;
    const given = wordFor(id, GIVEN);
    return Atomics.compareExchange(this.#words, slot, given, wordFor(id, BEGUN)) === given;
  }

  end(slot, time) {
    this.#ends[slot] = time;
  }

  /** Puts a frame into the outbox; false if there is no room. */
  put(frame) {
    const length = this.#outboxState[0];
    if (length + frame.length > OUTBOX_BYTES) return false;
    this.#outbox.set(frame, length);
    Atomics.store(this.#outboxState, 0, length + frame.length);
    return true;
  }

  /** Empties the outbox: so many frames are on their way. */
  emptyOutbox(frames) {
    Atomics.store(this.#outboxState, 0, 0);
    Atomics.add(this.#outboxState, 1, frames);
  }
}

module.exports = { CONTROL_BYTES, ControlBlock, SLOTS };
