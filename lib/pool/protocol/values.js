'use strict';

// Values on the wire, as the body of a frame. With `serialization: 'advanced'` what structured clone carries arrives as
// structured clone would have it (a Buffer stays a Buffer); with 'json', as JSON has it.

const {
  SharingDeserializer,
  SharingSerializer,
  bytesOf,
  constructorIndexOf,
  copyView,
  createForeignError,
  toCloneError,
  toUnreadableError,
} = require('./structured_clone.js');
const { findForeign } = require('./foreign.js');
const { noMemory } = require('./no_shared_memory.js');
const { writePlain } = require('./plain.js');

const CODECS = {
  UNDEFINED: 0,
  LATIN1_JSON: 1,
  UTF8_JSON: 2,
  STRUCTURED: 3,
  SHARED_STRUCTURED: 4,
  SHARED_JSON: 5,
  SHARED_VIEW: 6,
};

/**
 * From here on a payload goes through shared memory, if there is any. Below, the pipe is quicker: `docs/pool.md` has the
 * measurement.
 */
const SHARED_FROM = 64 * 1024;

/**
 * Appends a value to the frame that was begun.
 * @param {import('./frames.js').FrameWriter} writer
 * @param {unknown} value
 * @param {Memory} memory Where large payloads are put: `place(length)` gives a block or undefined, `leaseOf(buffer)` the block
 *   that a buffer lies in.
 * @param {boolean} isJson
 * @throws {DOMException} DataCloneError; then nothing was appended.
 */
function writeValue(writer, value, memory, isJson) {
  if (value === undefined) return;
  const plain = writePlain(value);
  if (plain !== undefined) {
    writer.setCodec(plain.isLatin1 ? CODECS.LATIN1_JSON : CODECS.UTF8_JSON);
    writer.writeText(plain.text, plain.isLatin1);
  } else if (isJson) writeJson(writer, value, memory);
  else if (isLargeView(value) && memory.leaseOf(value.buffer) === undefined) writeView(writer, value, memory);
  else writeStructured(writer, value, memory);
}

function writeJson(writer, value, memory) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw toCloneError(error);
  }
  // Of a function, JSON makes nothing at all.
  if (text === undefined) return;
  const isLarge = text.length >= SHARED_FROM;
  const bytes = isLarge ? Buffer.from(text) : undefined;
  if (isLarge && shareBytes(writer, bytes, memory, CODECS.SHARED_JSON)) return;
  writer.setCodec(CODECS.UTF8_JSON);
  if (isLarge) writer.writeBytes(bytes);
  else writer.writeText(text, false);
}

function writeStructured(writer, value, memory) {
  const serializer = new SharingSerializer(memory, SHARED_FROM);
  serializer.writeHeader();
  serializer.writeValue(value);
  const bytes = serializer.releaseBuffer();
  const foreign = findForeign(value, bytes);
  if (foreign !== undefined) throw createForeignError(foreign);
  if (bytes.length >= SHARED_FROM && shareBytes(writer, bytes, memory, CODECS.SHARED_STRUCTURED)) return;
  writer.setCodec(CODECS.STRUCTURED);
  writer.writeBytes(bytes);
}

/** A DataView throws at the question how long it is, where its buffer was given back. */
const isLargeView = (value) =>
  ArrayBuffer.isView(value) && value.buffer.byteLength >= SHARED_FROM && value.byteLength >= SHARED_FROM;

/** A large typed array by itself, without V8's serializer: to begin with that takes as long as to copy 64 KiB. */
function writeView(writer, view, memory) {
  const index = constructorIndexOf(view);
  if (shareBytes(writer, bytesOf(view), memory, CODECS.SHARED_VIEW)) writer.writeDouble(index);
  // There is no block for it, and it is not asked for another one.
  else writeStructured(writer, view, noMemory);
}

function shareBytes(writer, bytes, memory, codec) {
  const block = memory.place(bytes.length);
  if (block === undefined) return false;
  block.view.set(bytes);
  writer.setCodec(codec);
  // The generation says that it is this payload, and not one that was there before.
  for (const number of [block.offset, block.generation, bytes.length]) writer.writeDouble(number);
  return true;
}

/** The bytes of a payload in shared memory, where they lie. */
const bytesAt = (chunk, start, memory) =>
  memory.bytesAt(chunk.readDoubleLE(start), chunk.readDoubleLE(start + 8), chunk.readDoubleLE(start + 16));

/** The value in the body of a frame. What it holds is its own: the frame may be overwritten afterwards. */
function readValue(frame, memory) {
  const { chunk, start, end, codec } = frame;
  switch (codec) {
    case CODECS.UNDEFINED:
      return undefined;
    case CODECS.LATIN1_JSON:
      return JSON.parse(chunk.latin1Slice(start, end));
    case CODECS.UTF8_JSON:
      return JSON.parse(chunk.utf8Slice(start, end));
    case CODECS.STRUCTURED:
      return readStructured(chunk.subarray(start, end), memory);
    case CODECS.SHARED_STRUCTURED:
      return readStructured(bytesAt(chunk, start, memory), memory);
    case CODECS.SHARED_JSON: {
      const bytes = bytesAt(chunk, start, memory);
      return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).utf8Slice());
    }
    case CODECS.SHARED_VIEW:
      return copyView(chunk.readDoubleLE(start + 24), bytesAt(chunk, start, memory), memory);
    default:
      throw new RangeError(`There is no codec ${codec}`);
  }
}

function readStructured(bytes, memory) {
  const deserializer = new SharingDeserializer(bytes, memory);
  deserializer.readHeader();
  try {
    return deserializer.readValue();
  } catch (error) {
    throw toUnreadableError(error);
  }
}

module.exports = { readValue, writeValue };
