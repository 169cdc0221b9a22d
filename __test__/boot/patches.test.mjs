// Programs that change `Module`, `process` and what belongs to them. Node does not mind, and so may nobody who is preloaded.

import test from 'ava';

import { changed } from './changing.mjs';
import { testBoot } from './programs.mjs';

/** Where NODE_PATH has a relative path, nothing is answered, and nothing recorded. */
const isAnswered = ({ title }) => !title.startsWith('a NODE_PATH');

testBoot(test, [
  // Frozen or odd things of Node's.
  ...[
    ['a frozen Module', 'Object.freeze(Module)'],
    ['a sealed Module', 'Object.seal(Module)'],
    ['a frozen Module.prototype', 'Object.freeze(Module.prototype)'],
    ['a frozen Object.prototype', 'Object.freeze(Object.prototype)'],
    ['a frozen Function.prototype', 'Object.freeze(Function.prototype)'],
    ['a frozen require.cache', 'require("./dep"); require("package"); Object.freeze(require.cache)'],
    [
      'Module._resolveFilename that can not be written',
      `Object.defineProperty(Module, '_resolveFilename', { value: Module._resolveFilename, writable: false })`,
    ],
    [
      'Module._resolveFilename as an accessor without a setter',
      `const found = Module._resolveFilename; Object.defineProperty(Module, '_resolveFilename', { get: () => found })`,
    ],
    [
      'Module._resolveFilename as an accessor whose setter throws',
      `
        const found = Module._resolveFilename;
        Object.defineProperty(Module, '_resolveFilename', { get: () => found, set() { throw new Error('not to be set'); } });
      `,
    ],
    [
      'Module._resolveFilename behind a proxy',
      `Module._resolveFilename = new Proxy(Module._resolveFilename, { apply: (target, self, values) => Reflect.apply(target, self, values) })`,
    ],
    [
      'Module._resolveFilename in an arrow function without its this',
      'const found = Module._resolveFilename; Module._resolveFilename = (...values) => found(...values)',
    ],
    ['Module._cache behind a proxy', 'Module._cache = new Proxy(Module._cache, {})'],
    ['another Module._cache', 'Module._cache = { __proto__: null, ...Module._cache }'],
    ['another Module._pathCache', 'Module._pathCache = { __proto__: null }'],
    ['no Module.builtinModules', 'Module.builtinModules = []'],
    ['no process.binding', 'delete process.binding'],
    ['process.binding that throws', `process.binding = () => { throw new Error('no bindings'); }`],
    ['no process._linkedBinding', 'delete process._linkedBinding'],
    ['no process.getBuiltinModule', 'delete process.getBuiltinModule'],
    ['no process.dlopen', 'delete process.dlopen'],
    ['no process.on', 'process.on = process.once = process.addListener = undefined'],
    ['process.emitWarning that throws', `process.emitWarning = () => { throw new Error('no warnings'); }`],
    ['process.cwd that throws', `process.cwd = () => { throw new Error('no directory'); }`],
    ['process.hrtime that throws', `process.hrtime = () => { throw new Error('no time'); }`],
    ['process.memoryUsage that throws', `process.memoryUsage = () => { throw new Error('no memory'); }`],
    ['another process.execPath', `process.execPath = '/nowhere'`],
    ['another process.argv', 'process.argv = []'],
    ['another process.execArgv', `process.execArgv = ['--preserve-symlinks']`],
    ['another process.title', `process.title = 'another'`],
    ['another process.platform', `Object.defineProperty(process, 'platform', { value: 'plan9' })`],
    ['another process.arch', `Object.defineProperty(process, 'arch', { value: 'pdp11' })`],
    ['another process.version', `Object.defineProperty(process, 'version', { value: 'v0.10.0' })`],
    ['other process.versions', `Object.defineProperty(process, 'versions', { value: { node: '0.10.0' } })`],
    ['no process.versions', `Object.defineProperty(process, 'versions', { value: undefined })`],
    ['no process.config', `Object.defineProperty(process, 'config', { value: undefined })`],
    ['process.permission of one’s own', `Object.defineProperty(process, 'permission', { value: { has: () => true } })`],
    ['process.pid of one’s own', `Object.defineProperty(process, 'pid', { value: 'none' })`],
    ['process.env of one’s own', `const { PATH } = process.env; process.env = { PATH }`],
    ['process.env that is frozen', 'process.env = Object.freeze({ ...process.env })'],
    [
      'process.env that throws for what is ours',
      `
        process.env = new Proxy({ ...process.env }, {
          get(target, name) {
            if (String(name).startsWith('FAST_RESOLVE')) throw new Error('not for strangers');
            return target[name];
          },
        });
      `,
    ],
    ['process.env with other values for ours', `process.env.FAST_RESOLVE = '0'; process.env.FAST_RESOLVE_WAIT = '1'`],
    ['a NODE_PATH that was not there', `process.env.NODE_PATH = 'relative:/absolute'; Module._initPaths()`],
    ['another HOME', `process.env.HOME = '/dev/null/nowhere'`],
  ]
    .flatMap(([title, change]) => changed(title, change))
    .map((program) => ({ ...program, isRunAgain: isAnswered(program) })),
]);
