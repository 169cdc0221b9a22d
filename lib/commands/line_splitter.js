'use strict';

// Makes lines of bytes that come in pieces. Only the bytes of a line that has not ended are kept, and they are put together
// once, at its end.

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;

class LineSplitter {
  #encoding;
  #limit;
  #pieces = [];
  #length = 0;

  /** @param {number} limit How many bytes a line may have. */
  constructor(encoding, limit) {
    this.#encoding = encoding;
    this.#limit = limit;
  }

  /** Whether there is more than may be kept of a line without an end. */
  get isOverfull() {
    return this.#length > this.#limit;
  }

  /**
   * The lines that end in this chunk, without their ends.
   * @param {Buffer} chunk
   */
  split(chunk) {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last === -1) {
      this.#keep(chunk);
      return [];
    }
    const whole = this.#join(chunk.subarray(0, last));
    if (last + 1 < chunk.length) this.#keep(chunk.subarray(last + 1));
    return this.#encoding === 'buffer' ? splitBytes(whole) : splitText(whole.toString(this.#encoding));
  }

  /** The last line, if it has no end. */
  end() {
    if (this.#length === 0) return [];
    const rest = this.#join(Buffer.alloc(0));
    return [this.#encoding === 'buffer' ? rest : rest.toString(this.#encoding)];
  }

  #keep(piece) {
    this.#pieces.push(piece);
    this.#length += piece.length;
  }

  #join(piece) {
    if (this.#length === 0) return piece;
    const whole = Buffer.concat([...this.#pieces, piece], this.#length + piece.length);
    this.#pieces = [];
    this.#length = 0;
    return whole;
  }
}

/** A line may end as on Windows, too. */
function splitText(text) {
  const lines = text.split('\n');
  if (!text.includes('\r')) return lines;
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

function splitBytes(bytes) {
  const lines = [];
  for (let start = 0; start <= bytes.length; ) {
    const found = bytes.indexOf(NEWLINE, start);
    const end = found === -1 ? bytes.length : found;
    lines.push(bytes.subarray(start, end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end));
    start = end + 1;
  }
  return lines;
}

module.exports = { LineSplitter };
