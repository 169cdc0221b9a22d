'use strict';

// Shared memory as a worker sees it: the parent says what lies where.

const fs = require('node:fs');
const { DESCRIPTORS } = require('../protocol/channels.js');
const { KINDS } = require('../protocol/frames.js');
const { now } = require('../protocol/clock.js');
const { noMemory } = require('../protocol/no_memory.js');

/** Milliseconds after which a block that no result needed goes back to the parent. */
const IDLE = 5000;

class WorkerMemory {
  #native;
  #memory;
  #lane;
  /** Blocks that the parent granted for results. */
  #granted = [];
  /** Those of them that the frame being written refers to. */
  #placed = [];
  #leases = new WeakMap();
  #lent = [];
  #views = new Map();
  #returning;

  constructor(native, lane) {
    this.#native = native;
    this.#lane = lane;
    this.#memory = native.SharedMemory.open(DESCRIPTORS.MEMORY);
    fs.closeSync(DESCRIPTORS.MEMORY);
  }

  view(offset, length) {
    return this.#memory.view(offset, length);
  }

  /** What the parent has put into a block. */
  bytesAt(offset, _generation, length) {
    return this.#viewOf(offset, length).subarray(0, length);
  }

  #viewOf(offset, length) {
    let view = this.#views.get(offset);
    if (view === undefined || view.length < length) {
      view = this.#memory.view(offset, length);
      this.#views.set(offset, view);
    }
    return view;
  }

  /** A block for so many bytes of a result; where there is none, the parent is asked for the next time. */
  place(length) {
    const index = this.#granted.findIndex((block) => block.capacity >= length);
    if (index === -1) {
      this.#want(length);
      return undefined;
    }
    const [block] = this.#granted.splice(index, 1);
    this.#placed.push(block);
    return { ...block, view: this.#viewOf(block.offset, block.capacity) };
  }

  /** The frame has been sent: its blocks are the parent's. */
  keepPlaced() {
    if (this.#placed.length > 0) this.#placed = [];
  }

  /** The frame was given up. */
  takePlacedBack() {
    this.#granted.push(...this.#placed);
    this.#placed = [];
  }

  #want(length) {
    // The frame of the result has been begun: this one goes after it.
    queueMicrotask(() => {
      this.#lane.send(KINDS.WANT, 0, length, noMemory, true, now());
    });
  }

  grant(block) {
    this.#granted.push(block);
    this.#returning ??= setTimeout(() => this.#giveBack(), IDLE).unref();
    this.#returning.refresh();
  }

  #giveBack() {
    for (const { offset, generation } of this.#granted) {
      this.#lane.send(KINDS.RETURN, 0, { offset, generation }, noMemory, true, now());
    }
    this.#granted = [];
    this.#returning = undefined;
  }

  /** A buffer of the user's, which lies in shared memory on both sides. */
  lease(offset, generation, length) {
    const { buffer } = this.#memory.view(offset, length);
    this.#leases.set(buffer, { offset, generation, length });
    this.#lent.push(buffer);
    return buffer;
  }

  /** The buffers that were lent to the task whose value was just read. */
  takeLent() {
    const lent = this.#lent;
    if (lent.length > 0) this.#lent = [];
    return lent;
  }

  /** The task has ended, and the buffers are the parent's again. */
  endLeases(buffers) {
    for (const buffer of buffers) this.#native.detach(buffer);
  }

  leaseOf(buffer) {
    return this.#leases.get(buffer);
  }
}

module.exports = { WorkerMemory };
