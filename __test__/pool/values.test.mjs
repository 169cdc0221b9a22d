// What goes to a worker and back. The oracle is structuredClone.

import { Blob, File } from 'node:buffer';
import { createSecretKey, generateKeyPairSync, webcrypto } from 'node:crypto';
import { BlockList, SocketAddress } from 'node:net';
import test from 'ava';
import fc from 'fast-check';
import { createSharedPool } from './pools.mjs';

const pool = createSharedPool(test);
const jsonPool = createSharedPool(test, { serialization: 'json' });
const otherPool = createSharedPool(test, { maxWorkers: 2 });

const shared = { self: undefined, list: [1] };
shared.self = shared;
const repeated = { x: 1 };

const VALUES = {
  undefined,
  null: null,
  true: true,
  zero: 0,
  'minus zero': -0,
  NaN: Number.NaN,
  infinity: Number.POSITIVE_INFINITY,
  float: 1.5e-7,
  text: 'text',
  'text with quotes': 'a "b" \\ \n \u2028',
  'wide text': 'é € 𝒳',
  'a lone surrogate': '\ud800',
  'long text': 'é'.repeat(100_000),
  bigint: 12345678901234567890n,
  date: new Date(1e12),
  'an invalid date': new Date(Number.NaN),
  regexp: /a(b)+/giu,
  map: new Map([['k', { v: [1] }]]),
  set: new Set([1, 'two']),
  object: { a: 1, b: 'two', c: [true, null], d: { e: {} } },
  'undefined among properties': { a: undefined, b: [undefined] },
  '-0 among elements': [-0, { z: -0 }],
  'an array with holes': Object.assign(new Array(3), { 0: 1, 2: 3 }),
  'an array with a property': Object.assign([1, 2], { extra: true }),
  'keys that are numbers': { 2: 'b', 1: 'a', __proto__: null },
  'a key named __proto__': JSON.parse('{"__proto__": {"x": 1}, "y": 2}'),
  'wide keys': { é: 1, '€': 2 },
  'a circle': shared,
  'the same twice': [repeated, repeated],
  'without a prototype': Object.assign(Object.create(null), { a: 1 }),
  'of a class': new (class Point {
    x = 1;
  })(),
  'boxed values': [Object(1), Object('s'), Object(true)],
  'an error': new RangeError('as a value'),
  'array buffer': new Uint8Array([1, 2, 3]).buffer,
  'typed arrays': [
    new Float64Array([1.5]),
    new Int16Array([-1]),
    new BigUint64Array([1n]),
    new Uint8ClampedArray([255]),
  ],
  'a data view': new DataView(new Uint8Array([1, 2, 3, 4]).buffer, 1, 2),
  'a large typed array': new Float64Array(50_000).fill(0.5),
  'a large array': Array.from({ length: 50_000 }, (_, index) => ({ index })),
  'many properties': Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`key${index}`, index])),
  'deeply nested': Array.from({ length: 100 }).reduce((inner) => [inner], 0),
};

for (const [title, value] of Object.entries(VALUES)) {
  test(`as structured clone: ${title}`, async (t) => {
    const result = await pool.run(value);
    t.deepEqual(result, structuredClone(value));
    t.is(Object.getPrototypeOf(Object(result)), Object.getPrototypeOf(Object(structuredClone(value))));
  });
}

for (const length of [0, 10, 1000, 65_535, 65_536, 1_000_003, 16 * 1024 * 1024]) {
  test(`a Buffer of ${length} bytes stays a Buffer`, async (t) => {
    const buffer = Buffer.alloc(length, 'pattern');
    for (let round = 0; round < 3; round++) {
      const result = await pool.run(buffer);
      t.true(Buffer.isBuffer(result));
      t.true(result.equals(buffer));
      const nested = await pool.run({ list: [buffer, new Map([['b', buffer]])] });
      t.true(nested.list[0].equals(buffer) && nested.list[1].get('b').equals(buffer));
    }
  });
}

