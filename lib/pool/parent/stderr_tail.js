'use strict';

// The last that a worker had to say: it tells why it ended.

const LONGEST = 16 * 1024;

class StderrTail {
  #chunks = [];
  #length = 0;

  /**
   * @param {import('node:stream').Readable | null} stream
   * @param {boolean} isForwarded Whether what comes goes on to the parent's stderr.
   */
  constructor(stream, isForwarded) {
    stream?.on('data', (chunk) => {
      this.#keep(chunk);
      if (isForwarded) process.stderr.write(chunk);
    });
    stream?.on('error', () => {});
  }

  #keep(chunk) {
    const bytes = Buffer.from(chunk);
    this.#chunks.push(bytes);
    this.#length += bytes.length;
    if (this.#length < 2 * LONGEST) return;
    this.#chunks = [Buffer.concat(this.#chunks).subarray(-LONGEST)];
    this.#length = LONGEST;
  }

  toString() {
    return Buffer.concat(this.#chunks).subarray(-LONGEST).toString();
  }
}

module.exports = { StderrTail };
