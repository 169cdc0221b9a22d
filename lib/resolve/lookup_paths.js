'use strict';

// Where names are looked up: the directories of modules, and `module.paths`, which a program may edit.

const { captured } = require('./captured.js');

const { SafeMap, _nodeModulePaths, endsWith, indexOf, isArray, lastIndexOf, path, slice, startsWith } = captured;

/** By directory, the folder in it that Node searches (null within `node_modules` itself), and the same of the directory above. */
let searches = new SafeMap();
/** A program that asks from more directories begins anew: memory is bounded. */
const MAXIMUM_DIRECTORIES = 50_000;

let lastFilename = '';
let lastDirectory = '.';
/** The directories of files that have asked. */
let directories = new SafeMap();

/**
 * The directory of a module's file, as `path.dirname` tells it, which looks at each character by itself. Node has asked that already when
 * it made the module. A module mostly asks several times in a row.
 */
function directoryOf({ filename, path: known }) {
  if (filename === lastFilename) return lastDirectory;
  lastDirectory = directories.get(filename) ?? enterDirectoryOf(filename, known);
  lastFilename = filename;
  return lastDirectory;
}

function enterDirectoryOf(filename, known) {
  if (directories.size > MAXIMUM_DIRECTORIES) directories = new SafeMap();
  const directory = isDirectoryOf(known, filename) ? known : cutDirectory(filename);
  directories.set(filename, directory);
  return directory;
}

function isDirectoryOf(directory, filename) {
  if (typeof directory !== 'string' || directory.length === 0 || filename[directory.length] !== '/') return false;
  const begin = directory.length + 1;
  return begin < filename.length && indexOf(filename, '/', begin) === -1 && startsWith(filename, directory);
}

function cutDirectory(filename) {
  const end = lastIndexOf(filename, '/');
  return end > 0 && end < filename.length - 1 ? slice(filename, 0, end) : path.dirname(filename);
}

/** As `Module._resolveLookupPaths` tells them apart. */
function isRelative(request) {
  if (request[0] !== '.') return false;
  return request.length === 1 || request[1] === '.' || request[1] === '/';
}

/** Whether a request depends on `module.paths`. */
function isBare(request) {
  return request[0] !== '/' && !isRelative(request);
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
  const end = lastIndexOf(directory, '/');
  let search = null;
  if (end <= 0 || end === directory.length - 1) {
    const paths = _nodeModulePaths(directory);
    for (let index = paths.length - 1; index >= 0; index--) search = { own: paths[index], above: search };
  } else {
    const own = endsWith(directory, '/node_modules') ? null : `${directory}/node_modules`;
    search = { own, above: searchFrom(slice(directory, 0, end)) };
  }
  searches.set(directory, search);
  return search;
}

function areEqual(left, right) {
  if (left.length !== right.length) return false;
  for (let index = 0; index < left.length; index++) {
    if (left[index] !== right[index]) return false;
  }
  return true;
}

module.exports = {
  MAXIMUM_DIRECTORIES,
  areEqual,
  directoryOf,
  hasNodesPaths,
  isBare,
  isRelative,
};
