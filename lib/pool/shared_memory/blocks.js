'use strict';

// Blocks of memory that one process gives out, and uses again when nobody holds them who could still look at them. What was
// used before is already there: to have the system find new pages costs far more than to fill them.

/** Bytes of address space; nothing is taken until it is used. Where that is too much, less is tried. */
const LENGTHS = [2 ** 36, 2 ** 33, 2 ** 30];
const SMALLEST = 64 * 1024;
/** Bytes that stay when nobody uses them. */
const MOST_FREE = 256 * 1024 * 1024;
const PAGE = 4096;

/** A piece of the memory; always at the same place, with a generation for each payload. */
class Block {
  generation = 0;
  /** How many hold it: tasks on their way, workers, a buffer of the user's. */
  holders = 0;
  /** Bytes that the system has set aside. */
  committed = 0;
  #memory;
  #view;

  constructor(memory, offset, capacity) {
    this.#memory = memory;
    this.offset = offset;
    this.capacity = capacity;
  }

  get view() {
    this.#view ??= this.#memory.view(this.offset, this.capacity);
    return this.#view;
  }
}

class Blocks {
  #native;
  #memory;
  #end = 0;
  /** Free blocks, by their capacity. */
  #free = new Map();
  #freeBytes = 0;
  #isClosed = false;

  constructor(native, memory) {
    this.#native = native;
    this.#memory = memory;
  }

  /** @returns {Blocks | undefined} Undefined where there is no such memory. */
  static create(native) {
    for (const length of LENGTHS) {
      try {
        const memory = native.SharedMemory.create(length);
        if (isSeen(memory)) return new Blocks(native, memory);
      } catch {
        // Less may be had.
      }
    }
    return undefined;
  }

  get descriptor() {
    return this.#memory.descriptor;
  }

  /** A block of at least this many bytes, with one holder; undefined where there is no more. */
  allocate(length) {
    if (this.#isClosed) return undefined;
    const capacity = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(length)));
    const block = this.#free.get(capacity)?.pop() ?? this.#append(capacity);
    if (block === undefined) return undefined;
    if (block.committed > 0) this.#freeBytes -= block.committed;
    if (!this.#commit(block, length)) {
      this.#keep(block);
      return undefined;
    }
    block.generation++;
    block.holders = 1;
    return block;
  }

  #append(capacity) {
    if (this.#end + capacity > this.#memory.length) return undefined;
    const block = new Block(this.#memory, this.#end, capacity);
    this.#end += capacity;
    return block;
  }

  #commit(block, length) {
    if (length <= block.committed) return true;
    const pages = Math.ceil(length / PAGE) * PAGE;
    try {
      this.#memory.commit(block.offset, pages);
    } catch {
      // There is no memory left; the lane carries this one.
      return false;
    }
    block.committed = pages;
    return true;
  }

  hold(block) {
    block.holders++;
  }

  /** One holder less. */
  release(block) {
    if (block.holders === 0) throw new Error('A block of shared memory is released twice');
    block.holders--;
    if (block.holders === 0) this.#keep(block);
  }

  #keep(block) {
    if (this.#isClosed) return;
    if (this.#freeBytes + block.committed > MOST_FREE) {
      this.#memory.discard(block.offset, block.capacity);
      block.committed = 0;
    }
    this.#freeBytes += block.committed;
    const others = this.#free.get(block.capacity);
    if (others === undefined) this.#free.set(block.capacity, [block]);
    else others.push(block);
  }

  /** An ArrayBuffer of its own over a block. */
  createBuffer(block, length) {
    return this.#memory.view(block.offset, length).buffer;
  }

  detach(buffer) {
    this.#native.detach(buffer);
  }

  /** No more is given out. What JavaScript still holds stays mapped. */
  close() {
    for (const blocks of this.#free.values()) {
      for (const block of blocks) if (block.committed > 0) this.#memory.discard(block.offset, block.capacity);
    }
    this.#isClosed = true;
    this.#memory.close();
  }
}

/** Whether two views are of the same bytes: a runtime that forbids foreign memory makes copies. */
function isSeen(memory) {
  const [one, other] = [memory.view(0, 1), memory.view(0, 1)];
  one[0] = 1;
  const isSame = other[0] === 1;
  one[0] = 0;
  return isSame;
}

module.exports = { Blocks };
