'use strict';

// What a command writes, up to a limit.

class Gathered {
  #chunks = [];
  #length = 0;

  /**
   * @param {import('node:stream').Readable} stream Read to its end in any case, so that nobody waits for room in it.
   * @param {number} limit Bytes that are kept.
   * @param {() => void} onFull Called once, if there are more.
   */
  constructor(stream, limit, onFull) {
    let isFull = false;
    stream.on('data', (chunk) => {
      if (isFull) return;
      const room = limit - this.#length;
      isFull = chunk.length > room;
      const kept = isFull ? chunk.subarray(0, room) : chunk;
      this.#chunks.push(kept);
      this.#length += kept.length;
      if (isFull) onFull();
    });
  }

  bytes() {
    return Buffer.concat(this.#chunks, this.#length);
  }
}

module.exports = { Gathered };
