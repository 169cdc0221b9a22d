'use strict';

// Shared memory as a worker sees it: the parent says what lies where.

const fs = require('node:fs');
const { DESCRIPTORS } = require('../protocol/channels.js');
const { KINDS } = require('../protocol/frames.js');
const { now } = require('../protocol/clock.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { ownBuffers } = require('../shared_memory/own_buffers.js');

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
  /** The user's buffers, by their offset: as they are here. */
  #lent = new Map();
  #leases = new WeakMap();
  #own;
  #views = new Map();
  #returning;

  constructor(native, lane) {
    this.#native = native;
    this.#own = ownBuffers(native);
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

  /** For a copy of what lies in shared memory. */
  createOwn(length) {
    return this.#own.create(length);
  }

  /**
   * A buffer of the parent's user, which lies in shared memory on both sides. It is the same for all tasks; and empty for a
   * task that was given it before it was given back, and begins afterwards.
   */
  lease(offset, generation, length) {
    const lent = this.#lent.get(offset);
    if (lent?.generation === generation) return lent.buffer;
    if (lent?.generation > generation) return new ArrayBuffer(0);
    const { buffer } = this.#memory.view(offset, length);
    this.#lent.set(offset, { generation, buffer });
    this.#leases.set(buffer, { offset, generation, length });
    return buffer;
  }

  /** The parent's user has given the buffer back. The task that it came with may have been cancelled, or not have begun. */
  endLease({ offset, generation }) {
    const lent = this.#lent.get(offset);
    if (lent?.generation === generation) {
      this.#leases.delete(lent.buffer);
      this.#native.detach(lent.buffer);
    }
    // Of one that is detached, no view can be made.
    this.#lent.set(offset, { generation, buffer: new ArrayBuffer(0) });
    this.#lane.send(KINDS.RETURN, 0, { offset, generation }, noMemory, true, now());
  }

  /** Where a buffer lies that is still lent: of what was given back, the parent has no place any more. */
  leaseOf(buffer) {
    return this.#leases.get(buffer);
  }
}

module.exports = { WorkerMemory };
