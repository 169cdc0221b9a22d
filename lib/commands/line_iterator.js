'use strict';

// The lines of a command's standard output, as an async iterator. The command is started when the first line is asked for,
// and is read only as fast as lines are.

const { createArgumentValueError } = require('../shared/errors.js');
const { LineSplitter } = require('./line_splitter.js');
const { ENDING } = require('./outcome.js');

/** Those in which a line ends with the byte 10. */
const ENCODINGS = ['utf8', 'buffer', 'latin1', 'binary', 'ascii'];

class LineIterator {
  #lines;
  #pool;
  #reader;
  #command = null;
  #pid;
  /** Whether the one who iterates has gone. */
  #isLeft = false;

  /**
   * @param {ReturnType<typeof import('./settings.js').createSettings>} settings
   * @param {{ start: Function, resume: Function, stop: Function }} pool What the pool does for the iterator's command.
   */
  constructor(settings, pool) {
    if (!ENCODINGS.includes(settings.encoding)) {
      const expected = `must be one of ${ENCODINGS.map((name) => `'${name}'`).join(', ')} for lines()`;
      throw createArgumentValueError('options.encoding', settings.encoding, expected);
    }
    if (settings.stdio !== undefined && settings.stdio[1] !== 'pipe') {
      throw createArgumentValueError('options.stdio[1]', settings.stdio[1], "must be 'pipe' for lines()");
    }
    this.#pool = pool;
    this.#reader = new ChunkReader();
    this.#lines = this.#read(settings);
  }

  [Symbol.asyncIterator]() {
    return this;
  }

  get pid() {
    this.#pid ??= this.#command?.pid;
    return this.#pid;
  }

  next() {
    return this.#lines.next();
  }

  /** Ends the command, and is done when it is over. */
  return(value) {
    this.#leave();
    return this.#lines.return(value);
  }

  throw(error) {
    this.#leave();
    return this.#lines.throw(error);
  }

  /** Nobody wants the lines that are still to come. */
  #leave() {
    this.#isLeft = true;
    this.#stop({ cause: undefined, isInput: false });
  }

  #stop(stop) {
    this.#reader.close();
    if (this.#command !== null) this.#pool.stop(this.#command, stop);
  }

  async *#read(settings) {
    const splitter = new LineSplitter(settings.encoding, settings.maxBuffer);
    const over = this.#start();
    let result;
    try {
      for (let chunk = await this.#reader.next(); chunk !== null; chunk = await this.#reader.next()) {
        for (const line of splitter.split(chunk)) yield line;
        this.#pool.resume(this.#command, chunk.length);
        if (splitter.isOverfull) this.#stop({ cause: undefined, isInput: false, ending: ENDING.STDOUT_FULL });
      }
      if (!splitter.isOverfull) for (const line of splitter.end()) yield line;
    } catch (error) {
      this.#leave();
      throw error;
    } finally {
      // Whichever way the iteration ends, the command ends before it.
      result = await over;
    }
    if (result.failed && settings.reject && !this.#isLeft) throw result;
    return result;
  }

  #start() {
    return new Promise((resolve) => {
      this.#command = this.#pool.start(this.#reader, (result) => {
        this.#pid ??= result.pid;
        this.#reader.end();
        resolve(result);
      });
    });
  }
}

/** Hands over chunks from the engine, which gives few before it hears that they were read. */
class ChunkReader {
  #chunks = [];
  #isOver = false;
  #wake = null;

  /** @param {Buffer} chunk */
  take(chunk) {
    if (this.#isOver) return;
    this.#chunks.push(chunk);
    this.#wake?.();
  }

  /** There are no more than there are now. */
  end() {
    this.#isOver = true;
    this.#wake?.();
  }

  /** Nobody wants those that there are. */
  close() {
    this.#chunks.length = 0;
    this.end();
  }

  /** The next one; null at the end. */
  async next() {
    if (this.#chunks.length === 0 && !this.#isOver) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = null;
    }
    return this.#chunks.shift() ?? null;
  }
}

module.exports = { LineIterator };
