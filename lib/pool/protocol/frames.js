'use strict';

// The lane between parent and worker: two pipes that carry frames, one each way, many to a write.
//
//   length u32 | kind u8 | codec u8 | extra u16 | id u32 | body
//
// `length` counts all of it. Numbers are little-endian. `id` is that of the task, or of whatever the kind is about.
//
// What runs in a worker can write to its lane, too. So a header is looked at as soon as it is there, and nobody waits for a
// frame that can't be.

const HEADER = 12;

const KINDS = {
  // To the worker.
  INIT: 1,
  TASK: 2,
  CANCEL: 3,
  FUNCTION: 4,
  PULL: 5,
  PING: 6,
  CLOSE: 7,
  GRANT: 8,
  END_LEASE: 9,
  // From the worker.
  READY: 16,
  START_FAILED: 17,
  RESULT: 18,
  FAILURE: 19,
  PROGRESS: 20,
  ITEM: 21,
  END: 22,
  PONG: 23,
  WANT: 24,
  RETURN: 25,
  FATAL: 26,
  NO_HANDLE: 27,
};

/** The `extra` of a task: which function it calls, and what it comes with. */
const FLAGS = { FUNCTION_MASK: 0x0fff, HAS_HANDLE: 0x1000, STREAM: 0x2000 };

/** Items of a stream that may be on their way. */
const STREAM_WINDOW = 16;

/** Bytes of a frame. What needs more is refused where it is written. */
const LONGEST = 2 ** 31 - 1;
/** Bytes of a frame that says a few numbers. */
const SHORT = 1024;
const MOST_CODEC = 6;

/** For each kind that may come one way, the length of the longest; 0 for others. */
const lengthsOf = (lengths) => Uint32Array.from({ length: 256 }, (_, kind) => lengths.get(kind) ?? 0);

/** What may come by a lane, either way. */
const LANES = {
  TO_WORKER: {
    lengths: lengthsOf(
      new Map([
        ...[KINDS.INIT, KINDS.TASK, KINDS.CANCEL, KINDS.FUNCTION].map((kind) => [kind, LONGEST]),
        ...[KINDS.GRANT, KINDS.END_LEASE].map((kind) => [kind, SHORT]),
        ...[KINDS.PULL, KINDS.PING, KINDS.CLOSE].map((kind) => [kind, HEADER]),
      ]),
    ),
    mostExtra: 0xffff,
  },
  FROM_WORKER: {
    lengths: lengthsOf(
      new Map([
        ...[KINDS.RESULT, KINDS.FAILURE, KINDS.PROGRESS, KINDS.ITEM].map((kind) => [kind, LONGEST]),
        ...[KINDS.START_FAILED, KINDS.FATAL].map((kind) => [kind, LONGEST]),
        ...[KINDS.PONG, KINDS.WANT, KINDS.RETURN].map((kind) => [kind, SHORT]),
        ...[KINDS.READY, KINDS.END, KINDS.NO_HANDLE].map((kind) => [kind, HEADER]),
      ]),
    ),
    mostExtra: 0,
  },
};

const FIRST_SIZE = 16 * 1024;
const LARGEST_KEPT = 1024 * 1024;

/** Gathers frames until they are written, all at once. */
class FrameWriter {
  #buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
  #end = 0;
  #start = 0;

  /** The bytes gathered. */
  get length() {
    return this.#end;
  }

  /** Begins a frame. */
  begin(kind, extra, id) {
    this.#start = this.#end;
    this.reserve(HEADER);
    const buffer = this.#buffer;
    let at = this.#end;
    buffer[at + 4] = kind;
    buffer[at + 5] = 0;
    buffer[at + 6] = extra & 255;
    buffer[at + 7] = extra >> 8;
    at += 8;
    buffer[at] = id & 255;
    buffer[at + 1] = (id >>> 8) & 255;
    buffer[at + 2] = (id >>> 16) & 255;
    buffer[at + 3] = id >>> 24;
    this.#end = at + 4;
  }

  /** What the body is written in. */
  setCodec(codec) {
    this.#buffer[this.#start + 5] = codec;
  }

  /** Appends text to the body; `isLatin1` where no character needs more than a byte. */
  writeText(text, isLatin1) {
    this.reserve(isLatin1 ? text.length : text.length * 3);
    this.#end += isLatin1 ? this.#buffer.latin1Write(text, this.#end) : this.#buffer.utf8Write(text, this.#end);
  }

  /** Appends a number to the body. */
  writeDouble(value) {
    this.reserve(8);
    this.#buffer.writeDoubleLE(value, this.#end);
    this.#end += 8;
  }

