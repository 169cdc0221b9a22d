'use strict';

// The hook: a stand-in for `Module._resolveFilename` that lets the core answer what it is sure of. Everything else goes to
// the function that was there before, so that the errors are Node's own.

const {
  Module,
  areInternalsOriginal,
  createUnavailableError,
  describeLookup,
  isCoreModule,
  isNodesResolveFilename,
  native,
  path,
} = require('./internals.js');
const { createAnswers } = require('./answers.js');

let runtime;
const listeners = [];
/** The layer that was put in last; null before the first. */
let layer = null;
let isActive = false;
let conditionSet;

const answers = createAnswers(takeBack);
/** What was entered in `Module._pathCache`, by its key there. */
let entered = new Map();
/** What the answers were found with. */
let answerOptions = null;
/** Whether every answer is worked out anew. */
let isFresh = false;

/**
 * One layer: the stand-in and what was there before it. Whoever still holds an old layer gets what it got; a new
 * installation makes a new one, so that no layer ever comes to lie beneath itself.
 */
function createLayer(previous) {
  const isAboveNodes = isNodesResolveFilename(previous);
  const created = { resolveFilename, isAboveNodes, previous, isActive: true, isTakenOut: false };
  function resolveFilename(request, parent, isMain, options) {
    if (created.isActive && isAboveNodes && isAnswerable(request, parent, isMain, options) && areInternalsOriginal()) {
      if (isCoreModule(request)) return request;
      const answer = askCore(request, parent);
      if (typeof answer === 'string') return answer;
      const nodesAnswer = Reflect.apply(previous, this, arguments);
      native.noteNodesAnswer(request, parent.filename, nodesAnswer);
      return nodesAnswer;
    }
    return Reflect.apply(previous, this, arguments);
  }
  return created;
}

/** Whether this is a plain `require` or `require.resolve` of a module that lives in a file. */
function isAnswerable(request, parent, isMain, options) {
  return (
    typeof request === 'string' &&
    !isMain &&
    typeof parent?.filename === 'string' &&
    Boolean(parent.id) &&
    (options === undefined || hasDefaultOptions(options))
  );
}

/** `require.resolve` passes `{}` from Node 24 on; `module.registerHooks` passes the conditions. */
function hasDefaultOptions(options) {
  if (options === null || typeof options !== 'object') return true;
  return options.paths === undefined && (options.conditions === undefined || areDefaultConditions(options.conditions));
}

function areDefaultConditions(conditions) {
  conditionSet ??= new Set(runtime.getConditions());
  if (!(conditions instanceof Set) || conditions.size !== conditionSet.size) return false;
  for (const condition of conditions) {
    if (!conditionSet.has(condition)) return false;
  }
  return true;
}

function askCore(request, parent) {
  const directory = directoryOf(parent.filename);
  const lookup = describeLookup(request, parent, directory);
  if (lookup === undefined) return undefined;
  const cacheKey = `${request}\0${lookup}`;
  answers.refresh();
  const cached = Module._pathCache?.[cacheKey];
  if (isFresh) return cached ? undefined : runtime.getDefaultResolver(request, true)?.resolve(request, parent.filename);
  const options = runtime.getCurrentOptions();
  if (options !== answerOptions) {
    answers.clear();
    answerOptions = options;
  }
  const known = answers.recall(directory, request);
  // What a program planted there, or Node found before, is Node's to answer.
  if (cached) return cached === known ? known : undefined;
  // An answer that Node would have kept there, and that is gone, was taken away to have Node look again.
  const isForgotten = known !== undefined && answers.isKeptByNode(directory, request);
  if (known !== undefined && !isForgotten) return known;
  const resolver = runtime.getDefaultResolver(request, false, options);
  const answer = isForgotten
    ? resolver?.resolveAnew(request, parent.filename)
    : resolver?.resolve(request, parent.filename);
  return typeof answer === 'number' ? answer : keepAnswer(answer, { request, directory, cacheKey, resolver });
}

