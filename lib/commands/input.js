'use strict';

// The option `input`: bytes that are written as a whole, or a stream that is read as fast as the command reads.

const { Readable, finished } = require('node:stream');

const { createArgumentTypeError } = require('../shared/errors.js');

const EXPECTED = 'of type string or an instance of Buffer, TypedArray, DataView, Readable or ReadableStream';

/**
 * The option as bytes or as a stream.
 * @returns {Uint8Array | import('node:stream').Readable}
 */
function validateInput(value, name) {
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof ReadableStream) return Readable.fromWeb(value);
  if (typeof value === 'object' && typeof value?.on === 'function' && typeof value.read === 'function') return value;
  throw createArgumentTypeError(name, EXPECTED, value);
}

function isStream(input) {
  return input !== undefined && !(input instanceof Uint8Array);
}

/** A stream on its way into a command. It is listened to while the command waits, since it may fail before. */
class StreamInput {
  #stream;
  #context;
  #fail;
  /** The running command's end of it: `write(bytes)`, which tells whether to go on, and `end()`. */
  #sink = null;
  #hasEnded = false;
  #isOver = false;
  #forget;

  /**
   * @param {import('node:stream').Readable} stream
   * @param {import('node:async_hooks').AsyncResource} context In which the stream is read and ended.
   * @param {(error: Error) => void} fail Called at most once, if the stream fails before its end.
   */
  constructor(stream, context, fail) {
    this.#stream = stream;
    this.#context = context;
    this.#fail = fail;
    this.#forget = finished(stream, { writable: false }, (error) => this.#finish(error));
  }

  /** The command runs. */
  connect(sink) {
    if (this.#isOver) return;
    this.#sink = sink;
    if (this.#hasEnded) {
      sink.end();
      return;
    }
    this.#context.runInAsyncScope(() => this.#stream.on('data', this.#onData));
  }

  /** The command has read what it was given. */
  drain() {
    if (!this.#isOver) this.#context.runInAsyncScope(() => this.#stream.resume());
  }

  /** The command reads no more, or is over. Nobody else knows of the stream, so that it has to be ended here. */
  disconnect() {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#forget();
    this.#context.runInAsyncScope(() => this.#leave());
  }

  #leave() {
    this.#stream.off('data', this.#onData);
    if (this.#stream === process.stdin) this.#stream.pause();
    else if (!this.#hasEnded) {
      // What it may say about being cut off concerns nobody: the command's end says more.
      this.#stream.on('error', () => {});
      this.#stream.destroy();
    }
  }

  #onData = (chunk) => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk, this.#stream.readableEncoding ?? 'utf8') : chunk;
    if (!(bytes instanceof Uint8Array)) {
      this.#finish(createArgumentTypeError('chunk', 'of type string or an instance of Buffer or Uint8Array', chunk));
      return;
    }
    if (!this.#sink.write(bytes)) this.#stream.pause();
  };

  #finish(error) {
    if (this.#isOver || this.#hasEnded) return;
    if (error) {
      this.disconnect();
      this.#fail(error);
      return;
    }
    this.#hasEnded = true;
    this.#sink?.end();
  }
}

module.exports = { StreamInput, isStream, validateInput };