  /** Appends bytes to the body. */
  writeBytes(bytes) {
    this.reserve(bytes.length);
    this.#buffer.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Ends the frame; its bytes, which are good until the next one begins. */
  finish() {
    this.#buffer.writeUInt32LE(this.#end - this.#start, this.#start);
    return this.#buffer.subarray(this.#start, this.#end);
  }

  /** Drops the frame that was begun: its body could not be written. */
  abandon() {
    this.#end = this.#start;
  }

  /** Writes all that was gathered, at once. */
  flushTo(stream) {
    stream.write(this.#buffer.subarray(0, this.#end));
    // What the system did not take at once, the stream holds on to.
    if (stream.writableLength > 0 || this.#buffer.length > LARGEST_KEPT)
      this.#buffer = Buffer.allocUnsafeSlow(FIRST_SIZE);
    this.#end = 0;
  }

  /** Makes room for so many bytes more. */
  reserve(bytes) {
    const needed = this.#end + bytes;
    if (needed - this.#start > LONGEST) throw new RangeError(`A frame has at most ${LONGEST} bytes`);
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, 2 * this.#buffer.length));
    larger.set(this.#buffer.subarray(0, this.#end));
    this.#buffer = larger;
  }
}

/** Cuts what arrives into frames. */
class FrameReader {
  #lane;
  #onFrame;
  #onBeginning;
  /** The pieces of a frame that has not arrived whole. */
  #pieces = [];
  #length = 0;
  #wanted = 0;

  /**
   * @param {typeof LANES.TO_WORKER} lane
   * @param {(frame: Frame) => void} onFrame Called with one and the same object each time.
   * @param {(frame: Frame) => void} [onBeginning] Called with it for a frame that has not arrived whole, once: there is no body.
   */
  constructor(lane, onFrame, onBeginning) {
    this.#lane = lane;
    this.#onFrame = onFrame;
    this.#onBeginning = onBeginning;
  }

  /** @throws {RangeError} What comes is no frame of this lane; nothing can be read after it. */
  push(chunk) {
    if (this.#length === 0) {
      this.#keep(chunk, readFrames(chunk, this.#lane, this.#onFrame, this.#onBeginning));
      return;
    }
    this.#pieces.push(chunk);
    this.#length += chunk.length;
    if (this.#length < this.#wanted) return;
    const joined = this.#pieces.length === 1 ? this.#pieces[0] : Buffer.concat(this.#pieces, this.#length);
    this.#pieces = [];
    this.#length = 0;
    this.#keep(joined, readFrames(joined, this.#lane, this.#onFrame, this.#onBeginning));
  }

  #keep(chunk, start) {
    const left = chunk.length - start;
    if (left === 0) return;
    this.#pieces.push(start === 0 ? chunk : chunk.subarray(start));
    this.#length = left;
    this.#wanted = left < HEADER ? HEADER : chunk.readUInt32LE(start);
  }
}

/** One frame where it lies; `body` is good only for as long as it is being looked at. */
class Frame {
  chunk = null;
  kind = 0;
  codec = 0;
  extra = 0;
  id = 0;
  start = 0;
  end = 0;

  /** The body, as a view. */
  get body() {
    return this.chunk.subarray(this.start, this.end);
  }
}

const frame = new Frame();

/**
 * Reads the whole frames; where the rest begins.
 * @throws {RangeError} There is none of this lane.
 */
function readFrames(chunk, { lengths, mostExtra }, onFrame, onBeginning) {
  const { length } = chunk;
  let at = 0;
  while (length - at >= HEADER) {
    const size = chunk.readUInt32LE(at);
    const kind = chunk[at + 4];
    const codec = chunk[at + 5];
    const extra = chunk[at + 6] | (chunk[at + 7] << 8);
    if (size < HEADER || size > lengths[kind] || codec > MOST_CODEC || extra > mostExtra) {
      throw new RangeError(`There is no frame of ${size} bytes, kind ${kind}, codec ${codec}, extra ${extra}`);
    }
    const isWhole = size <= length - at;
    if (!isWhole && onBeginning === undefined) break;
    frame.chunk = chunk;
    frame.kind = kind;
    frame.codec = codec;
    frame.extra = extra;
    frame.id = (chunk[at + 8] | (chunk[at + 9] << 8) | (chunk[at + 10] << 16) | (chunk[at + 11] << 24)) >>> 0;
    frame.start = at + HEADER;
    frame.end = at + size;
    if (!isWhole) {
      onBeginning(frame);
      break;
    }
    at += size;
    onFrame(frame);
  }
  frame.chunk = null;
  return at;
}

module.exports = { FLAGS, FrameReader, FrameWriter, HEADER, KINDS, LANES, STREAM_WINDOW, readFrames };