for (const Class of [
  ...[Uint8Array, Int8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array],
  ...[Float64Array, BigInt64Array, BigUint64Array, DataView],
]) {
  test(`a large ${Class.name} alone arrives as one, with the bytes that it shows and no others`, async (t) => {
    const bytes = Buffer.alloc(100_000, 'a pattern of nineteen');
    const view = new Class(bytes.buffer, bytes.byteOffset + 16, 80_000 / (Class.BYTES_PER_ELEMENT ?? 1));
    // From the second on, the worker has memory for its result.
    for (let round = 0; round < 3; round++) {
      const result = await pool.run(view);
      t.is(Object.getPrototypeOf(result), Class.prototype);
      t.is(result.buffer.byteLength, 80_000);
      t.true(Buffer.from(result.buffer).equals(bytes.subarray(16, 80_016)));
    }
  });
}

test('what is kept of a result does not change when others come', async (t) => {
  const results = await Promise.all(
    Array.from({ length: 60 }, (_, index) => otherPool.run(Buffer.alloc(70_000 + index * 1000, index))),
  );
  for (const [index, result] of results.entries()) {
    t.true(result.equals(Buffer.alloc(70_000 + index * 1000, index)));
  }
});

test('what is kept of a large result does not change when others come', async (t) => {
  // From this length on, copies lie in memory of the pool's own.
  const length = 32 * 1024 * 1024;
  const results = [];
  for (let index = 0; index < 4; index++) results.push(await otherPool.run(Buffer.alloc(length, index)));
  for (const [index, result] of results.entries()) t.true(result.equals(Buffer.alloc(length, index)));
});

const REFUSED = {
  'a function': () => {},
  'a function within': { a: [() => {}] },
  'a symbol': Symbol('s'),
  'a promise': Promise.resolve(),
  'a WeakMap': new WeakMap(),
  'a SharedArrayBuffer': new SharedArrayBuffer(8),
  'a proxy': new Proxy({ a: 1 }, {}),
  'a getter that throws': {
    get a() {
      throw new Error('no');
    },
  },
};

for (const [title, value] of Object.entries(REFUSED)) {
  test(`refused with a DataCloneError, and nothing else is: ${title}`, async (t) => {
    const before = pool.run(1);
    const refused = pool.run(value);
    const after = pool.run(2);
    const error = await t.throwsAsync(refused, { any: true });
    t.true(error instanceof DOMException);
    t.is(error.name, 'DataCloneError');
    t.deepEqual([await before, await after], [1, 2]);
  });
}

