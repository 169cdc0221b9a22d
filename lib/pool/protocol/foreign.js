'use strict';

// Objects whose state only the process knows that made them (Blob, URL, BlockList …). V8's serializer makes plain objects of them, with
// what properties they have, without a word. What is to become of such an object, structuredClone is asked: one of another kind, or a
// refusal, is not what would arrive. It is asked once for each prototype.
//
// Most values hold nothing of the kind, and each has to be looked at. So the first look is a quick one; it may miss that a value is
// plain.

const { types } = require('node:util');

/** Bytes that V8 writes before any value. */
const HEADER_LENGTH = 2;
/** An object without properties, as V8 writes it; that of others is longer. */
const EMPTY = Buffer.from('o{\0', 'latin1');

const ordinary = Object.prototype;
/** Other prototypes of which structuredClone makes plain objects as well. */
const known = new WeakSet();

const BUILT_IN = [
  types.isDate,
  types.isMap,
  types.isSet,
  types.isAnyArrayBuffer,
  ArrayBuffer.isView,
  types.isBoxedPrimitive,
  types.isNativeError,
  types.isProxy,
  types.isRegExp,
];

/** Whether V8 has a form of its own for an object, whatever its class. */
const isBuiltIn = (object) => BUILT_IN.some((isOne) => isOne(object));

/**
 * An object within a value that would not arrive as structuredClone has it; undefined if there is none. What an accessor gives is not
 * looked at.
 * @param {Uint8Array} written The value, as V8 wrote it.
 */
function findForeign(value, written) {
  // Of a module of WebAssembly, V8 writes nothing.
  if (written.length <= HEADER_LENGTH) return value;
  if (!hasEmpty(written) && isPlain(value, written.length)) return undefined;
  let foreign;
  const seen = new Set();
  const left = [];
  addObject(left, value);
  while (left.length > 0) {
    const object = left.pop();
    if (seen.has(object)) continue;
    seen.add(object);
    if (isForeign(object)) {
      foreign = object;
      // It may be for what it holds that it was refused; nothing else matters any more.
      left.length = 0;
    }
    addMembers(left, object);
  }
  return foreign;
}

/** Tells also of what the quick look does not see: a property of an array that is no element. */
const hasEmpty = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength).includes(EMPTY);

/** Whether all of a value is plain, or has a form of its own. */
function isPlain(value, most) {
  try {
    return looksPlain(value, most);
  } catch {
    // A getter gives something only once.
    return false;
  }
}

/**
 * The quick look. It asks getters once more, and does not note what it has seen: where objects are met again and again, it gives up
 * after `most`.
 */
function looksPlain(value, most) {
  const left = [];
  addObject(left, value);
  for (let count = 0; left.length > 0; count++) {
    const object = left.pop();
    const prototype = Object.getPrototypeOf(object);
    if (count > most) return false;
    if (Array.isArray(object)) {
      if (object.length > most) return false;
      for (let index = 0; index < object.length; index++) addObject(left, object[index]);
    } else if (prototype === ordinary || prototype === null) {
      for (const key in object) addObject(left, object[key]);
    } else if (known.has(prototype)) {
      for (const key of Object.keys(object)) addObject(left, object[key]);
    } else if (!types.isDate(object)) {
      if (!isBuiltIn(object)) return false;
      addMembers(left, object);
    }
  }
  return true;
}

function addObject(left, value) {
  if (typeof value === 'object' && value !== null) left.push(value);
}

function addMembers(left, object) {
  if (types.isMap(object)) {
    Map.prototype.forEach.call(object, (value, key) => {
      addObject(left, key);
      addObject(left, value);
    });
  } else if (types.isSet(object)) {
    Set.prototype.forEach.call(object, (value) => addObject(left, value));
  } else if (types.isNativeError(object)) {
    addObject(left, Object.getOwnPropertyDescriptor(object, 'cause')?.value);
  } else if (!isBuiltIn(object)) {
    // A getter was asked already, and is not asked again.
    for (const key of Object.keys(object)) addObject(left, Object.getOwnPropertyDescriptor(object, key).value);
  }
}

function isForeign(object) {
  const prototype = Object.getPrototypeOf(object);
  if (prototype === ordinary || prototype === null || known.has(prototype)) return false;
  if (Array.isArray(object) || isBuiltIn(object)) return false;
  try {
    if (Object.getPrototypeOf(structuredClone(object)) !== ordinary) return true;
  } catch {
    return true;
  }
  known.add(prototype);
  return false;
}

module.exports = { findForeign };
