'use strict';

// What the running Node tells of itself, and the native resolver that is made of it.

const { Module, areEqual, areResolved, currentGlobalPaths, fs, isBuiltin, native, path } = require('./internals.js');

/** Options under which resolution is not what it usually is; Node is left to itself. */
const UNKNOWN_TERRITORY =
  /^--(?:experimental-)?(?:policy|package-map|vfs|config-file|default-config-file|permission|sea-config)\b/;

let nodeOptions;
/** What the kernel had for the command line when the preload began to wait. */
let earlierCommandLine;
let isKnown;
let conditions;
let slashImports;
let wasSlashImportsAsked = false;
let unreadableIsError;
let builtins;

let extensions = [];
let globalPaths;
let resolvers = null;

function getNodeOptions() {
  nodeOptions ??= readNodeOptions();
  return nodeOptions;
}

/** The conditions that hold for `require`, besides `default`. */
function getConditions() {
  conditions ??= [
    'require',
    'node',
    // Where addons are turned off, this one can't be loaded either.
    'node-addons',
    ...getNodeOptions().conditions,
    ...(process.features.require_module ? ['module-sync'] : []),
  ];
  return conditions;
}

/** Whether Node takes `#/name` for a key of `imports` (since 24): asked of Node, with this package's own `imports`. */
function getSlashImports() {
  if (!wasSlashImportsAsked) {
    // The question may come back through the hook; then there is no answer yet, and Node gives it.
    wasSlashImportsAsked = true;
    try {
      Module.createRequire(__filename).resolve('#/probe');
      slashImports = true;
    } catch (error) {
      if (error.code === 'ERR_INVALID_MODULE_SPECIFIER') slashImports = false;
    }
  }
  return slashImports;
}

/** A longer name than any file system has: what would be below can't be read. */
const IMPOSSIBLE_FILE = `/${'x'.repeat(256)}/index.js`;

/**
 * Whether Node ends a search with an error where it meets a package.json that it can't read (since 24.21, 26.10 at the latest), and
 * does not take it for absent: asked of Node, with one that nobody can read.
 */
function isUnreadableAnError() {
  if (unreadableIsError === undefined) {
    unreadableIsError = false;
    try {
      Module.createRequire(IMPOSSIBLE_FILE).resolve('./index.js');
    } catch (error) {
      unreadableIsError = error.code === 'ERR_INVALID_PACKAGE_CONFIG';
    }
  }
  return unreadableIsError;
}

/** Names that `require` takes without `node:`. */
function getBuiltins() {
  builtins ??= Module.builtinModules.filter((name) => !name.startsWith('node:') && isBuiltin(name));
  return builtins;
}

/** Whether resolution in this process is what Node's documentation describes. Found out once. */
function isKnownTerritory() {
  isKnown ??=
    getNodeOptions().isKnown &&
    process.platform !== 'win32' &&
    process.permission === undefined &&
    process.versions.pnp === undefined &&
    !process.env.WATCH_REPORT_DEPENDENCIES &&
    !/\bmodule\b/i.test(process.env.NODE_DEBUG ?? '');
  return isKnown;
}

/** The options of the running Node; `imports` need two more facts, which cost an exception to find out. */
function createDefaultResolver(forImports, isFresh) {
  return new native.Resolver({
    conditions: getConditions(),
    extensions,
    mainFields: ['main'],
    preserveSymlinks: getNodeOptions().preserveSymlinks,
    globalPaths: globalPaths.map((folder) => path.resolve(folder)),
    slashImports: forImports ? getSlashImports() : undefined,
    builtins: forImports ? getBuiltins() : undefined,
    askNode: true,
    isFresh,
    snapshot: isFresh ? undefined : describeSnapshot(),
  });
}

