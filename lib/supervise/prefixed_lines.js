'use strict';

// What a process prints, with something before each line that tells whose it is.

const { Transform } = require('node:stream');

const NEWLINE = 10;

/** Bytes of a line that does not end, after which a part of it is written as a line of its own: memory has an end, too. */
const LONGEST_LINE = 65_536;

class PrefixedLines extends Transform {
  #prefix;
  /** The beginning of a line whose end has not come. */
  #begun = [];
  #begunLength = 0;

  /** @param {string} prefix */
  constructor(prefix) {
    super();
    this.#prefix = Buffer.from(prefix);
  }

  _transform(chunk, _encoding, callback) {
    const parts = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#finishLine(parts, chunk.subarray(start, end));
      start = end + 1;
    }
    if (start < chunk.length) {
      this.#begun.push(chunk.subarray(start));
      this.#begunLength += chunk.length - start;
    }
    if (this.#begunLength > LONGEST_LINE) this.#finishLine(parts);
    callback(null, Buffer.concat(parts));
  }

  _flush(callback) {
    const parts = [];
    if (this.#begunLength > 0) this.#finishLine(parts);
    callback(null, Buffer.concat(parts));
  }

  #finishLine(parts, end = Buffer.alloc(0)) {
    parts.push(this.#prefix, ...this.#begun, end, Buffer.from([NEWLINE]));
    this.#begun = [];
    this.#begunLength = 0;
  }
}

module.exports = { PrefixedLines };