test('a result that cannot be cloned rejects its task alone, and the worker lives', async (t) => {
  const pid = await pool.run(undefined, { name: 'pid' });
  const error = await t.throwsAsync(pool.run(undefined, { name: 'function' }), { any: true });
  t.is(error.name, 'DataCloneError');
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

class Holder {
  constructor(held) {
    this.held = held;
  }
}

class Picture extends Blob {
  width = 5;

  constructor() {
    super(['text']);
  }
}

/** Of those that Node has here; what structuredClone makes of each, Node says. */
const OF_NODE = {
  'a Blob': () => new Blob(['text']),
  'a File': () => new File(['text'], 'name'),
  'a BlockList': () => new BlockList(),
  'a SocketAddress': () => new SocketAddress(),
  'a secret key': () => createSecretKey(Buffer.from('secret')),
  'a module of WebAssembly': () => new WebAssembly.Module(Buffer.from('0061736d01000000', 'hex')),
  'a URL': () => new URL('http://localhost/'),
  'search parameters': () => new URLSearchParams('a=1'),
  headers: () => new Headers(),
  'a request': () => new Request('http://localhost/'),
  'form data': () => new FormData(),
  'an EventTarget': () => new EventTarget(),
  'a Blob with a property': () => Object.assign(new Blob(['text']), { name: 'n' }),
  'a BlockList with a property': () => Object.assign(new BlockList(), { name: 'n' }),
  'a URL with a property': () => Object.assign(new URL('http://localhost/'), { name: 'n' }),
  'one of a class derived from Blob': () => new Picture(),
  'one of a class that holds such a URL': () => new Holder(OF_NODE['a URL with a property']()),
  'an error whose cause is a URL, in a Map': () =>
    new Map([[1, [new TypeError('of a URL', { cause: [new URL('http://localhost/')] })]]]),
  'one of a class with private fields': () =>
    new (class Private {
      #field = 1;
      get field() {
        return this.#field;
      }
    })(),
};

for (const [title, create] of Object.entries(OF_NODE)) {
  test(`as structuredClone has it, or refused: ${title}`, async (t) => {
    const value = create();
    for (const given of [value, { within: [new Map([[1, value]])] }]) {
      const result = await pool.run(given).catch((error) => error);
      if (result instanceof DOMException) {
        t.is(result.name, 'DataCloneError');
        const clone = await new Promise((resolve) => resolve(structuredClone(value))).catch(() => undefined);
        t.not(clone && Object.getPrototypeOf(clone), Object.prototype, 'Node has it as a plain object');
      } else {
        t.deepEqual(result, structuredClone(given));
      }
    }
    t.is(await pool.run(1), 1);
  });
}

const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const hmac = { name: 'HMAC', hash: 'SHA-256' };
const wasm = new WebAssembly.Module(Buffer.from('0061736d01000000', 'hex'));

/** What only its process can clone, and what the error calls it. */
const OF_ONE_PROCESS = [
  ['SecretKeyObject', createSecretKey(Buffer.from('secret'))],
  ['PublicKeyObject', keys.publicKey],
  ['PrivateKeyObject', keys.privateKey],
  ['CryptoKey', webcrypto.subtle.generateKey(hmac, true, ['sign'])],
  ['Module', wasm],
  ['Blob', new Blob(['text'])],
  ['MessagePort', new MessageChannel().port1],
];

for (const [name, value] of OF_ONE_PROCESS) {
  test(`the error names what could not be cloned: ${name}`, async (t) => {
    const error = await t.throwsAsync(pool.run(await value), { any: true });
    t.is(error.name, 'DataCloneError');
    t.is(error.message, `#<${name}> could not be cloned into another process.`);
  });
}

test('of what is refused, the error names what it is refused for', async (t) => {
  const named = () => Object.assign(new Blob(['text']), { name: 'n' });
  const rejected = async (value) =>
    (await t.throwsAsync(pool.run(value), { name: 'DataCloneError', any: true })).message;
  t.is(await rejected(named()), '#<Blob> could not be cloned into another process.');
  t.is(await rejected(new Picture()), '#<Picture> could not be cloned into another process.');
  t.is(await rejected([1, new Holder({ list: [named()] }), 2]), '#<Blob> could not be cloned into another process.');
});

test('the cause of an error is a part of it', async (t) => {
  const value = new Error('of an error', { cause: new TypeError('of a Blob', { cause: new Blob(['text']) }) });
  for (const given of [value, { within: [value] }]) {
    const message = '#<Blob> could not be cloned into another process.';
    await t.throwsAsync(pool.run(given), { name: 'DataCloneError', message, any: true });
  }
  const plain = new Error('of an error', { cause: [new TypeError('of text', { cause: 'text' })] });
  t.is((await pool.run(plain)).cause[0].cause, 'text');
});

test('of a class that is known as a plain one, each object is looked at for what it holds', async (t) => {
  for (const held of [1, { a: [new Date(0)] }]) t.deepEqual(await pool.run(new Holder(held)), { held });
  await t.throwsAsync(pool.run(new Holder([new Picture()])), { name: 'DataCloneError', any: true });
  const list = Array.from({ length: 100 }, (_, index) => new Holder(new Map([[index, new Set([{ index }])]])));
  t.deepEqual(await pool.run(list), structuredClone(list));
  list[50].held.get(50).add(new Picture());
  await t.throwsAsync(pool.run(list), { name: 'DataCloneError', any: true });
});

test('objects that are met again and again, and arrays that are mostly holes, take no longer than others', async (t) => {
  let doubled = new Holder(1);
  for (let depth = 0; depth < 60; depth++) doubled = [doubled, doubled];
  const holes = Object.assign([], { 4000000000: new Holder(doubled) });
  let result = (await pool.run(holes))[4_000_000_000].held;
  for (let depth = 0; depth < 60; depth++) [, result] = result;
  t.deepEqual(result, { held: 1 });
});

test('a getter that gives something only once is no reason to refuse what holds it', async (t) => {
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [index, index]));
  let asked = 0;
  const value = Object.defineProperty({ ...wide }, 'once', {
    enumerable: true,
    get() {
      asked++;
      if (asked > 1) throw new Error('once');
      return 'value';
    },
  });
  t.deepEqual(await pool.run(value), { ...wide, once: 'value' });
});

