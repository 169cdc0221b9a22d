'use strict';

// What is needed later, as it is when this file is loaded: by a preload, that is before the program runs and can replace anything.

const { basics } = require('./basics.js');
const { started } = require('./program.js');

const { apply, env, fs, getBuiltinModule, nodeProcess, ownModule, path, platform } = basics;
const { emitWarning, nextTick } = process;
const { isArray } = Array;
/** An earlier preload may have put anything there. */
const execArgv = isArray(process.execArgv) ? [...process.execArgv] : [];
const { bind, call } = Function.prototype;
/** Makes a function of a method, which takes what it is called on first. */
const uncurry = apply(bind, bind, [call]);
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
const { realpathSync } = fs;
/** What a snapshot is read and written by where there is no addon: see `captureDisk`. */
const disk = { __proto__: null };
const { registerHooks } = Module;
const { parse: parseJson, stringify } = JSON;
const { now } = Date;
const { bigint: hrtime } = process.hrtime;
const { _rawDebug: rawDebug } = process;
const { defineProperty, getOwnPropertySymbols, getPrototypeOf, hasOwn, keys } = Object;
/** The names of modules of its own that Node has loaded; undefined where somebody has taken that away. */
const moduleLoadList = isArray(process.moduleLoadList) ? process.moduleLoadList : undefined;
const { max } = Math;
const arrayIncludes = uncurry(Array.prototype.includes);
const arrayJoin = uncurry(Array.prototype.join);
const includes = uncurry(String.prototype.includes);
const lastIndexOf = uncurry(String.prototype.lastIndexOf);
const slice = uncurry(String.prototype.slice);
const split = uncurry(String.prototype.split);
const startsWith = uncurry(String.prototype.startsWith);
const endsWith = uncurry(String.prototype.endsWith);
const indexOf = uncurry(String.prototype.indexOf);
const setHas = uncurry(Set.prototype.has);
const setSize = uncurry(Object.getOwnPropertyDescriptor(Set.prototype, 'size').get);
const toNumber = Number;
const toText = String;
const TooDeep = RangeError;
const Numbers = Uint32Array;

/** What Node was started with. */
const startText = `${env.NODE_OPTIONS ?? ''} ${execArgv.join('\0')}`;
/** Whether nobody's code has run before: this is the first module of all, loaded by `--require`, before those of `--import`. */
const isFirst =
  process._preload_modules?.length > 0 &&
  keys(Module._cache).length <= 1 &&
  !startText.includes('loader') &&
  !startText.includes('snapshot');
/** The same, and no option has code run otherwise. */
const isOriginal = isFirst && !startText.includes('--import');
/** The same, and no other code runs before the program. */
const isAlone = isOriginal && process._preload_modules.length === 1;
/** `text`: as the kernel had it before the program ran, which overwrites it when it sets `process.title`. */
const commandLine = { __proto__: null, text: undefined };

/** To be called before the program runs, unless the addon is there already: most programs have it, and each look takes its time. */
function captureDisk() {
  disk.bytesOf = globalThis.Buffer?.from;
  disk.geteuid = nodeProcess.geteuid;
  disk.lstatSync = fs.lstatSync;
  disk.mkdirSync = fs.mkdirSync;
  disk.readFileSync = fs.readFileSync;
  disk.readdirSync = fs.readdirSync;
  disk.readlinkSync = fs.readlinkSync;
  disk.renameSync = fs.renameSync;
  disk.unlinkSync = fs.unlinkSync;
  disk.utimesSync = fs.utimesSync;
  disk.writeFileSync = fs.writeFileSync;
  disk.preserveSymlinks = env.NODE_PRESERVE_SYMLINKS;
  // When this process began, or a little later: by the clock of the day, and by one that nobody sets.
  disk.began = now();
  disk.beganTicking = tick();
}

/** An earlier preload may have put a clock of its own there. */
function tick() {
  try {
    return hrtime();
  } catch {
    return undefined;
  }
}

/** To be called before the program runs, unless the core has read it itself. */
function readCommandLine() {
  if (isOriginal || platform !== 'linux') return;
  try {
    commandLine.text = fs.readFileSync('/proc/self/cmdline', 'utf8');
  } catch {
    // Without /proc nobody knows it later either.
  }
}

/** That there is no addon, `fast-resolve/spawn/register` says as well, if it is loaded: whoever comes first has said it for both. */
const toldByPreload = Module._cache[`${__dirname}${path.sep}spawn-register.js`]?.exports?.told;
const told = toldByPreload ?? { __proto__: null, ofAddon: false };

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

/** The program, and what a snapshot belongs to. */
function describeProgram() {
  return started;
}

/** A worker of a pool shares the snapshot of its parent. */
function setProgram({ program, snapshotOf }) {
  started.program = program;
  started.snapshotOf = snapshotOf;
}

/** Says that something went wrong, if the program leaves a way to say it. */
function warn(message, code) {
  try {
    apply(emitWarning, nodeProcess, [message, { __proto__: null, type: 'FastResolveWarning', code }]);
  } catch {
    // The program goes on as it would without us.
  }
}

/** One object: each file takes from it what it needs. Without a prototype, V8 makes it in a tenth of the time: it makes no shape for it. */
const captured = {
  __proto__: null,
  ...basics,
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
  arrayIncludes,
  arrayJoin,
  captureDisk,
  commandLine,
  defineProperty,
  describeProgram,
  disk,
  endsWith,
  execArgv,
  getOwnPropertySymbols,
  getPrototypeOf,
  hasOwn,
  hrtime,
  includes,
  indexOf,
  isAlone,
  isArray,
  isBuiltin,
  isOriginal,
  keys,
  lastIndexOf,
  max,
  mayHaveLoaded,
  moduleLoadList,
  nextTick,
  now,
  parseJson,
  rawDebug,
  readCommandLine,
  realpathSync,
  registerHooks,
  setHas,
  setProgram,
  setSize,
  slice,
  split,
  startText,
  startsWith,
  stringify,
  toNumber,
  toText,
  told,
  uncurry,
  warn,
};

module.exports = { captured };
