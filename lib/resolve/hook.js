'use strict';

// The hook: a stand-in for `Module._resolveFilename` that lets the core answer what it is sure of. Everything else goes to
// the function that was there before, so that the errors are Node's own.

const { NOT_FOUND, directoryOfParent, isOfFile } = require('./asking.js');
const { captured } = require('./captured.js');
const { areInternalsOriginal, isCoreModule, isNodesResolveFilename } = require('./internals.js');
const { getNative } = require('./load_addon.js');
const { hasNodesPaths, isBare } = require('./lookup_paths.js');
const { isInPathCache, isKeyInPathCache, notePathCache, pathCacheKey } = require('./path_cache.js');
const runtime = require('./runtime.js');
const { isTraced, trace, traced } = require('./tracing.js');

const { Module, TooDeep, _pathCache, apply, setHas, setSize, warn } = captured;

const listeners = [];
/** The layer that was put in last; null before the first. */
let layer = null;
let isActive = false;
/** What is believed without a look. */
let believe = 'turn';

/**
 * One layer: the stand-in and what was there before it. Whoever still holds an old layer gets what it got; a new
 * installation makes a new one, so that no layer ever comes to lie beneath itself.
 */
function createLayer(previous) {
  const isAboveNodes = isNodesResolveFilename(previous);
  const created = { resolveFilename, isAboveNodes, previous, isActive: true, isTakenOut: false };
  function resolveFilename(request, parent, isMain, options) {
    if (!created.isActive || !isAboveNodes) return apply(previous, this, arguments);
    if (isTraced() && !isHint(parent)) {
      return trace({ kind: 'require', request, from: fileNameOf(parent) }, resolveFilename, this, arguments);
    }
    try {
      const answer = isAnswerable(request, parent, isMain, options) ? ask(request, parent) : undefined;
      if (answer !== undefined) return answer;
    } catch (error) {
      giveUp(created, error);
    }
    const nodesAnswer = apply(previous, this, arguments);
    traced.source = 'node';
    try {
      notePathCache();
    } catch (error) {
      giveUp(created, error);
    }
    return nodesAnswer;
  }
  return created;
}

/** The module that asks, if it has a file. */
function fileNameOf(parent) {
  try {
    return parent?.filename ?? undefined;
  } catch {
    return undefined;
  }
}

/** Whether Node only wants to word the error of an import: it asks for a module without a file. */
function isHint(parent) {
  return traced.isImporting && parent != null && fileNameOf(parent) === undefined;
}

/** Whatever goes wrong in here is no business of the program: Node resolves from now on. */
function giveUp(created, error) {
  // A program that recurses too deep may come to its end anywhere.
  if (!created.isActive || error instanceof TooDeep) return;
  created.isActive = false;
  warn(
    `Something went wrong in fast-resolve; Node resolves from now on. ${error?.stack ?? error}`,
    'FAST_RESOLVE_FAILED',
  );
}

/** Whether this is a plain `require` or `require.resolve` of a module that lives in a file. */
function isAnswerable(request, parent, isMain, options) {
  return isOfFile(request, parent, isMain) && (options === undefined || hasDefaultOptions(options));
}

/** `require.resolve` passes `{}` from Node 24 on; `module.registerHooks` passes the conditions. */
function hasDefaultOptions(options) {
  if (options === null || typeof options !== 'object') return true;
  return options.paths === undefined && (options.conditions === undefined || areDefaultConditions(options.conditions));
}

/** Node has sets of its own, which are no instances of `Set`; -1 for what is none at all. */
function sizeOfSet(value) {
  try {
    return setSize(value);
  } catch {
    return -1;
  }
}

function areDefaultConditions(conditions) {
  const defaults = runtime.getConditions();
  if (sizeOfSet(conditions) !== defaults.length) return false;
  for (let index = 0; index < defaults.length; index++) {
    if (!setHas(conditions, defaults[index])) return false;
  }
  return true;
}

/** The core's answer; undefined where Node has to give it. */
function ask(request, parent) {
  if (!areInternalsOriginal()) {
    leaveEarlierAnswer(request, directoryOfParent(parent));
    return undefined;
  }
  const answers = runtime.getCurrentAnswers(believe);
  if (answers === null) return isCoreModule(request) ? answerBuiltin(request) : undefined;
  const directory = directoryOfParent(parent);
  // What is remembered is no core module.
  const isKnown = answers.find(directory, request);
  if (!isKnown && isCoreModule(request)) return answerBuiltin(request);
  if (isBare(request) && !hasNodesPaths(parent, directory)) return undefined;
  const turn = answers.turn();
  const key = isKnown ? answers.key() : undefined;
  // What a program planted there, or Node found before, is Node's to answer.
  if (key === undefined ? isInPathCache(request, directory) : isKeyInPathCache(key)) return undefined;
  if (isKnown) {
    const path = answers.recall(turn);
    if (path !== undefined) {
      if (key === undefined && answers.isGivenOften()) answers.noteKey(pathCacheKey(request, directory));
      return path;
    }
  }
  if (request[0] === '#') runtime.prepareForImports(answers, request);
  const answer = answers.ask(directory, request, turn);
  if (typeof answer === 'string') return answer;
  if (answer === NOT_FOUND) leaveEarlierAnswer(request, directory);
  return undefined;
}

