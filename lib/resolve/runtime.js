'use strict';

// What the running Node tells of itself, and the answers that rest on it.

const { Answers } = require('./answers.js');
const { captured } = require('./captured.js');
const { makeKeysQuick } = require('./keys.js');
const { isNodesResolveFilename } = require('./internals.js');
const { areEqual, areResolved, currentGlobalPaths } = require('./lookup_paths.js');
const { getNative } = require('./load_addon.js');
const { whenTurnEnds } = require('./turn.js');

const {
  Module,
  SafeMap,
  _resolveFilename,
  apply,
  arrayJoin,
  commandLine,
  describeProgram,
  env,
  execArgv,
  includes,
  isBuiltin,
  isOriginal,
  keys,
  nodeProcess,
  path,
  warn,
} = captured;

/** Where the preload has read the snapshot, and how to get at the code of the core where it had to be compiled. */
let { directoryOfSnapshot, code } = typeof coreGiven === 'undefined' ? { __proto__: null } : coreGiven;
let nodeOptions;
let reasonToStepAside;
let conditions;
let importConditions;
let slashImports;
let wasSlashImportsAsked = false;
let unreadableIsError;
let builtins;

let extensions = [];
let globalPaths;
/** The options that hold now, and all that have held, by name: a program may register an extension and take it away again. */
let current = null;
const all = new SafeMap();
/** The answers of all of them, with the global folders of each. */
const used = [];

/** @returns {import('../../target/binding.js').JsStartOptions} */
function getNodeOptions() {
  nodeOptions ??= getNative().startOptions(
    isOriginal ? execArgv : nodeProcess.execArgv,
    isOriginal,
    commandLine,
    env.NODE_OPTIONS,
    env.NODE_PRESERVE_SYMLINKS,
  );
  return nodeOptions;
}

/** Without a method that a program may have replaced. */
function append(list, more) {
  for (let index = 0; index < more.length; index++) list[list.length] = more[index];
}

/** The conditions that hold for `require`, besides `default`. */
function getConditions() {
  conditions ??= conditionsOf('require');
  return conditions;
}

/** The conditions that hold for `import`, besides `default`. */
function getImportConditions() {
  importConditions ??= conditionsOf('import');
  return importConditions;
}

function conditionsOf(kind) {
  // Where addons are turned off, this one can't be loaded either.
  const list = [kind, 'node', 'node-addons'];
  append(list, getNodeOptions().conditions);
  if (nodeProcess.features?.require_module) append(list, ['module-sync']);
  return list;
}

/** Has Node resolve: its own function, if that is known, so that nobody else hears of it. */
function askNode(request, filename) {
  if (!isNodesResolveFilename(_resolveFilename)) return Module.createRequire(filename).resolve(request);
  const paths = Module._nodeModulePaths(path.dirname(filename));
  return apply(_resolveFilename, Module, [request, { __proto__: null, id: filename, filename, paths }, false]);
}

