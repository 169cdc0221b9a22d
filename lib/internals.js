'use strict';

// The parts of Node's CommonJS loader that the Rust core stands in for.
//
// A tool may replace any part of the loader at any time, and then its replacement has to be heard: the core answers only
// while all of them are Node's own.

const { captured } = require('./captured.js');

const {
  SafeMap,
  Module,
  _findPath,
  _initPaths,
  _nodeModulePaths,
  _readPackage,
  _resolveLookupPaths,
  _stat,
  apply,
  fs,
  functionToString,
  isBuiltin,
  keys,
  nodeProcess,
  path,
  realpathSync,
} = captured;

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

const sourceOf = (value) => (typeof value === 'function' ? apply(functionToString, value, []) : '');

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

/** The functions of Node's binding that tools replace; null before the first call. */
let original = null;

/** Whether nobody has replaced what the core stands in for. Asked at every call. */
function areInternalsOriginal() {
  original ??= capture();
  return (
    original.areNodes &&
    Module._findPath === _findPath &&
    Module._nodeModulePaths === _nodeModulePaths &&
    Module._resolveLookupPaths === _resolveLookupPaths &&
    Module._initPaths === _initPaths &&
    Module._readPackage === _readPackage &&
    Module._stat === _stat &&
    fs.realpathSync === realpathSync &&
    original.binding.internalModuleStat === original.internalModuleStat &&
    original.binding.lstat === original.lstat
  );
}

/** Finds out whether what there was when this file was loaded is Node's own, and what there is in the binding. */
function capture() {
  const functions = { _findPath, _initPaths, _nodeModulePaths, _resolveLookupPaths, _stat };
  const binding = getFsBinding();
  const { internalModuleStat, lstat } = binding;
  const areNodes =
    Object.entries(MARKS).every(([name, marks]) => isNodesOwn(functions[name], marks)) &&
    READ_PACKAGE.includes(sourceOf(_readPackage)) &&
    isNodesOwn(realpathSync, REALPATH_MARKS) &&
    Object.entries({ internalModuleStat, lstat }).every(
      ([name, value]) => value === undefined || isNative(value, name),
    );
  return { areNodes, binding, internalModuleStat, lstat };
}

/**
 * Tools that put a file system of their own in the place of the real one (mock-fs) replace functions down there. With
 * --pending-deprecation, asking for it would print a warning that the program does not expect; then nobody looks.
 */
