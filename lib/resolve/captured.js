'use strict';

// What is needed later, as it is when this file is loaded: by a preload, that is before the program runs and can replace anything.

/** In the bundle, `module` is that of a part; the bundle's own has another name (scripts/bundle.mjs). */
const ownModule = typeof bundleModule === 'undefined' ? module : bundleModule;
const { arch, dlopen, emitWarning, env, nextTick, platform } = process;
// Asked for by `require`, Node would first prepare these for ES modules, which takes longer than all that is done with them on the
// way to the hook.
const getBuiltinModule = process.getBuiltinModule ?? require;
const fs = getBuiltinModule('fs');
const path = getBuiltinModule('path');
/** The class of this very module, unless a test runner runs it as something of its own. */
const Module =
  ownModule.constructor?._resolveFilename === undefined ? getBuiltinModule('module') : ownModule.constructor;
const {
  isBuiltin,
  _findPath,
  _initPaths,
  _nodeModulePaths,
  _pathCache,
  _readPackage,
  _resolveFilename,
  _resolveLookupPaths,
  _stat,
} = Module;
const { existsSync, realpathSync } = fs;
const { registerHooks } = Module;
const { apply } = Reflect;
const { parse: parseJson, stringify } = JSON;
const { bind, call, toString: functionToString } = Function.prototype;
const { now } = Date;
const { bigint: hrtime } = process.hrtime;
const { _rawDebug: rawDebug } = process;
const { getOwnPropertySymbols, getPrototypeOf, keys } = Object;
const { isArray } = Array;
/** The names of modules of its own that Node has loaded; undefined where somebody has taken that away. */
const moduleLoadList = isArray(process.moduleLoadList) ? process.moduleLoadList : undefined;
const { max } = Math;
const encode = encodeURIComponent;
/** Makes a function of a method, which takes what it is called on first. */
const uncurry = apply(bind, bind, [call]);
const arrayIncludes = uncurry(Array.prototype.includes);
const arrayJoin = uncurry(Array.prototype.join);
const endsWith = uncurry(String.prototype.endsWith);
const includes = uncurry(String.prototype.includes);
const lastIndexOf = uncurry(String.prototype.lastIndexOf);
const slice = uncurry(String.prototype.slice);
const setHas = uncurry(Set.prototype.has);
const setSize = uncurry(Object.getOwnPropertyDescriptor(Set.prototype, 'size').get);
const split = uncurry(String.prototype.split);
const startsWith = uncurry(String.prototype.startsWith);
const toNumber = Number;
const toText = String;
const TooDeep = RangeError;
const nodeProcess = process;
const Numbers = Uint32Array;

const execArgv = [...process.execArgv];
const options = `${env.NODE_OPTIONS ?? ''} ${execArgv.join(' ')}`;
/** Whether nobody's code has run before: this is the first module of all, loaded by `--require`, before those of `--import`. */
const isFirst =
  process._preload_modules?.length > 0 &&
  keys(Module._cache).length <= 1 &&
  !options.includes('loader') &&
  !options.includes('snapshot');
/** The same, and no option has code run otherwise. */
const isOriginal = isFirst && !options.includes('--import');
/** As the kernel has it now: a program that sets `process.title` overwrites it. */
let commandLine;
try {
  if (!isOriginal && platform === 'linux') commandLine = fs.readFileSync('/proc/self/cmdline', 'utf8');
} catch {
  // Without /proc nobody knows it later either.
}

/** The program that is run, as Node made a path of it. */
let program = typeof process.argv[1] === 'string' ? process.argv[1] : undefined;
/** What a snapshot belongs to: how the program is started, and the program. Of a long text, the end is the name of the file. */
let snapshotOf = `${execArgv.join(' ')} ${program ?? ''} ${process.version}`;

function describeProgram() {
  return { program, snapshotOf };
}

/** A worker of a pool shares the snapshot of its parent. */
function setProgram(ofParent) {
  ({ program, snapshotOf } = ofParent);
}

/** That there is no addon, `fast-resolve/spawn/register` says as well, if it is loaded: whoever comes first has said it for both. */
const toldByPreload =
  Module._cache[path.join(path.dirname(ownModule.filename ?? ''), 'spawn-register.js')]?.exports?.told;
const told = toldByPreload ?? { __proto__: null, ofAddon: false };

/** Says that something went wrong, if the program leaves a way to say it. */
function warn(message, code) {
  try {
    apply(emitWarning, nodeProcess, [message, { __proto__: null, type: 'FastResolveWarning', code }]);
  } catch {
    // The program goes on as it would without us.
  }
}

/** The text of a function. */
const sourceOf = (value) => (typeof value === 'function' ? apply(functionToString, value, []) : '');

/** A function of Node's binding itself; one that was bound has lost its name. */
function isNative(value, name) {
  return sourceOf(value) === `function ${name}() { [native code] }`;
}

/** Whether Node has loaded a module of its own; where nobody can tell, it may have. */
const mayHaveLoaded = (name) => moduleLoadList === undefined || arrayIncludes(moduleLoadList, `NativeModule ${name}`);

/** A Map whose methods no program can replace. */
class SafeMap extends Map {}

const safePrototype = SafeMap.prototype;
safePrototype.get = Map.prototype.get;
safePrototype.set = Map.prototype.set;
safePrototype.delete = Map.prototype.delete;
Object.defineProperty(safePrototype, 'size', Object.getOwnPropertyDescriptor(Map.prototype, 'size'));
Object.setPrototypeOf(safePrototype, null);

/** One object: each file takes from it what it needs. */
const captured = {
  Module,
  Numbers,
  SafeMap,
  TooDeep,
  _findPath,
  _initPaths,
  _nodeModulePaths,
  _pathCache,
  _readPackage,
  _resolveFilename,
  _resolveLookupPaths,
  _stat,
  apply,
  arch,
  arrayIncludes,
  arrayJoin,
  commandLine,
  describeProgram,
  dlopen,
  encode,
  endsWith,
  env,
  execArgv,
  existsSync,
  fs,
  getBuiltinModule,
  getOwnPropertySymbols,
  getPrototypeOf,
  hrtime,
  includes,
  isArray,
  isBuiltin,
  isNative,
  isOriginal,
  keys,
  lastIndexOf,
  max,
  mayHaveLoaded,
  moduleLoadList,
  nextTick,
  nodeProcess,
  now,
  ownModule,
  parseJson,
  path,
  platform,
  rawDebug,
  realpathSync,
  registerHooks,
  setHas,
  setProgram,
  setSize,
  slice,
  sourceOf,
  split,
  startsWith,
  stringify,
  toNumber,
  toText,
  told,
  warn,
};

module.exports = { captured };
