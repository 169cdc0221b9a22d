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
const { isBuiltin, _findPath, _initPaths, _nodeModulePaths, _pathCache, _readPackage, _resolveLookupPaths, _stat } =
  Module;
const { existsSync, realpathSync } = fs;
const { apply } = Reflect;
const { toString: functionToString } = Function.prototype;
const { now } = Date;
const { keys } = Object;
const encode = encodeURIComponent;
const TooDeep = RangeError;
const nodeProcess = process;

const execArgv = [...process.execArgv];
const options = `${env.NODE_OPTIONS ?? ''} ${execArgv.join(' ')}`;
/** Whether nobody's code has run before: this is the first module of all, loaded by `--require`, and no option runs code otherwise. */
const isOriginal =
  process._preload_modules?.length > 0 &&
  keys(Module._cache).length <= 1 &&
  !options.includes('--import') &&
  !options.includes('loader') &&
  !options.includes('snapshot');
/** As the kernel has it now: a program that sets `process.title` overwrites it. */
let commandLine;
try {
  if (!isOriginal && platform === 'linux') commandLine = fs.readFileSync('/proc/self/cmdline', 'utf8');
} catch {
  // Without /proc nobody knows it later either.
}

/** What a snapshot belongs to: the program, and how it is started. */
let programName;

function nameOfProgram() {
  return programName ?? `${nodeProcess.argv[1] ?? ''} ${nodeProcess.version} ${execArgv.join(' ')}`;
}

/** A worker of a pool shares the snapshot of its parent. */
function setNameOfProgram(name) {
  programName = name;
}

/** Says that something went wrong, if the program leaves a way to say it. */
function warn(message, code) {
  try {
    apply(emitWarning, nodeProcess, [message, { type: 'FastResolveWarning', code }]);
  } catch {
    // The program goes on as it would without us.
  }
}

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
  SafeMap,
  TooDeep,
  _findPath,
  _initPaths,
  _nodeModulePaths,
  _pathCache,
  _readPackage,
  _resolveLookupPaths,
  _stat,
  apply,
  arch,
  commandLine,
  dlopen,
  encode,
  env,
  execArgv,
  existsSync,
  fs,
  functionToString,
  getBuiltinModule,
  isBuiltin,
  isOriginal,
  keys,
  nameOfProgram,
  nextTick,
  nodeProcess,
  now,
  ownModule,
  path,
  platform,
  realpathSync,
  setNameOfProgram,
  warn,
};

module.exports = { captured };