/** Where the snapshot for these options is kept; undefined where that is turned off. */
function describeSnapshot() {
  const { FAST_RESOLVE_CACHE: place, FAST_RESOLVE_TRUST: trust, HOME, NODE_PATH, XDG_CACHE_HOME } = process.env;
  if (place === '0') return undefined;
  saveAtExit();
  const { version, platform, arch, argv } = process;
  return {
    directory: place ? path.resolve(getWorkingDirectory(), place) : undefined,
    start: argv[1] !== undefined && path.isAbsolute(argv[1]) ? path.dirname(argv[1]) : getWorkingDirectory(),
    userCache: XDG_CACHE_HOME || (HOME ? path.join(HOME, '.cache') : undefined),
    key: JSON.stringify([
      [version, platform, arch],
      getConditions(),
      extensions,
      getNodeOptions().preserveSymlinks,
      [globalPaths, NODE_PATH, HOME],
    ]),
    isTrusted: trust === '1',
  };
}

/** The directory that the process runs in may be gone. */
function getWorkingDirectory() {
  try {
    return process.cwd();
  } catch {
    return '/';
  }
}

let isSaved = false;

/** The threads of a process share what is learnt, so that one of them writes it down. */
function saveAtExit() {
  if (isSaved || !isMainThread()) return;
  isSaved = true;
  process.once('exit', () => native.saveSnapshots());
}

/** The options under which an answer was found, as an object of their own: another object means other options. */
function getCurrentOptions() {
  const currentExtensions = Object.keys(Module._extensions);
  const currentPaths = currentGlobalPaths();
  if (resolvers === null || currentPaths !== globalPaths || !areEqual(currentExtensions, extensions)) {
    extensions = currentExtensions;
    globalPaths = currentPaths;
    makeKeysQuick(Module._extensions);
    const isOrdinary = areResolved(globalPaths) && !extensions.some((extension) => /[/\0\ufffd]/.test(extension));
    resolvers = { isOrdinary: isOrdinary && native !== null, plain: undefined, imports: undefined, fresh: undefined };
  }
  return resolvers;
}

/** As many look-ups as V8 wants to see before it optimises them, with something to spare. */
const ENOUGH_LOOKUPS = 20;

/**
 * The keys of `Module._extensions` are compared at every call. Node makes the object in a way that lets V8 keep it as a
 * hash table; as the prototype of an object that is in use it gets a fixed layout, with a list of its keys at hand.
 */
function makeKeysQuick(object) {
  const child = Object.create(object);
  const lookUp = (target) => target['.js'];
  for (let count = 0; count < ENOUGH_LOOKUPS; count++) lookUp(child);
}

/**
 * The native resolver for what `Module._extensions` and the global folders are at this moment.
 * @param {string} request Requests that begin with `#` need more of the running Node.
 * @param {boolean} isFresh Whether nothing is to be remembered.
 * @param {object} current What `getCurrentOptions` gave just now.
 * @returns {import('../binding.js').Resolver | null} Null where Node has to be asked.
 */
function getDefaultResolver(request, isFresh = false, current = getCurrentOptions()) {
  if (!current.isOrdinary) return null;
  if (isFresh) {
    current.fresh ??= createDefaultResolver(true, true);
    return current.fresh;
  }
  if (request.charCodeAt(0) === 35 /* # */) {
    current.imports ??= createDefaultResolver(true, false);
    return current.imports;
  }
  current.plain ??= createDefaultResolver(false, false);
  return current.plain;
}

// The options that this Node was started with, as far as resolution depends on them. Node does not tell them, so that
// they are read where Node read them: from the command line and from the environment.

/**
 * @typedef {object} NodeOptions
 * @property {string[]} conditions The user's conditions (-C, --conditions).
 * @property {boolean} preserveSymlinks
 * @property {boolean} isKnown Whether nothing was given that changes resolution in a way of its own.
 */

