'use strict';

// Memory for large copies out of the shared one. It belongs to this process alone, and is used again when the garbage
// collector has found that nobody has it any more: most of the time that a large copy takes goes into new pages.
//
// Smaller copies lie in V8's own memory. The C library keeps that for the next one, and V8 finds in a quick collection that
// nobody has it; ours is only told after a complete one.

const { Blocks } = require('./blocks.js');

/** From here on glibc always has the system find new pages: the most that its threshold for it grows to. */
const LARGE_FROM = 32 * 1024 * 1024;
/** Bytes that may be given out; beyond, V8's own memory has to do. */
const MOST_BYTES = 1024 * 1024 * 1024;

class OwnBuffers {
  #native;
  /** Made when it is first needed: most processes never do. */
  #blocks;
  #bytes = 0;
  #registry = new FinalizationRegistry((block) => this.#drop(block));

  constructor(native) {
    this.#native = native;
  }

  /** An ArrayBuffer with anything in it. */
  create(length) {
    const isOwn = length >= LARGE_FROM && this.#bytes + length <= MOST_BYTES;
    const block = isOwn ? this.#allocate(length) : undefined;
    if (block === undefined) return Buffer.allocUnsafeSlow(length).buffer;
    const buffer = this.#blocks.createBuffer(block, length);
    this.#bytes += block.capacity;
    this.#registry.register(buffer, block);
    return buffer;
  }

  #allocate(length) {
    this.#blocks ??= Blocks.create(this.#native);
    return this.#blocks?.allocate(length);
  }

  #drop(block) {
    this.#bytes -= block.capacity;
    this.#blocks.release(block);
  }
}

let shared;

/** One for the process: pools come and go. */
function ownBuffers(native) {
  shared ??= new OwnBuffers(native);
  return shared;
}

module.exports = { ownBuffers };
