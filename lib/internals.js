'use strict';

// What everything else rests on: Node's own modules, the parts of its CommonJS loader that the Rust core stands in for,
// and (by way of addon.js) the addon. They share a file because each file on the way to the hook costs every program a fifth of a millisecond.
//
// A tool may replace any part of the loader at any time, and then its replacement has to be heard: the core answers only
// while all of them are Node's own.

// Asked for by `require`, Node would first prepare these three for ES modules, which takes longer than all that is done
// with them on the way to the hook.
const getBuiltinModule = process.getBuiltinModule ?? require;
const fs = getBuiltinModule('fs');
const path = getBuiltinModule('path');
/** In the bundle, `module` is that of a part; the bundle's own has another name (scripts/bundle.mjs). */
const ownModule = typeof bundleModule === 'undefined' ? module : bundleModule;
/** The class of this very module, unless a test runner runs it as something of its own. */
const Module =
  ownModule.constructor?._resolveFilename === undefined ? getBuiltinModule('module') : ownModule.constructor;

const { createUnavailableError, native } = require('./addon.js');

const { isBuiltin, _nodeModulePaths, _resolveLookupPaths } = Module;

/**
 * Pieces of source text that only Node's own functions have: they name what exists nowhere but within Node, so that a
 * wrapper that had them could not run. Of a Node with other text nothing is known, and it is left to itself.
 */
const MARKS = {
  _findPath: ['resolveExports(', 'reportModuleNotFoundToWatchMode(', 'StringPrototypeCharCodeAt('],
  _initPaths: ['ArrayPrototypeUnshift(', 'modulePaths = paths'],
  _nodeModulePaths: ['nmChars[', 'StringPrototypeCharCodeAt('],
  _resolveLookupPaths: ['ArrayPrototypeSlice(modulePaths)', 'BuiltinModule.normalizeRequirableId('],
  _stat: ['statCache', 'internalModuleStat(filename)'],
};
const REALPATH_MARKS = ['knownHard', 'realpathCacheKey'];
const RESOLVE_FILENAME_MARKS = ['BuiltinModule.normalizeRequirableId(request)', 'ArrayPrototypeJoin('];
/** This one is so short that its pieces prove nothing. */
const READ_PACKAGE = [
  "function readPackage(requestPath) {\n  return read(resolve(requestPath, 'package.json'));\n}",
  "(requestPath) => packageJsonReader.read(path.resolve(requestPath, 'package.json'))",
];

const sourceOf = (value) => (typeof value === 'function' ? Function.prototype.toString.call(value) : '');

function isNodesOwn(value, marks) {
  const source = sourceOf(value);
  return marks.every((mark) => source.includes(mark));
}

let nodesResolveFilename;

/** Whether this is the `_resolveFilename` that Node came with. */
function isNodesResolveFilename(value) {
  if (value === nodesResolveFilename) return true;
  if (!isNodesOwn(value, RESOLVE_FILENAME_MARKS)) return false;
  nodesResolveFilename = value;
  return true;
}

let original = null;

/** Whether nobody has replaced what the core stands in for. Asked at every call. */
function areInternalsOriginal() {
  original ??= capture();
  return (
    original.areNodes &&
    Module._findPath === original._findPath &&
    Module._nodeModulePaths === _nodeModulePaths &&
    Module._resolveLookupPaths === _resolveLookupPaths &&
    Module._initPaths === original._initPaths &&
    Module._readPackage === original._readPackage &&
    Module._stat === original._stat &&
    fs.realpathSync === original.realpathSync &&
    original.binding.internalModuleStat === original.internalModuleStat &&
    original.binding.lstat === original.lstat
  );
}

