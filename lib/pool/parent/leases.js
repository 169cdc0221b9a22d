'use strict';

// Buffers of the user's that lie in shared memory: `pool.alloc()`. They go to a worker and back without a copy.

class Leases {
  #memory;
  /** By their ArrayBuffer. */
  #leases = new WeakMap();
  /** The ArrayBuffer that the user has, by its block. */
  #buffers = new Map();
  #registry;

  /** @param {import('./shared_memory.js').WorkerMemory | undefined} memory Without it, buffers are ordinary ones. */
  constructor(memory) {
    this.#memory = memory;
    this.#registry = new FinalizationRegistry((lease) => this.#drop(lease));
  }

  alloc(length) {
    const block = length === 0 ? undefined : this.#memory?.allocate(length);
    if (block === undefined) return Buffer.alloc(length);
    const buffer = this.#memory.createBuffer(block, length);
    const lease = { block, length, borrowers: new Set() };
    this.#leases.set(buffer, lease);
    this.#buffers.set(block, new WeakRef(buffer));
    this.#registry.register(buffer, lease, buffer);
    // What was here before is nobody else's business.
    return Buffer.from(buffer, 0, length).fill(0);
  }

  /** The lease that an ArrayBuffer is of. */
  find(buffer) {
    return this.#leases.get(buffer);
  }

  /** The user's ArrayBuffer over a block; undefined if the user has let go of it meanwhile. */
  bufferOf(block) {
    return this.#buffers.get(block)?.deref();
  }

  /** @returns {boolean} Whether that was one of ours. */
  release({ buffer }) {
    const lease = this.#leases.get(buffer);
    if (lease === undefined) return false;
    this.#leases.delete(buffer);
    this.#registry.unregister(buffer);
    this.#memory.detach(buffer);
    this.#drop(lease);
    return true;
  }

  /** Nobody here has it any more; when the workers have let go of it as well, the block is free. */
  #drop({ block, borrowers }) {
    this.#buffers.delete(block);
    for (const borrower of borrowers) borrower.endLease(block);
    this.#memory.release(block);
  }
}

module.exports = { Leases };
