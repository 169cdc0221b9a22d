'use strict';

// Where bare names are looked up: `module.paths`, which a program may edit, and the global folders, which
// `Module._initPaths()` reads again.

const Module = require('node:module');
const path = require('node:path');

const { _nodeModulePaths: nodeModulePaths, _resolveLookupPaths: resolveLookupPaths } = Module;

const DOT = 46;
const SLASH = 47;

/** By directory: its node_modules directories, and these and the global folders as Node joins them for a key. */
const lookupsByDirectory = new Map();
let published = null;
let internalPaths = [];
let globalPaths = [];

/**
 * The directories that Node would search, joined as in the keys of `Module._pathCache`; undefined where `module.paths` is
 * not what Node made of the module's file name.
 * @param {string} request
 * @param {Module} parent A module with a file name.
 */
function describeLookup(request, parent) {
  // Relative and absolute requests do not depend on `module.paths`.
  if (request.charCodeAt(0) === SLASH) return '';
  const directory = path.dirname(parent.filename);
  if (isRelative(request)) return directory;
  const folders = currentGlobalPaths();
  let lookup = lookupsByDirectory.get(directory);
  if (lookup?.folders !== folders) {
    const paths = nodeModulePaths(directory);
    lookup = { folders, paths, joined: [...paths, ...folders].join('\0') };
    lookupsByDirectory.set(directory, lookup);
  }
  return Array.isArray(parent.paths) && areEqual(parent.paths, lookup.paths) ? lookup.joined : undefined;
}

/** As `Module._resolveLookupPaths` tells them apart. */
function isRelative(request) {
  if (request.charCodeAt(0) !== DOT) return false;
  const second = request.charCodeAt(1);
  return request.length === 1 || second === DOT || second === SLASH;
}

/**
 * NODE_PATH and the folders in the home directory and beside Node, as Node has them now. The same array as before while
 * they have not changed.
 * @returns {string[]}
 */
function currentGlobalPaths() {
  // `Module.globalPaths` is only a copy, but a new one whenever the real list is made anew. Node hands out the real list
  // to a module without paths.
  if (Module.globalPaths !== published) {
    published = Module.globalPaths;
    internalPaths = resolveLookupPaths('fast-resolve', null) ?? [];
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

module.exports = { areEqual, areResolved, currentGlobalPaths, describeLookup, isRelative };