function getFsBinding() {
  const { binding } = nodeProcess;
  try {
    return isNodesOwn(binding, ['processBindingAllowList']) ? apply(binding, nodeProcess, ['fs']) : {};
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

const { isArray } = Array;
const DOT = 46;
const SLASH = 47;

/** By directory, the folder in it that Node searches (null within `node_modules` itself), and the same of the directory above. */
let searches = new SafeMap();
/** By directory, all folders that are searched, as Node joins them for the keys of `Module._pathCache`. */
let joinedFolders = new SafeMap();
let searchedFolders;
/** A program that asks from more directories begins anew: memory is bounded. */
const MAXIMUM_DIRECTORIES = 50_000;
let globalPaths = [];

/** Whether a request depends on `module.paths`. */
function isBare(request) {
  return request.charCodeAt(0) !== SLASH && !isRelative(request);
}

/** Whether `module.paths` is what Node made of the module's file name. */
function hasNodesPaths(parent, directory) {
  const { paths } = parent;
  if (!isArray(paths)) return false;
  let count = 0;
  for (let search = searchFrom(directory); search !== null; search = search.above) {
    if (search.own !== null && paths[count++] !== search.own) return false;
  }
  return paths.length === count;
}

/** As `Module._nodeModulePaths`, made of what is known of the directory above. */
function searchFrom(directory) {
  const known = searches.get(directory);
  if (known !== undefined) return known;
  if (searches.size > MAXIMUM_DIRECTORIES) searches = new SafeMap();
  const end = directory.lastIndexOf('/');
  let search;
  if (end <= 0 || end === directory.length - 1) {
    const paths = _nodeModulePaths(directory);
    search = paths.reduceRight((above, own) => ({ own, above }), null);
  } else {
    const own = directory.endsWith('/node_modules') ? null : `${directory}/node_modules`;
    search = { own, above: searchFrom(directory.slice(0, end)) };
  }
  searches.set(directory, search);
  return search;
}

/** Where Node would keep the answer to a request of a module in a directory. */
function pathCacheKey(request, directory) {
  if (request.charCodeAt(0) === SLASH) return `${request}\0`;
  if (isRelative(request)) return `${request}\0${directory}`;
  const folders = currentGlobalPaths();
  if (folders !== searchedFolders || joinedFolders.size > MAXIMUM_DIRECTORIES) {
    joinedFolders = new SafeMap();
    searchedFolders = folders;
  }
  let joined = joinedFolders.get(directory);
  if (joined === undefined) {
    joined = [..._nodeModulePaths(directory), ...folders].join('\0');
    joinedFolders.set(directory, joined);
  }
  return `${request}\0${joined}`;
}

/** As `path.dirname`, which looks at each character by itself. */
function directoryOf(filename) {
  const end = filename.lastIndexOf('/');
  return end > 0 && end < filename.length - 1 ? filename.slice(0, end) : path.dirname(filename);
}

/** As many look-ups as V8 wants to see before it optimises them, with something to spare. */
const ENOUGH_LOOKUPS = 20;

/**
 * For an object whose keys are gone through at every call. Node makes it in a way that lets V8 keep it as a hash table; as the
 * prototype of an object that is in use it gets a fixed layout, with a list of its keys at hand.
 */
function makeKeysQuick(object) {
  const child = Object.create(object);
  const lookUp = (target) => target['.js'];
  for (let count = 0; count < ENOUGH_LOOKUPS; count++) lookUp(child);
}

/** So many entries are looked through quicker than the key of one is made. */
const FEW_ENTRIES = 12;
/** What `Module._pathCache` held when Node had last entered something there itself. */
let cachedKeys = [];
let cachedPaths = [];

/** To be called when Node itself may have entered something in `Module._pathCache`. */
function notePathCache() {
  const cache = Module._pathCache ?? {};
  cachedKeys = keys(cache);
  cachedPaths = [];
  if (cachedKeys.length > FEW_ENTRIES) return;
  for (let index = 0; index < cachedKeys.length; index++) cachedPaths[index] = cache[cachedKeys[index]];
  makeKeysQuick(cache);
}

/** Whether `Module._pathCache` has an answer to a request. Mostly there is nothing in it but what Node has entered long ago. */
function isInPathCache(request, directory) {
  const cache = Module._pathCache;
  if (!cache) return false;
  let index = 0;
  for (const key in cache) {
    if (index >= FEW_ENTRIES || key !== cachedKeys[index] || cache[key] !== cachedPaths[index]) {
      return Boolean(cache[pathCacheKey(request, directory)]);
    }
    if (isKeyOf(key, request)) return Boolean(cache[pathCacheKey(request, directory)]);
    index++;
  }
  return false;
}

function isKeyOf(key, request) {
  return key.length > request.length && key.charCodeAt(request.length) === 0 && key.startsWith(request);
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
    if (folder.charCodeAt(0) === SLASH && !folder.includes('/.') && !folder.includes('//')) return true;
    const resolved = path.resolve(folder);
    return folder === resolved || folder === `${resolved}/`;
  });
}

module.exports = {
  areEqual,
  areInternalsOriginal,
  areResolved,
  currentGlobalPaths,
  directoryOf,
  hasNodesPaths,
  isBare,
  isInPathCache,
  isCoreModule,
  isNodesResolveFilename,
  isRelative,
  makeKeysQuick,
  notePathCache,
  pathCacheKey,
};