function answerBuiltin(request) {
  traced.source = 'builtin';
  return request;
}

/**
 * Node repeats what it found once, also when the file is gone or somebody has replaced what finds it: a program may load a file and
 * delete it, and ask again. One that has put another object in the place of `Module._pathCache` has taken that away.
 */
function leaveEarlierAnswer(request, directory) {
  if (Module._pathCache !== _pathCache) return;
  const answers = runtime.getCurrentAnswers(believe);
  const earlier = answers === null ? null : runtime.earlierAnswer(answers, directory, request);
  // What is gone now, and was never loaded, may have been gone when it was answered.
  if (earlier === null || (Module._cache[earlier] === undefined && !getNative().isFile(earlier))) return;
  _pathCache[pathCacheKey(request, directory)] ??= earlier;
}

/**
 * Puts the hook in place. Without effect where it is in place already, where the addon can't be loaded, and where Node
 * resolves in a way of its own (permission model, Yarn PnP, watch mode …).
 * @param {'turn' | 'until-invalidated' | 'nothing'} [wanted] What is believed from now on; as before, if it is left out.
 * @returns {boolean} Whether the hook is in place.
 */
function install(wanted) {
  if (!runtime.isKnownTerritory()) return false;
  believe = wanted ?? believe;
  const current = Module._resolveFilename;
  // Someone who patched on top of the hook still calls it: a second layer would be one too many. But if Node's own
  // function is back, whoever put it there has dropped the hook.
  const isInPlace = layer !== null && (current === layer.resolveFilename || isCovered(current));
  if (!isInPlace) {
    layer = createLayer(current);
    Module._resolveFilename = layer.resolveFilename;
  }
  setActive(true);
  return true;
}

/** Whether someone has patched on top of a layer that was never taken out. */
function isCovered(current) {
  return !layer.isTakenOut && !isNodesResolveFilename(current);
}

/** Takes the hook out again. Where someone has patched on top of it, it stays and only passes calls on. */
function uninstall() {
  if (!isActive) return;
  if (Module._resolveFilename === layer.resolveFilename) {
    Module._resolveFilename = layer.previous;
    layer.isTakenOut = true;
  }
  setActive(false);
  believe = 'turn';
}

function setActive(value) {
  isActive = value;
  layer.isActive = value;
  for (let index = 0; index < listeners.length; index++) listeners[index](value);
}

/**
 * What the preload does when it has waited: the hook comes in where the preload's stand-in is, above what was there before.
 * @param {Function} previous What was there.
 * @returns {Function | null} What the stand-in calls from now on; null where there is no hook.
 */
function takeOver(previous) {
  // The program may have put in a hook of its own.
  if (!runtime.isKnownTerritory() || layer !== null) return null;
  layer = createLayer(previous);
  setActive(true);
  return layer.resolveFilename;
}

/** Node's own function in its place says that the hook is gone; another's says nothing, it may lie on top. */
function isInstalled() {
  return isActive && !isNodesResolveFilename(Module._resolveFilename);
}

/** Whether requests reach the core, and if not, why: for `stats()`. */
function describe() {
  if (!isInstalled()) return { state: 'off', reason: runtime.whyUnknownTerritory() };
  const reason = whyAside();
  return { state: reason === null ? 'answering' : 'aside', reason };
}

function whyAside() {
  if (!layer.isActive) return 'something went wrong; see the warning';
  if (!layer.isAboveNodes) return 'another tool had replaced Module._resolveFilename before';
  return whyLeftToNode(believe);
}

/** Why Node is asked for everything, whatever it is; null if it is not. */
function whyLeftToNode(wanted) {
  // Without the addon, nobody knows Node's own.
  if (getNative() !== null && !areInternalsOriginal()) return "a tool has replaced a part of Node's loader";
  if (runtime.getCurrentAnswers(wanted) !== null) return null;
  return (
    runtime.whyUnknownTerritory() ?? 'NODE_PATH has a relative path, or an extension in Module._extensions is none'
  );
}

function getBelieve() {
  return believe;
}

/** Calls back whenever the hook is put in place or taken out. */
function onChange(listener) {
  listeners[listeners.length] = listener;
}

/** Whether `Module._resolveFilename` is Node's own, or the hook right above it. */
function isResolutionNodes() {
  const current = Module._resolveFilename;
  return current === layer?.resolveFilename ? layer.isAboveNodes : isNodesResolveFilename(current);
}

module.exports = {
  describe,
  getBelieve,
  install,
  isInstalled,
  isResolutionNodes,
  onChange,
  takeOver,
  uninstall,
  whyLeftToNode,
};
