'use strict';

// The parts of Node's CommonJS loader that the Rust core stands in for.
//
// A tool may replace any part of the loader at any time, and then its replacement has to be heard: the core answers only
// while all of them are Node's own.

const { captured } = require('./captured.js');
const { getFirst } = require('./load_addon.js');

const {
  Module,
  _findPath,
  _initPaths,
  _nodeModulePaths,
  _readPackage,
  _resolveLookupPaths,
  _stat,
  apply,
  env,
  fs,
  includes,
  isBuiltin,
  nodeProcess,
  realpathSync,
  sourceOf,
} = captured;

/** Pieces of source text that only Node's own function has; those of the others are in `src/internals.rs`. */
const RESOLVE_FILENAME_MARKS = ['BuiltinModule.normalizeRequirableId(request)', 'ArrayPrototypeJoin('];

function isNodesOwn(value, marks) {
  const source = sourceOf(value);
  for (let index = 0; index < marks.length; index++) {
    if (!includes(source, marks[index])) return false;
  }
  return true;
}

let nodesResolveFilename;

/** Whether this is the `_resolveFilename` that Node came with. */
function isNodesResolveFilename(value) {
  if (value === nodesResolveFilename) return true;
  if (!isNodesOwn(value, RESOLVE_FILENAME_MARKS)) return false;
  nodesResolveFilename = value;
  return true;
}

/** Whether Node resolves as it does, mostly, and tells nobody of it. */
function isUsualNode() {
  return nodeProcess.versions?.pnp === undefined && !env.WATCH_REPORT_DEPENDENCIES && !env.NODE_DEBUG;
}

/** In the order in which the core knows them. */
const STOOD_IN_FOR = [_findPath, _initPaths, _nodeModulePaths, _resolveLookupPaths, _stat, realpathSync];
/** In place of the binding, where nobody looks. */
const UNSEEN = { internalModuleStat: undefined, lstat: undefined };

/** The functions of Node's binding that tools replace, once they were looked at. */
let binding = null;
let internalModuleStat;
let lstat;
let areNodes = false;

/** Whether nobody has replaced what the core stands in for. Asked at every call. */
function areInternalsOriginal() {
  if (binding === null) capture();
  return (
    areNodes &&
    Module._findPath === _findPath &&
    Module._nodeModulePaths === _nodeModulePaths &&
    Module._resolveLookupPaths === _resolveLookupPaths &&
    Module._initPaths === _initPaths &&
    Module._readPackage === _readPackage &&
    Module._stat === _stat &&
    fs.realpathSync === realpathSync &&
    binding.internalModuleStat === internalModuleStat &&
    binding.lstat === lstat
  );
}

/** Finds out whether what there was when this file was loaded is Node's own, and what there is in the binding. */
function capture() {
  binding = getFsBinding();
  ({ internalModuleStat, lstat } = binding);
  let texts = '';
  for (let index = 0; index < STOOD_IN_FOR.length; index++) texts += `${sourceOf(STOOD_IN_FOR[index])}\0`;
  texts += sourceOf(_readPackage);
  if (binding !== UNSEEN) texts += `\0${sourceOf(internalModuleStat)}\0${sourceOf(lstat)}`;
  areNodes = getFirst()?.areNodesOwn(texts) === true;
}

/**
 * Tools that put a file system of their own in the place of the real one (mock-fs) replace functions down there. With
 * --pending-deprecation, asking for it would print a warning that the program does not expect; then nobody looks.
 */
function getFsBinding() {
  const { binding } = nodeProcess;
  try {
    return isNodesOwn(binding, ['processBindingAllowList']) ? apply(binding, nodeProcess, ['fs']) : UNSEEN;
  } catch {
    // The permission model forbids it; the hook does not install there.
    return UNSEEN;
  }
}

/** Whether this is a core module. Most requests are paths, and no core module has the name of one. */
function isCoreModule(request) {
  return request[0] !== '.' && request[0] !== '/' && isBuiltin(request);
}

module.exports = { areInternalsOriginal, isCoreModule, isNodesResolveFilename, isUsualNode };
