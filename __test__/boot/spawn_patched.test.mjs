// Programs that have patched Node or the language, or added to prototypes, by the time they start their first child.

import test from 'ava';
import { missing } from '../spawn/seam_here.mjs';
import { PRELOADS, runUnaware, testUnaware } from '../spawn/unaware.mjs';

/** Starts children of both kinds of stdio, one with an argument that has to get there, and tells of their ends. */
const START = `
  const start = (childProcess) => {
    const child = childProcess.spawn('sh', ['-c', 'cat; exit 3'], { stdio: ['pipe', 'pipe', 'inherit'] });
    note(child);
    return child;
  };
  const tell = (child) => {
    child.stdout.on('data', (data) => process.stdout.write(data));
    child.on('close', (...values) => console.log(...values));
    child.stdin.end('heard\\n');
  };
`;
const HEARD = 'heard\n3 null\n';

/** The child is started while what was patched is so, and heard of when it is as it was. */
const whilePatched = (patch, mend = '') => `
  ${START}
  const childProcess = require('node:child_process');
  ${patch}
  const child = start(childProcess);
  ${mend}
  tell(child);`;

/** What a spawn could take from a prototype by mistake. */
const POLLUTION = `{
  argv0: '/nowhere', args: ['no'], close: 1, cwd: '/nowhere', detached: true, env: { A: '1' }, envPairs: ['A=1'], errno: 1, fd: 99,
  file: '/nowhere', flags: 7, get: 1, gid: '…', parentDeathSignal: 9, processGroup: true, announcedTo: 2, set: 1,
  shell: '/nowhere', spawn: 1, stdio: 'ignore', type: 'memory', uid: '…', value: 1, windowsHide: true,
  windowsVerbatimArguments: true, code: 'x', exports: { Children: 1 }, open: 1, id: 5, resource: 1, async_id_symbol: 1,
}`;

// As Node's own test/parallel/test-child-process-prototype-tampering.mjs, and more.
for (const names of [
  "['cwd']",
  "['uid', 'gid']",
  "['type', 'fd', 'detached']",
  "['stdio', 'envPairs', 'args', 'file']",
]) {
  testUnaware(
    test,
    `Object.prototype has ${names}`,
    whilePatched(
      `const POLLUTION = ${POLLUTION};
      const { prototype } = Object;
      for (const name of ${names}) Object.defineProperty(prototype, name, { __proto__: null, value: POLLUTION[name], writable: true, enumerable: true, configurable: true });`,
      `for (const name of ${names}) delete prototype[name];`,
    ),
    { stdout: HEARD },
  );
}

testUnaware(
  test,
  'the prototype of all objects has everything that a spawn could ask for',
  `${START}
  const childProcess = require('node:child_process');
  const POLLUTION = ${POLLUTION};
  const { defineProperty } = Object;
  for (const name in POLLUTION) {
    // What Node itself reads of an object of its own is not for this test.
    if (['get', 'set', 'value', 'open', 'close', 'code', 'errno'].includes(name)) continue;
    defineProperty(Object.prototype, name, { __proto__: null, value: POLLUTION[name], writable: true, enumerable: true, configurable: true });
  }
  const child = start(childProcess);
  for (const name in POLLUTION) delete Object.prototype[name];
  tell(child);`,
  { stdout: HEARD },
);

testUnaware(
  test,
  'what the prototype of all objects has can not be written',
  whilePatched(
    `const names = ['isKept', 'isOver', 'resource', 'id', 'exports', 'code'];
    for (const name of names) Object.defineProperty(Object.prototype, name, { __proto__: null, value: 0, writable: false, configurable: true });`,
    `for (const name of names) delete Object.prototype[name];`,
  ),
  { stdout: HEARD },
);

// As Node's own test/parallel/test-child-process-windows-hide.js.
testUnaware(
  test,
  'a spy on ChildProcess.prototype.spawn sees what the program starts, and nothing else',
  `${START}
  const childProcess = require('node:child_process');
  const { ChildProcess } = childProcess;
  const calls = [];
  const { spawn } = ChildProcess.prototype;
  ChildProcess.prototype.spawn = function (options) {
    calls.push([options.file, options.windowsHide, options.detached]);
    return spawn.call(this, options);
  };
  childProcess.spawn('true', { windowsHide: true, detached: true, stdio: 'ignore' });
  const child = start(childProcess);
  console.log(JSON.stringify(calls));
  tell(child);`,
  { stdout: '[["true",true,true],["sh",false,false]]\nheard\n3 null\n' },
);