const MODULE_REFUSED = '#<Module> could not be cloned into another process.';

for (const [title, value] of Object.entries({
  'in a list': [wasm],
  'beside others': { a: wasm, b: 1, c: wasm, d: 2 },
  'in a Map': new Map([[wasm, wasm]]),
  'in a Set': new Set([1, wasm]),
  'beside what lies in shared memory': [Buffer.alloc(100_000), wasm, Buffer.alloc(100_000)],
})) {
  test(`a module of WebAssembly within a value is refused: ${title}`, async (t) => {
    const refused = { name: 'DataCloneError', message: MODULE_REFUSED, any: true };
    await t.throwsAsync(pool.run(value), refused);
    t.is(await pool.run(1), 1);
  });
}

test('a module of WebAssembly within a result rejects its task alone, and the worker lives', async (t) => {
  const pid = await pool.run(undefined, { name: 'pid' });
  const refused = { name: 'DataCloneError', message: MODULE_REFUSED, any: true };
  for (let round = 0; round < 3; round++) await t.throwsAsync(pool.run(undefined, { name: 'wasmWithin' }), refused);
  await t.throwsAsync(pool.stream(undefined, { name: 'wasmWithinItem' }).next(), refused);
  await t.throwsAsync(pool.run(undefined, { name: 'emitWasmWithin' }), refused);
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

test('nor is a module read that an accessor gives', async (t) => {
  const value = {
    get module() {
      return wasm;
    },
  };
  await t.throwsAsync(pool.run(value), { name: 'DataCloneError', message: /as a WebAssembly\.Module/, any: true });
  t.is(await pool.run(1), 1);
});

const JSON_VALUES = [
  undefined,
  null,
  1,
  'text',
  { a: undefined, d: new Date(0), n: Number.NaN },
  ['é'.repeat(100_000)],
  -0,
];
for (const value of JSON_VALUES) {
  test(`serialization json, as JSON has it: ${JSON.stringify(value)?.slice(0, 40)}`, async (t) => {
    const text = JSON.stringify(value);
    t.deepEqual(await jsonPool.run(value), text === undefined ? undefined : JSON.parse(text));
  });
}

test('serialization json refuses what JSON does', async (t) => {
  for (const value of [shared, { big: 1n }]) {
    const error = await t.throwsAsync(jsonPool.run(value), { any: true });
    t.is(error.name, 'DataCloneError');
    t.true(error.cause instanceof TypeError);
  }
});

test('any value comes back as structured clone has it', async (t) => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withObjectString: true,
    withNullPrototype: true,
    withUnicodeString: true,
  });
  await fc.assert(
    fc.asyncProperty(anything, async (value) => {
      t.deepEqual(await pool.run(value), structuredClone(value));
    }),
    { numRuns: 500 },
  );
});