/** As `path.dirname`, which looks at each character by itself. */
function directoryOf(filename) {
  const end = filename.lastIndexOf('/');
  return end > 0 && end < filename.length - 1 ? filename.slice(0, end) : path.dirname(filename);
}

/** Keeps an answer, also where Node would keep it: tools look there, and take away what is to be looked for again. */
function keepAnswer(answer, { request, directory, cacheKey, resolver }) {
  if (answer === undefined) return undefined;
  const isString = typeof answer === 'string';
  const found = isString ? answer : answer.path;
  answers.keep(directory, request, isString ? answer : { ...answer, resolver });
  if ((isString || answer.isKept) && Module._pathCache) {
    Module._pathCache[cacheKey] = found;
    entered.set(cacheKey, found);
  }
  return found;
}

/** Takes what is to be forgotten out of `Module._pathCache`; what others have put there stays. */
function takeBack() {
  const cache = Module._pathCache ?? {};
  for (const [cacheKey, found] of entered) {
    if (cache[cacheKey] === found) delete cache[cacheKey];
  }
  entered = new Map();
}

/**
 * Puts the hook in place. Without effect where it is in place already, where the addon can't be loaded, and where Node
 * resolves in a way of its own (permission model, Yarn PnP, watch mode …).
 * @param {import('../index.js').InstallOptions} [options]
 * @returns {boolean} Whether the hook is in place.
 */
function install(options) {
  if (options !== undefined) require('./arguments.js').validateInstallOptions(options);
  if (!isPossible()) return false;
  if (options?.fresh !== undefined) isFresh = options.fresh;
  if (isFresh) takeBack();
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
  isFresh = false;
}

function setActive(value) {
  isActive = value;
  layer.isActive = value;
  for (const listener of listeners) listener(value);
}

/** Whether the core has anything to say in this process. Nothing is asked of Node before somebody installs the hook. */
function isPossible() {
  runtime ??= require('./runtime.js');
  return native !== null && runtime.isKnownTerritory();
}

/** What the preload does: install, and say so where the addon is missing. */
function register() {
  if (!install()) warnUnlessUnknown();
}

/**
 * What the preload does after it has waited: the hook comes in where the preload's stand-in is, above what was there before.
 * @param {{ previous: Function, began: number, commandLine: string | undefined, answers: string[] }} waiting What was there,
 *   since when (milliseconds since the epoch), the command line at that moment, and what Node has answered in the meantime:
 *   request, file name of the module that asked, path, and so on.
 * @returns {Function | null} What the stand-in calls from now on; null where there is no hook.
 */
function takeOver({ previous, began, commandLine, answers: earlier }) {
  runtime ??= require('./runtime.js');
  runtime.noteCommandLine(commandLine);
  if (!isPossible()) {
    warnUnlessUnknown();
    return null;
  }
  // The program has put in a hook of its own.
  if (layer !== null) return null;
  native.noteEarlierAnswers(began, earlier);
  layer = createLayer(previous);
  setActive(true);
  return layer.resolveFilename;
}

/** Where Node resolves in a way of its own, nobody misses the addon. */
function warnUnlessUnknown() {
  if (native !== null || !runtime.isKnownTerritory()) return;
  const { code, message } = createUnavailableError();
  process.emitWarning(`${message}\nNode resolves as it did before.`, { type: 'FastResolveWarning', code });
}

/** Node's own function in its place says that the hook is gone; another's says nothing, it may lie on top. */
function isInstalled() {
  return isActive && !isNodesResolveFilename(Module._resolveFilename);
}

/** Calls back whenever the hook is put in place or taken out. */
function onChange(listener) {
  listeners.push(listener);
}

/** Whether `Module._resolveFilename` is Node's own, or the hook right above it. */
function isResolutionNodes() {
  const current = Module._resolveFilename;
  return current === layer?.resolveFilename ? layer.isAboveNodes : isNodesResolveFilename(current);
}

module.exports = { install, isInstalled, isResolutionNodes, onChange, register, takeOver, uninstall };