testUnaware(
  test,
  'the file system is a stub',
  whilePatched(
    `const fs = require('node:fs');
    const real = {};
    for (const name of ['readFileSync', 'openSync', 'readSync', 'fstatSync', 'statSync', 'existsSync', 'realpathSync', 'readdirSync']) {
      real[name] = fs[name];
      fs[name] = () => 'throw new Error("it was run")';
    }`,
    'Object.assign(fs, real);',
  ),
  { stdout: HEARD },
);

testUnaware(
  test,
  'the module system throws',
  whilePatched(
    `const Module = require('node:module');
    const fail = () => { throw new Error('not for you'); };
    const real = { load: Module._load, resolve: Module._resolveFilename, js: Module._extensions['.js'], node: Module._extensions['.node'], ...Module.prototype };
    Module._load = Module._resolveFilename = Module._extensions['.js'] = Module._extensions['.node'] = fail;
    Module.prototype.require = Module.prototype.load = Module.prototype._compile = fail;`,
    `Module._load = real.load; Module._resolveFilename = real.resolve; Module._extensions['.js'] = real.js; Module._extensions['.node'] = real.node;
    Object.assign(Module.prototype, { require: real.require, load: real.load, _compile: real._compile });`,
  ),
  { stdout: HEARD },
);

testUnaware(
  test,
  'what the module system compiles is replaced',
  whilePatched(
    `const Module = require('node:module');
    Module.prototype._compile = function () { this.exports = { spawn() {} }; };
    Module._extensions['.node'] = (module) => { module.exports = {}; };`,
  ),
  { stdout: HEARD },
);

// Once a program has replaced one of these, Node compiles by way of them.
for (const [what, change, mend, told = ''] of [
  ['that compiles to nothing', `Module.wrap = () => '(function () {})';`, 'Module.wrap = wrap;'],
  [
    'that compiles to something else',
    `Module.wrap = () => '(function (_, _, module) { module.exports = { core: { spawn: () => 0 } } })';`,
    'Module.wrap = wrap;',
  ],
  [
    'that counts',
    'let count = 0; Module.wrap = (text) => { count++; return wrap(text); };',
    'Module.wrap = wrap; console.log(count);',
    '0\n',
  ],
  [
    'whose wrapper counts',
    `globalThis.count = 0; const [first] = Module.wrapper; Module.wrapper[0] = first + 'globalThis.count++;';`,
    'Module.wrapper[0] = first; console.log(globalThis.count);',
    '0\n',
  ],
]) {
  testUnaware(
    test,
    `a Module.wrap ${what}`,
    whilePatched(`const Module = require('node:module'); const { wrap } = Module; ${change}`, mend),
    { stdout: `${told}${HEARD}` },
  );
}

testUnaware(
  test,
  'vm is a mock',
  whilePatched(
    `const vm = require('node:vm');
    const fail = () => { throw new Error('not for you'); };
    const real = { ...vm };
    const { prototype } = vm.Script;
    const inherited = Object.getPrototypeOf(prototype);
    const methods = [prototype, inherited].map((object) => [object, Object.getOwnPropertyDescriptors(object)]);
    for (const name in vm) vm[name] = fail;
    for (const object of [prototype, inherited]) for (const name of Reflect.ownKeys(object)) object[name] = fail;`,
    `Object.assign(vm, real);
    for (const [object, descriptors] of methods) Object.defineProperties(object, descriptors);`,
  ),
  { stdout: HEARD },
);

testUnaware(
  test,
  'process is another',
  whilePatched(
    `const real = process;
    process.dlopen = () => { throw new Error('not for you'); };
    process.binding = () => { throw new Error('not for you'); };
    globalThis.process = { env: {}, platform: 'other', versions: {} };`,
    'globalThis.process = real;',
  ),
  { stdout: HEARD },
);

testUnaware(
  test,
  'modules of Node are mocks',
  whilePatched(`
    const asyncHooks = require('node:async_hooks');
    const os = require('node:os');
    const timers = require('node:timers');
    const workerThreads = require('node:worker_threads');
    asyncHooks.AsyncResource.prototype.runInAsyncScope = asyncHooks.AsyncResource.prototype.asyncId = () => {};
    asyncHooks.AsyncResource = class {};
    asyncHooks.executionAsyncId = asyncHooks.AsyncLocalStorage = undefined;
    os.constants = {};
    timers.setImmediate = globalThis.setImmediate = () => {};
    workerThreads.isMainThread = false;`),
  { stdout: HEARD },
);

