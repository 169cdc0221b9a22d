// Programs that change or take away what is global. Node does not mind, and so may nobody who is preloaded.

import test from 'ava';

import { changed, changing } from './changing.mjs';
import { testBoot } from './programs.mjs';

/** Programs in whose midst the hook can't be loaded. Where it is loaded before, it has no need of what they take away. */
const CAN_NOT_BE_LOADED = /^(?:without Array, Object|nothing in the global object that can be taken away)$/;

testBoot(
  test,
  [
    // Globals that are gone, as in an emulated browser.
    ...[
      ['Buffer', 'SharedArrayBuffer', 'Atomics', 'WebAssembly', 'FinalizationRegistry', 'WeakRef'],
      ['WeakMap', 'WeakSet', 'Map', 'Set'],
      ['Promise', 'Symbol', 'Proxy'],
      ['Reflect', 'JSON'],
      ['Math', 'Date', 'RegExp', 'BigInt'],
      ['Array', 'Object'],
      ['String', 'Number', 'Boolean', 'Function'],
      ['Error', 'TypeError'],
      ['Uint8Array', 'Int32Array', 'Float64Array', 'DataView', 'BigInt64Array', 'BigUint64Array', 'ArrayBuffer'],
      ['URL', 'performance', 'setTimeout', 'setImmediate', 'queueMicrotask', 'AbortController', 'EventTarget'],
      ['global', 'globalThis'],
      ['process'],
    ].flatMap((names) =>
      changing(
        `without ${names.join(', ')}`,
        `
          const global_ = globalThis;
          const define = Reflect.defineProperty;
          const names = ${JSON.stringify(names)};
          const kept = names.map((name) => Reflect.getOwnPropertyDescriptor(global_, name));
          for (const name of names) delete global_[name];
        `,
        'for (let index = 0; index < names.length; index++) define(global_, names[index], kept[index])',
      ),
    ),
    ...changing(
      'nothing in the global object that can be taken away',
      `
      const global_ = globalThis;
      const define = Reflect.defineProperty;
      const describe = Reflect.getOwnPropertyDescriptor;
      const names = Reflect.ownKeys(global_).filter((name) => describe(global_, name).configurable);
      const kept = names.map((name) => describe(global_, name));
      for (const name of names) delete global_[name];
    `,
      'for (let index = 0; index < names.length; index++) define(global_, names[index], kept[index])',
    ),
    ...changed('process is another object', 'globalThis.process = { ...process }'),
    ...changed('process is none', 'globalThis.process = undefined'),
  ].map((program) => ({ ...program, isRunAgain: true, mayWarn: CAN_NOT_BE_LOADED.test(program.title) ? 1 : 0 })),
);
