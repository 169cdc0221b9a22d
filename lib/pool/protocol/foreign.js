'use strict';

// Objects whose state only the process knows that made them (Blob, URL, BlockList …). V8's serializer makes `{}` of them without
// a word. What is to become of such an object, structuredClone is asked: one of another kind, or a refusal, is not what would
// arrive.

const { types } = require('node:util');

/** Bytes that V8 writes before any value. */
const HEADER_LENGTH = 2;
/** An object without properties, as V8 writes it; that of others is longer. */
const EMPTY = Buffer.from('o{\0', 'latin1');

const BUILT_IN = [
  types.isAnyArrayBuffer,
  ArrayBuffer.isView,
  types.isBoxedPrimitive,
  types.isDate,
  types.isNativeError,
  types.isProxy,
  types.isRegExp,
];

/**
 * The first object within a value that would arrive as `{}`, and not as structuredClone has it; undefined if there is none.
 * @param {Uint8Array} written The value, as V8 wrote it.
 */
function findForeign(value, written) {
  // Of a module of WebAssembly, V8 writes nothing.
  if (written.length <= HEADER_LENGTH) return value;
  if (!Buffer.from(written.buffer, written.byteOffset, written.byteLength).includes(EMPTY)) return undefined;
  const seen = new Set();
  const left = [value];
  while (left.length > 0) {
    const object = left.pop();
    if (object === null || typeof object !== 'object' || seen.has(object)) continue;
    seen.add(object);
    if (isForeign(object)) return object;
    for (const member of membersOf(object)) left.push(member);
  }
  return undefined;
}

function* membersOf(object) {
  if (BUILT_IN.some((isOne) => isOne(object))) return;
  if (types.isMap(object)) for (const entry of Map.prototype.entries.call(object)) yield* entry;
  if (types.isSet(object)) yield* Set.prototype.values.call(object);
  for (const key of Object.keys(object)) {
    // A getter was asked already, and is not asked again.
    const { value } = Object.getOwnPropertyDescriptor(object, key);
    if (value !== undefined) yield value;
  }
}

function isForeign(object) {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === Object.prototype || prototype === null || Array.isArray(object)) return false;
  if (types.isMap(object) || types.isSet(object) || BUILT_IN.some((isOne) => isOne(object))) return false;
  if (Object.keys(object).length > 0) return false;
  try {
    return Object.getPrototypeOf(structuredClone(object)) !== Object.prototype;
  } catch {
    return true;
  }
}

module.exports = { findForeign };