/** @returns {NodeOptions} */
function readNodeOptions() {
  const environment = readStartingEnvironment();
  if (environment === undefined) return { conditions: [], preserveSymlinks: false, isKnown: false };
  const options = {
    conditions: [],
    preserveSymlinks: environment.NODE_PRESERVE_SYMLINKS === '1',
    isKnown: isCommandLineAsStarted(),
  };
  const words = [...splitNodeOptions(environment.NODE_OPTIONS ?? ''), ...process.execArgv];
  for (let index = 0; index < words.length; index++) {
    const { name, value } = splitOption(words[index]);
    if (name === '-C' || name === '--conditions') {
      options.conditions.push(value ?? unescapeValue(words[++index] ?? ''));
    } else if (name === '--preserve-symlinks') options.preserveSymlinks = true;
    else if (name === '--no-preserve-symlinks') options.preserveSymlinks = false;
    else if (UNKNOWN_TERRITORY.test(name)) options.isKnown = false;
  }
  return options;
}

/** Node takes underscores for dashes in the names of options, and a value behind `=`. */
function splitOption(word) {
  if (!word.startsWith('--')) return { name: word };
  const end = word.indexOf('=');
  if (end === -1) return { name: word.replaceAll('_', '-') };
  return { name: word.slice(0, end).replaceAll('_', '-'), value: word.slice(end + 1) };
}

/** A value that begins with a dash has to be given with a backslash before it. */
function unescapeValue(value) {
  return value.startsWith('\\-') ? value.slice(1) : value;
}

/**
 * The variables that Node read.
 * @returns {NodeJS.ProcessEnv | undefined} Undefined where it can't be told.
 */
function readStartingEnvironment() {
  const lines = readProcessFile('environ');
  if (lines === undefined) return process.env;
  const environment = {};
  for (const line of lines) {
    if (line.startsWith('NODE_')) {
      const end = line.indexOf('=');
      environment[line.slice(0, end)] ??= line.slice(end + 1);
    }
  }
  const hasEnvFile = process.execArgv.some((word) => word.startsWith('--env-file'));
  if (isMainThread() && !hasEnvFile) return environment;
  // A worker has the options of the process, unless it was given variables of its own, and a file given by --env-file adds
  // some. From inside, one can't tell such a variable from one that the program changed before.
  const isUnchanged = ['NODE_OPTIONS', 'NODE_PRESERVE_SYMLINKS'].every(
    (name) => process.env[name] === environment[name],
  );
  return isUnchanged ? environment : undefined;
}

/**
 * Whether `process.execArgv` still holds all of Node's options; an earlier preload may have changed it. (After
 * `process.title` was set, the kernel does not know either; then Node is left to itself.)
 */
function isCommandLineAsStarted() {
  const [, ...words] = (isMainThread() ? readProcessFile('cmdline') : undefined) ?? ['', ...process.execArgv];
  const { execArgv } = process;
  const next = words[execArgv.length];
  return execArgv.every((word, index) => word === words[index]) && !/^-./.test(next === '--' ? '' : (next ?? ''));
}

/** To be called before anybody asks for the options. */
function noteCommandLine(text) {
  earlierCommandLine = text;
}

/** What Linux keeps of the start of the process; undefined where there is no /proc. */
function readProcessFile(name) {
  try {
    const known = name === 'cmdline' ? earlierCommandLine : undefined;
    const text = known ?? fs.readFileSync(`/proc/self/${name}`, 'utf8');
    return text.split('\0').slice(0, -1);
  } catch {
    return undefined;
  }
}

/** Asking Node whether this is the main thread would load all of worker_threads, where the kernel can tell. */
function isMainThread() {
  try {
    const [processId, , threadId] = fs.readlinkSync('/proc/thread-self').split('/');
    return processId === threadId;
  } catch {
    return require('node:worker_threads').isMainThread;
  }
}

/** Splits as Node does: at spaces, with double quotes, in which a backslash escapes. */
function splitNodeOptions(text) {
  const words = [];
  let word = null;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    let character = text[index];
    if (character === ' ' && !isQuoted) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (character === '"') {
      isQuoted = !isQuoted;
      continue;
    }
    if (character === '\\' && isQuoted) character = text[++index] ?? '';
    word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return words;
}

module.exports = {
  getBuiltins,
  getConditions,
  getCurrentOptions,
  getDefaultResolver,
  getNodeOptions,
  getSlashImports,
  isKnownTerritory,
  isUnreadableAnError,
  noteCommandLine,
};
