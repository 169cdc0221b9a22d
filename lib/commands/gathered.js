'use strict';

// What a command writes, up to a limit.

class Gathered {
  #chunks = [];
  #length = 0;
  #show = null;

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
      this.#show?.(kept);
      if (isFull) onFull();
    });
  }

  /** Calls back with all that was gathered, and what will be, piece by piece. */
  show(callback) {
    this.#show = callback;
    for (const chunk of this.#chunks) callback(chunk);
  }

  bytes() {
    return Buffer.concat(this.#chunks, this.#length);
  }
}

module.exports = { Gathered };
