'use strict';

// What the running Node tells of itself, and the answers that rest on it.

const { Answers } = require('./answers.js');
const { captured } = require('./captured.js');
const { keepCodes } = require('./keep_codes.js');
const { getNative } = require('./load_addon.js');
const { isNodesResolveFilename } = require('./internals.js');
const { areEqual } = require('./lookup_paths.js');
const { getEarlyAnswers } = require('./early_hook.js');
const { createNodeResolver } = require('./node_resolver.js');
const { origin } = require('./origin.js');
const { currentOptions } = require('./search_options.js');
const {
  getConditions,
  getImportConditions,
  getNodeOptions,
  isKnownTerritory,
  whyUnknownTerritory,
} = require('./territory.js');
const { whenTurnEnds } = require('./turn.js');

const { Module, SafeMap, _resolveFilename, apply, arrayJoin, includes, isBuiltin, path, startsWith } = captured;

let slashImports;
let wasSlashImportsAsked = false;
let unreadableIsError;
let builtins;

/** The options that hold now. */
let options;
/** The answers for these, by what is believed, and all that have held, by name: a program may register an extension and take it away again. */
let current;
const withoutAnswers = (isOrdinary) => ({
  turn: undefined,
  'until-invalidated': undefined,
  nothing: undefined,
  isOrdinary,
});
const all = new SafeMap();
/** The answers of all of them, with the global folders of each. */
const used = [];
takeEarlyAnswers();

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
  if (builtins === undefined) {
    const { builtinModules } = Module;
    builtins = [];
    for (let index = 0; index < builtinModules.length; index++) {
      const name = builtinModules[index];
      if (!startsWith(name, 'node:') && isBuiltin(name)) builtins[builtins.length] = name;
    }
  }
  return builtins;
}

/**
 * The answers for what `Module._extensions` and the global folders are at this moment.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe What is believed without a look.
 * @returns {Answers | null} Null where Node has to be asked. The same object as before means the same options.
 */
function getCurrentAnswers(believe) {
  const now = currentOptions();
  if (now !== options && !enterOptions(now)) return null;
  return current[believe] ?? addAnswers(believe);
}

/** The same, where something has changed; whether this is a Node that the core knows. */
function enterOptions(now) {
  if (!isKnownTerritory()) return false;
  const name = `${arrayJoin(now.extensions, '\0')}\0\0${arrayJoin(now.globalPaths, '\0')}`;
  current = all.get(name) ?? withoutAnswers(areOrdinary(now));
  all.set(name, current);
  options = now;
  return true;
}

function addAnswers(believe) {
  if (!current.isOrdinary) return null;
  const resolver = createNodeResolver(believe, options, all.size === 1);
  if (believe === 'turn' && origin.codes !== undefined) whenTurnEnds(() => keepCodes(resolver.number()));
  return useAnswers(new Answers(resolver, believe), believe);
}

function useAnswers(answers, believe) {
  current[believe] = answers;
  used[used.length] = { answers, folders: options.globalPaths };
  return answers;
}

/** What was answered before the core was there, it goes on with. */
function takeEarlyAnswers() {
  const early = getEarlyAnswers();
  if (early === undefined || !enterOptions(early.options)) return;
  // Whoever takes it away takes the resolver away: there may be but one, also where this is done once more.
  early.owner ??= getNative().Resolver.of(early.resolver);
  useAnswers(new Answers(early.owner, 'turn', early), 'turn');
  if (origin.codes !== undefined) whenTurnEnds(() => keepCodes(early.resolver));
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
    if (others === answers || !areEqual(folders, options.globalPaths)) continue;
    const keptByOthers = others.earlierAnswer(directory, request);
    if (keptByOthers !== null) return keptByOthers;
  }
  return null;
}

/** `imports` need two more facts of the running Node. One costs an exception to find out, and is of use only for names such as `#/name`. */
function prepareForImports(answers, request) {
  const isSlash = request[1] === '/';
  if (isSlash ? answers.knowsSlashImports : answers.knowsBuiltins) return;
  answers.knowsBuiltins = true;
  answers.knowsSlashImports ||= isSlash;
  const slash = isSlash ? getSlashImports() : slashImports;
  answers.tellFactsForImports(getBuiltins(), slash);
  // While the question was asked, there was no answer yet.
  answers.knowsSlashImports = slash !== undefined;
}

/** Whether the core can take the extensions and global folders as they are. */
function areOrdinary({ extensions, globalPaths }) {
  for (let index = 0; index < extensions.length; index++) {
    if (isOddExtension(extensions[index])) return false;
  }
  return areResolved(globalPaths);
}

function isOddExtension(extension) {
  return includes(extension, '/') || includes(extension, '\0') || includes(extension, '\ufffd');
}

/** Node uses these as they are written; a path that is not absolute and normalised could lead elsewhere. */
function areResolved(paths) {
  for (let index = 0; index < paths.length; index++) {
    if (!isResolved(paths[index])) return false;
  }
  return true;
}

function isResolved(folder) {
  if (!startsWith(folder, '/') || includes(folder, '//')) return false;
  return !includes(`${folder}/`, '/./') && !includes(`${folder}/`, '/../');
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
