'use strict';

// The parts of Node's CommonJS loader that the Rust core stands in for. A tool may replace any of them at any time, and
// then its replacement has to be heard: the core answers only while all of them are Node's own.

const fs = require('node:fs');
const Module = require('node:module');

/** Name, and a piece of the source that only Node's own function has. */
const MARKS = {
  _findPath: 'resolveExports(',
  _initPaths: 'modulePaths = paths',
  _nodeModulePaths: 'nmLen',
  _readPackage: 'package.json',
  _resolveLookupPaths: 'modulePaths',
  _stat: 'internalModuleStat',
};
const RESOLVE_FILENAME_MARK = 'normalizeRequirableId';

const { isBuiltin, _findPath, _initPaths, _nodeModulePaths, _readPackage, _resolveLookupPaths, _stat } = Module;
const { realpathSync } = fs;

const wereOriginal =
  Object.entries(MARKS).every(([name, mark]) => isNodesOwn(Module[name], mark)) &&
  isNodesOwn(realpathSync, 'knownHard');

function isNodesOwn(value, mark) {
  return typeof value === 'function' && Function.prototype.toString.call(value).includes(mark);
}

let nodesResolveFilename;

/** Whether this is the `_resolveFilename` that Node came with. */
function isNodesResolveFilename(value) {
  if (value === nodesResolveFilename) return true;
  if (!isNodesOwn(value, RESOLVE_FILENAME_MARK)) return false;
  nodesResolveFilename = value;
  return true;
}

/** Whether nobody has replaced what the core stands in for. Asked at every call. */
function areInternalsOriginal() {
  return (
    wereOriginal &&
    Module._findPath === _findPath &&
    Module._nodeModulePaths === _nodeModulePaths &&
    Module._resolveLookupPaths === _resolveLookupPaths &&
    Module._initPaths === _initPaths &&
    Module._readPackage === _readPackage &&
    Module._stat === _stat &&
    fs.realpathSync === realpathSync
  );
}

module.exports = { areInternalsOriginal, isBuiltin, isNodesResolveFilename };