testUnaware(
  test,
  'methods of the language throw',
  whilePatched(
    `const real = [];
    const { apply, defineProperty, ownKeys } = Reflect;
    const { getOwnPropertyDescriptor } = Object;
    const places = [Array.prototype, Map.prototype, WeakMap.prototype, String.prototype, Reflect, Object, Number, Array];
    const length = places.length;
    for (let place = 0; place < length; place++) {
      const object = places[place];
      const names = ownKeys(object);
      for (let index = 0; index < names.length; index++) {
        const { value } = getOwnPropertyDescriptor(object, names[index]);
        // Node itself walks through the arguments by their iterator.
        if (typeof value !== 'function' || typeof names[index] === 'symbol' || names[index] === 'constructor') continue;
        real[real.length] = [object, names[index], value];
      }
    }
    const count = real.length;
    for (let index = 0; index < count; index++) {
      const place = real[index];
      try {
        defineProperty(place[0], place[1], { __proto__: null, configurable: true, writable: true, value: () => { throw new Error('not for you'); } });
      } catch {}
    }
`,
    `for (let index = 0; index < count; index++) {
      const place = real[index];
      defineProperty(place[0], place[1], { __proto__: null, configurable: true, writable: true, value: place[2] });
    }`,
  ),
  { stdout: HEARD },
);

testUnaware(
  test,
  'classes of the language are others',
  whilePatched(
    `const real = { Map, WeakMap, Proxy, Int32Array, Error };
    for (const name in real) globalThis[name] = class { constructor() { throw new real.Error('not for you'); } };`,
    'Object.assign(globalThis, real);',
  ),
  { stdout: HEARD },
);

testUnaware(
  test,
  'a spy on the handles of pipes sees nothing',
  `${START}
  const net = require('node:net');
  const { Pipe } = process.binding('pipe_wrap');
  const { open } = Pipe.prototype;
  let calls = 0;
  Pipe.prototype.open = function (...values) {
    calls++;
    return open.apply(this, values);
  };
  tell(start(require('node:child_process')));
  console.log(calls);`,
  { stdout: '0\nheard\n3 null\n', children: ['node'] },
);

testUnaware(
  test,
  'a spy on what handles of children have sees what is done with them',
  `const { Process } = process.binding('process_wrap');
  const calls = [];
  for (const name of ['close', 'ref', 'unref', 'hasRef']) {
    const real = Process.prototype[name];
    Process.prototype[name] = function (...values) {
      calls.push(name);
      return real.apply(this, values);
    };
  }
  const child = require('node:child_process').spawn('true', { stdio: 'ignore' });
  note(child);
  child.unref();
  child.ref();
  console.log(child._handle.hasRef());
  child.on('exit', (code) => console.log(code, calls.join()));`,
  { stdout: 'true\n0 unref,ref,hasRef,close\n' },
);

/** Each index of the prototype of all arrays counts how often it is set. */
const COUNTING_SETTERS = whilePatched(
  `const counts = {};
  const { defineProperty } = Object;
  for (let index = 0; index < 100; index++) {
    defineProperty(Array.prototype, index, {
      configurable: true,
      get() {},
      set(value) {
        counts[index] = (counts[index] ?? 0) + 1;
        defineProperty(this, index, { value, writable: true, enumerable: true, configurable: true });
      },
    });
  }`,
  'for (let index = 0; index < 100; index++) delete Array.prototype[index]; console.log(JSON.stringify(counts));',
);

const seamTest = missing === undefined ? test.serial : (title) => test.skip(`${title} (${missing})`, () => {});

seamTest('accessors of the prototype of all arrays are called for Node alone', async (t) => {
  const stock = await runUnaware(COUNTING_SETTERS);
  t.regex(stock.stdout, /^\{"0":.*\}\nheard\n3 null\n$/);
  for (const [name, preloads] of Object.entries(PRELOADS)) {
    const { children, ...run } = await runUnaware(COUNTING_SETTERS, { preloads });
    t.deepEqual(run, { ...run, stdout: stock.stdout, stderr: stock.stderr, code: stock.code }, name);
    t.deepEqual(children, ['ours']);
  }
});
