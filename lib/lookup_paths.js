// Where bare names are looked up: `module.paths`, which a program may edit, and the global folders, which
// `Module._initPaths()` reads again.

const Module = require('node:module');
const path = require('node:path');

const { _nodeModulePaths: nodeModulePaths, _resolveLookupPaths: resolveLookupPaths } = Module;

/** node_modules directories by the directory they were asked for. */
const pathsByDirectory = new Map();
let published = null;
let internalPaths = [];
let globalPaths = [];

/** Whether `module.paths` is what Node made of the module's file name. */
function hasDefaultPaths(parent) {
  const { paths } = parent;
  if (!Array.isArray(paths)) return false;
  const directory = path.dirname(parent.filename);
  let expected = pathsByDirectory.get(directory);
  if (expected === undefined) {
    expected = nodeModulePaths(directory);
    pathsByDirectory.set(directory, expected);
  }
  return areEqual(paths, expected);
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

module.exports = { areEqual, areResolved, currentGlobalPaths, hasDefaultPaths };
