'use strict';

// What one worker holds of the pool's memory: the payloads of its tasks, blocks for its results, and the block in which both
// sides keep count.

/** Bytes that one worker may keep for its results. */
const MOST_GRANTED = 512 * 1024 * 1024;

const NONE = Object.freeze([]);

const isLength = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;

const createPlaceError = (offset, generation) =>
  new RangeError(`The worker has nothing at ${offset}, generation ${generation}, of the shared memory`);

class WorkerMemory {
  #pool;
  #leases;
  /** Blocks that the frame being written refers to. */
  #placed = [];
  /** By offset: what the worker may write results to. */
  #granted = new Map();
  #grantedBytes = 0;
  /** Those of them that the frame being read refers to. */
  #used = [];
  #control;
  /** By offset: buffers of the user's that the worker has. */
  #lent = new Map();
  #own;
  #endLease;

  /** @param {(place: object) => void} endLease Tells the worker that a buffer is not lent to it any more. */
  constructor(pool, leases, own, endLease) {
    this.#pool = pool;
    this.#leases = leases;
    this.#own = own;
    this.#endLease = endLease;
  }

  /** The block for the tasks' states; undefined where there is no memory left. */
  allocateControl(length) {
    this.#control = this.#pool.allocate(length);
    return this.#control;
  }

  place(length) {
    const block = this.#pool.allocate(length);
    if (block !== undefined) this.#placed.push(block);
    return block;
  }

  leaseOf(buffer) {
    const lease = this.#leases.find(buffer);
    if (lease === undefined) return undefined;
    this.#lend(lease);
    const { offset, generation } = lease.block;
    return { offset, generation, length: lease.length };
  }

  /** The worker keeps the user's buffer until it is told to let go of it. */
  #lend({ block, length, borrowers }) {
    if (borrowers.has(this)) return;
    borrowers.add(this);
    this.#pool.hold(block);
    this.#lent.set(block.offset, { block, length, borrowers, isEnded: false });
  }

  /** The user has let go of the buffer. */
  endLease({ offset, generation }) {
    this.#lent.get(offset).isEnded = true;
    this.#endLease({ offset, generation });
  }

  /** The blocks that were placed, which are the caller's from now on. */
  takePlaced() {
    if (this.#placed.length === 0) return NONE;
    const placed = this.#placed;
    this.#placed = [];
    return placed;
  }

  takePlacedBack() {
    this.release(this.takePlaced());
  }

  release(blocks) {
    for (const block of blocks) this.#pool.release(block);
  }

  /** A result, where the worker has put it. */
  bytesAt(offset, generation, length) {
    const block = this.#granted.get(offset);
    const isThere = block?.generation === generation && !this.#used.includes(block);
    // Beyond what was set aside there is nothing to be read.
    if (!isThere || !isLength(length, block.committed)) throw createPlaceError(offset, generation);
    this.#used.push(block);
    return block.view.subarray(0, length);
  }

  /** For a copy of what lies in shared memory. */
  createOwn(length) {
    return this.#own.create(length);
  }

  /** A buffer of the user's comes back; as a copy, where the user has let go of it meanwhile. */
  lease(offset, generation, length) {
    const lent = this.#lent.get(offset);
    if (lent?.block.generation !== generation || lent.length !== length) throw createPlaceError(offset, generation);
    const buffer = this.#leases.bufferOf(lent.block);
    if (buffer !== undefined) return buffer;
    const copy = this.#own.create(length);
    new Uint8Array(copy).set(lent.block.view.subarray(0, length));
    return copy;
  }

  /** The blocks of the results that were read: they may be written to again. */
  takeUsed() {
    if (this.#used.length === 0) return NONE;
    const used = this.#used;
    this.#used = [];
    for (const block of used) block.generation++;
    return used;
  }

  /** A block for results of this length; undefined where there is none to be had. */
  grant(length) {
    if (!isLength(length, Number.MAX_SAFE_INTEGER)) throw new RangeError(`There is no block of ${length} bytes`);
    if (this.#grantedBytes + length > MOST_GRANTED) return undefined;
    const block = this.#pool.allocate(length);
    if (block === undefined) return undefined;
    this.#granted.set(block.offset, block);
    this.#grantedBytes += block.capacity;
    return block;
  }

  /** The worker has no need for a block, or has let go of a buffer. */
  takeBack({ offset, generation }) {
    const lent = this.#lent.get(offset);
    if (lent?.block.generation === generation && lent.isEnded) {
      this.#pool.release(lent.block);
      this.#lent.delete(offset);
      return;
    }
    const block = this.#granted.get(offset);
    if (block?.generation !== generation) throw createPlaceError(offset, generation);
    this.#granted.delete(offset);
    this.#grantedBytes -= block.capacity;
    this.#pool.release(block);
  }

  /** The worker is gone. */
  releaseAll() {
    this.release(this.#granted.values());
    this.#granted.clear();
    for (const { block, borrowers } of this.#lent.values()) {
      borrowers.delete(this);
      this.#pool.release(block);
    }
    this.#lent.clear();
    if (this.#control !== undefined) this.#pool.release(this.#control);
  }
}

module.exports = { WorkerMemory };
