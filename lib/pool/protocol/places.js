'use strict';

// Where a payload lies in shared memory: its block, the generation of the block (which says that it is this payload and not
// one that was there before), and its length.

/** Appends the place of a payload to the frame that was begun. */
function writePlace(writer, { offset, generation }, length) {
  writer.writeDouble(offset);
  writer.writeDouble(generation);
  writer.writeDouble(length);
}

/** The bytes at a place, where they lie. */
function readPlace(chunk, start, memory) {
  const offset = chunk.readDoubleLE(start);
  const generation = chunk.readDoubleLE(start + 8);
  const length = chunk.readDoubleLE(start + 16);
  return memory.bytesAt(offset, generation, length);
}

module.exports = { readPlace, writePlace };