/** What there is at the first call, and whether it is Node's own. */
function capture() {
  const { _findPath, _initPaths, _readPackage, _stat } = Module;
  const { realpathSync } = fs;
  const binding = getFsBinding();
  const { internalModuleStat, lstat } = binding;
  const areNodes =
    Object.entries(MARKS).every(([name, marks]) => isNodesOwn(Module[name], marks)) &&
    READ_PACKAGE.includes(sourceOf(_readPackage)) &&
    isNodesOwn(realpathSync, REALPATH_MARKS) &&
    Object.entries({ internalModuleStat, lstat }).every(
      ([name, value]) => value === undefined || isNative(value, name),
    );
  return { areNodes, binding, _findPath, _initPaths, _readPackage, _stat, realpathSync, internalModuleStat, lstat };
}

/**
 * Tools that put a file system of their own in the place of the real one (mock-fs) replace functions down there. With
 * --pending-deprecation, asking for it would print a warning that the program does not expect; then nobody looks.
 */
function getFsBinding() {
  const { binding } = process;
  try {
    return isNodesOwn(binding, ['processBindingAllowList']) ? binding('fs') : {};
  } catch {
    // The permission model forbids it; the hook does not install there.
    return {};
  }
}

/** A function of the binding itself; one that was bound has lost its name. */
function isNative(value, name) {
  return sourceOf(value) === `function ${name}() { [native code] }`;
}

// Where bare names are looked up: `module.paths`, which a program may edit, and the global folders, which
// `Module._initPaths()` reads again.

const DOT = 46;
const SLASH = 47;

/** By directory: its node_modules directories, and these and the global folders as Node joins them for a key. */
const lookupsByDirectory = new Map();
let globalPaths = [];

/**
 * The directories that Node would search, joined as in the keys of `Module._pathCache`; undefined where `module.paths` is
 * not what Node made of the module's file name.
 * @param {string} request
 * @param {Module} parent A module with a file name.
 * @param {string} directory That of the file name.
 */
function describeLookup(request, parent, directory) {
  // Relative and absolute requests do not depend on `module.paths`.
  if (request.charCodeAt(0) === SLASH) return '';
  if (isRelative(request)) return directory;
  const folders = currentGlobalPaths();
  let lookup = lookupsByDirectory.get(directory);
  if (lookup?.folders !== folders) {
    const paths = _nodeModulePaths(directory);
    lookup = { folders, paths, joined: [...paths, ...folders].join('\0') };
    lookupsByDirectory.set(directory, lookup);
  }
  return Array.isArray(parent.paths) && areEqual(parent.paths, lookup.paths) ? lookup.joined : undefined;
}

/** Whether this is a core module. Most requests are paths, and no core module has the name of one. */
function isCoreModule(request) {
  const first = request.charCodeAt(0);
  return first !== DOT && first !== SLASH && isBuiltin(request);
}

/** As `Module._resolveLookupPaths` tells them apart. */
function isRelative(request) {
  if (request.charCodeAt(0) !== DOT) return false;
  const second = request.charCodeAt(1);
  return request.length === 1 || second === DOT || second === SLASH;
}

/** The list that Node itself searches, and the copy of it that Node made when it last read NODE_PATH. */
let internalPaths;
let copiedPaths = null;

/**
 * NODE_PATH and the folders in the home directory and beside Node, as Node has them now. The same array as before while
 * they have not changed.
 * @returns {string[]}
 */
function currentGlobalPaths() {
  if (Module.globalPaths !== copiedPaths) {
    copiedPaths = Module.globalPaths;
    // `Module.globalPaths` is only a copy. Node hands out the real list to a module without paths.
    internalPaths = _resolveLookupPaths('fast-resolve', null) ?? [];
  }
  if (!areEqual(internalPaths, globalPaths)) globalPaths = [...internalPaths];
  return globalPaths;
}

function areEqual(left, right) {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

/** Node uses these as they are written; a path that is not absolute and normalised could lead elsewhere. */
function areResolved(paths) {
  return paths.every((folder) => {
    const resolved = path.resolve(folder);
    return folder === resolved || folder === `${resolved}/`;
  });
}

module.exports = {
  Module,
  areEqual,
  areInternalsOriginal,
  areResolved,
  createUnavailableError,
  currentGlobalPaths,
  describeLookup,
  fs,
  isBuiltin,
  isCoreModule,
  isNodesResolveFilename,
  isRelative,
  native,
  path,
};
