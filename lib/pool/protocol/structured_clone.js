'use strict';

// V8's structured clone, as `v8.serialize` has it, with two differences: large typed arrays go to shared memory in one copy
// and leave only their place behind, and what can't be cloned is told as structuredClone tells it.

const { Deserializer, Serializer } = require('node:v8');

const CONSTRUCTORS = [
  Buffer,
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
  ...(typeof Float16Array === 'undefined' ? [] : [globalThis.Float16Array]),
];
const CONSTRUCTOR_INDEXES = new Map(CONSTRUCTORS.map(({ name }, index) => [name, index]));
const nameOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;

/** What V8 says of bytes that are not what it writes. */
const UNREADABLE = 'Unable to deserialize cloned data.';

/** Where the bytes of a view are. */
const INLINE = 0;
const SHARED = 1;
const LEASED = 2;

function constructorIndexOf(view) {
  if (Buffer.isBuffer(view)) return 0;
  // A class that someone derived from a typed array arrives as that typed array.
  const index = CONSTRUCTOR_INDEXES.get(nameOf.call(view) ?? 'DataView');
  if (index === undefined) throw createForeignError(view);
  return index;
}

/** Called by Node with and without `new`. */
function DataCloneError(message) {
  return new DOMException(message, 'DataCloneError');
}

/** Of what can be cloned only within a process, or not at all. */
const createForeignError = (value) =>
  new DataCloneError(`${nameClass(value)} could not be cloned into another process.`);

/** As V8 names an object in its own errors. */
function nameClass(value) {
  let name;
  try {
    ({ name } = value.constructor);
  } catch {
    // A getter of its own, or no constructor: it is an object in any case.
  }
  return `#<${typeof name === 'string' && name !== '' ? name : 'Object'}>`;
}

/**
 * What a value could not be read for. Of a module of WebAssembly, V8 writes nothing and says nothing, so that what is written of
 * the object around it is short of a value.
 */
function toUnreadableError(error) {
  if (error?.message !== UNREADABLE) return error;
  return new DOMException('It holds what could not be cloned into another process, as a WebAssembly.Module.', {
    name: 'DataCloneError',
    cause: error,
  });
}

const isCloneError = (error) => error instanceof DOMException && error.name === 'DataCloneError';

/** What else went wrong while a value was written (a getter that throws, a BigInt in JSON). */
function toCloneError(error) {
  if (isCloneError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DOMException(message, { name: 'DataCloneError', cause: error });
}

class SharingSerializer extends Serializer {
  #memory;
  #sharedFrom;

  constructor(memory, sharedFrom) {
    super();
    this.#memory = memory;
    this.#sharedFrom = sharedFrom;
    this._setTreatArrayBufferViewsAsHostObjects(true);
  }

  _writeHostObject(view) {
    if (!ArrayBuffer.isView(view)) throw createForeignError(view);
    const index = constructorIndexOf(view);
    const { buffer } = view;
    if (buffer.byteLength === 0) {
      // Of a buffer that was given back, there is nothing to be looked at; a DataView throws at the question how long it is.
      this.#writeKind(index, INLINE, 0);
      return;
    }
    const { byteOffset, byteLength } = view;
    const lease = this.#memory.leaseOf(buffer);
    if (lease !== undefined) this.#writeLease(index, lease, byteOffset, byteLength);
    else if (byteLength < this.#sharedFrom || !this.#share(index, view)) {
      this.#writeKind(index, INLINE, byteLength);
      this.writeRawBytes(bytesOf(view));
    }
  }

  #writeKind(index, where, byteLength) {
    this.writeUint32(index);
    this.writeUint32(where);
    this.writeDouble(byteLength);
  }

  #share(index, view) {
    const block = this.#memory.place(view.byteLength);
    if (block === undefined) return false;
    block.view.set(bytesOf(view));
    this.#writeKind(index, SHARED, view.byteLength);
    this.writeDouble(block.offset);
    this.writeDouble(block.generation);
    return true;
  }

  #writeLease(index, block, byteOffset, byteLength) {
    this.#writeKind(index, LEASED, byteLength);
    this.writeDouble(block.offset);
    this.writeDouble(block.generation);
    this.writeDouble(byteOffset);
    this.writeDouble(block.length);
  }
}

SharingSerializer.prototype._getDataCloneError = DataCloneError;

const bytesOf = ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength);

class SharingDeserializer extends Deserializer {
  #memory;

  constructor(bytes, memory) {
    super(bytes);
    this.#memory = memory;
  }

  _readHostObject() {
    const Class = CONSTRUCTORS[this.readUint32()];
    const where = this.readUint32();
    const byteLength = this.readDouble();
    if (where === LEASED) return this.#readLease(Class, byteLength);
    return this.#readCopy(Class, where, byteLength);
  }

  #readCopy(Class, where, byteLength) {
    const isInline = where === INLINE;
    const from = isInline ? this.readRawBytes(byteLength) : this.#readShared(byteLength);
    const buffer = isInline ? Buffer.allocUnsafeSlow(byteLength).buffer : this.#memory.createOwn(byteLength);
    new Uint8Array(buffer).set(from);
    return viewOf(Class, buffer, 0, byteLength);
  }

  #readShared(byteLength) {
    const offset = this.readDouble();
    const generation = this.readDouble();
    return this.#memory.bytesAt(offset, generation, byteLength);
  }

  #readLease(Class, byteLength) {
    const offset = this.readDouble();
    const generation = this.readDouble();
    const byteOffset = this.readDouble();
    const length = this.readDouble();
    const buffer = this.#memory.lease(offset, generation, length);
    // It was given back meanwhile.
    if (buffer.byteLength === 0) return viewOf(Class, buffer, 0, 0);
    return viewOf(Class, buffer, byteOffset, byteLength);
  }
}

/** A view of the class with this index, over a copy. */
function copyView(index, bytes, memory) {
  const buffer = memory.createOwn(bytes.length);
  new Uint8Array(buffer).set(bytes);
  return viewOf(CONSTRUCTORS[index], buffer, 0, bytes.length);
}

function viewOf(Class, buffer, byteOffset, byteLength) {
  if (Class === Buffer) return Buffer.from(buffer, byteOffset, byteLength);
  const { BYTES_PER_ELEMENT = 1 } = Class;
  return new Class(buffer, byteOffset, byteLength / BYTES_PER_ELEMENT);
}

module.exports = {
  SharingDeserializer,
  SharingSerializer,
  bytesOf,
  constructorIndexOf,
  copyView,
  createForeignError,
  isCloneError,
  toCloneError,
  toUnreadableError,
};