/** Whether Node takes `#/name` for a key of `imports` (since 24): asked of Node, with this package's own `imports`. */
function getSlashImports() {
  if (!wasSlashImportsAsked) {
    // The question may come back through the hook; then there is no answer yet, and Node gives it.
    wasSlashImportsAsked = true;
    try {
      askNode('#/probe', __filename);
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
      askNode('./index.js', IMPOSSIBLE_FILE);
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

/** Why resolution in this process is not what Node's documentation describes; null if it is. Found out once. */
function whyUnknownTerritory() {
  if (reasonToStepAside === undefined) reasonToStepAside = findReason();
  return reasonToStepAside;
}

function findReason() {
  if (nodeProcess.platform === 'win32') return 'Windows is left to Node';
  if (nodeProcess.permission !== undefined) return "Node's permission model is on";
  if (nodeProcess.versions?.pnp !== undefined) return 'Yarn PnP resolves';
  if (env.WATCH_REPORT_DEPENDENCIES) return 'Node watches what is loaded';
  if (env.NODE_DEBUG && /\bmodule\b/i.test(env.NODE_DEBUG)) return 'NODE_DEBUG tells what is resolved';
  if (getNative() === null) return 'the addon is missing';
  if (!getNative().isSupported()) return 'this platform has no implementation';
  if (!getNodeOptions().isKnown)
    return 'Node was started with options that are not known, or that change how it resolves';
  return null;
}

/** Whether resolution in this process is what Node's documentation describes. */
function isKnownTerritory() {
  return reasonToStepAside === null || whyUnknownTerritory() === null;
}

/**
 * The answers for what `Module._extensions` and the global folders are at this moment.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe What is believed without a look.
 * @returns {Answers | null} Null where Node has to be asked. The same object as before means the same options.
 */
function getCurrentAnswers(believe) {
  const currentPaths = currentGlobalPaths();
  if (currentPaths !== globalPaths) return findAnswers(currentPaths, believe);
  // This is asked at every call, so that the keys are compared here.
  const known = extensions;
  let count = 0;
  for (const extension in Module._extensions) {
    if (extension !== known[count]) return findAnswers(currentPaths, believe);
    count++;
  }
  if (count !== known.length) return findAnswers(currentPaths, believe);
  return current[believe] ?? addAnswers(believe);
}

/** The same, where something has changed. */
function findAnswers(currentPaths, believe) {
  if (!isKnownTerritory()) return null;
  extensions = keys(Module._extensions);
  globalPaths = currentPaths;
  makeKeysQuick(Module._extensions);
  const name = `${arrayJoin(extensions, '\0')}\0\0${arrayJoin(globalPaths, '\0')}`;
  current = all.get(name) ?? { __proto__: null, isOrdinary: areOrdinary() };
  all.set(name, current);
  return current[believe] ?? addAnswers(believe);
}

function addAnswers(believe) {
  if (!current.isOrdinary) return null;
  current[believe] = new Answers(createResolver(believe), believe);
  used[used.length] = { answers: current[believe], folders: globalPaths };
  return current[believe];
}

/**
 * What was answered before to a request that these answers know nothing of now, if Node keeps that: also what was found with other
 * extensions. The folders that it was looked for in are part of the key by which Node keeps it.
 * @returns {string | null}
 */
function earlierAnswer(answers, directory, request) {
  const kept = answers.earlierAnswer(directory, request);
  if (kept !== null || used.length === 1) return kept;
  for (let index = 0; index < used.length; index++) {
    const { answers: others, folders } = used[index];
    if (others === answers || !areEqual(folders, globalPaths)) continue;
    const keptByOthers = others.earlierAnswer(directory, request);
    if (keptByOthers !== null) return keptByOthers;
  }
  return null;
}

/** Whether the core can take the extensions and global folders as they are. */
function areOrdinary() {
  for (let index = 0; index < extensions.length; index++) {
    if (isOddExtension(extensions[index])) return false;
  }
  return areResolved(globalPaths);
}

function isOddExtension(extension) {
  return includes(extension, '/') || includes(extension, '\0') || includes(extension, '\ufffd');
}

function createResolver(believe) {
  const { Resolver } = getNative();
  const resolver = new Resolver({
    __proto__: null,
    conditions: getConditions(),
    importConditions: getImportConditions(),
    extensions,
    mainFields: ['main'],
    preserveSymlinks: getNodeOptions().preserveSymlinks,
    globalPaths,
    askNode: true,
    believe,
    snapshot: believe === 'turn' ? describeSnapshot() : undefined,
  });
  if (believe === 'turn') keepCode(resolver);
  return resolver;
}

/** Where V8 had to compile the core, what it made of it goes to the snapshot, when the program has started. */
function keepCode(resolver) {
  if (code === undefined) return;
  const { key, make } = code;
  code = undefined;
  whenTurnEnds(() => {
    try {
      resolver.keepCode(key, make());
    } catch (error) {
      warn(`fast-resolve could not keep its code. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
    }
  });
}

/** `imports` need two more facts of the running Node, which cost an exception to find out. */
function prepareForImports(answers) {
  if (answers.hasFactsForImports) return;
  answers.hasFactsForImports = true;
  const slash = getSlashImports();
  answers.tellFactsForImports(getBuiltins(), slash);
  // While the question was asked, there was no answer yet.
  answers.hasFactsForImports = slash !== undefined;
}

/** Where the snapshot for these options is kept; undefined where that is turned off. */
function describeSnapshot() {
  const { FAST_RESOLVE_CACHE: place, FAST_RESOLVE_TRUST: trust, HOME, NODE_PATH } = env;
  if (place && !includes(place, '/')) {
    if (place !== '0') warnOfPlace(place);
    return undefined;
  }
  const { version, platform, arch } = nodeProcess;
  const { snapshotOf } = describeProgram();
  return {
    __proto__: null,
    ...(directoryOfSnapshot === undefined ? findPlace(env) : { directory: directoryOfSnapshot }),
    program: snapshotOf,
    isFirst: all.size === 1,
    key: `${version} ${platform} ${arch} ${getNodeOptions().preserveSymlinks}
${arrayJoin(getConditions(), ' ')}
${arrayJoin(extensions, '\0')}
${arrayJoin(globalPaths, '\0')}
${NODE_PATH}
${HOME}`,
    trust,
  };
}

/** Where a snapshot is to be kept where none was found: in the directory that somebody chose, or where the core finds the usual place. */
function findPlace({ FAST_RESOLVE_CACHE, HOME, XDG_CACHE_HOME }) {
  if (FAST_RESOLVE_CACHE) return { directory: path.resolve(getWorkingDirectory(), FAST_RESOLVE_CACHE) };
  const { program } = describeProgram();
  return {
    start: program !== undefined && path.isAbsolute(program) ? path.dirname(program) : getWorkingDirectory(),
    userCache: XDG_CACHE_HOME || (HOME ? path.join(HOME, '.cache') : undefined),
  };
}

let hasWarnedOfPlace = false;

function warnOfPlace(place) {
  if (hasWarnedOfPlace) return;
  hasWarnedOfPlace = true;
  const message = `FAST_RESOLVE_CACHE is 0 or a directory, with a slash in its path, not "${place}": no snapshot is read or written.`;
  warn(message, 'FAST_RESOLVE_CACHE');
}

/** The directory that the process runs in may be gone. */
function getWorkingDirectory() {
  try {
    return nodeProcess.cwd();
  } catch {
    return '/';
  }
}

module.exports = {
  earlierAnswer,
  getBuiltins,
  getConditions,
  getCurrentAnswers,
  getImportConditions,
  getNodeOptions,
  getSlashImports,
  isKnownTerritory,
  isUnreadableAnError,
  prepareForImports,
  whyUnknownTerritory,
};
