'use strict';

// What can be told of a request before it is looked for.

const { captured } = require('./captured.js');
const { directoryOf } = require('./lookup_paths.js');

const { env, nodeProcess, platform } = captured;

const isWindows = platform === 'win32';

/** What the native resolver answers where Node has to be asked, where there is nothing of that name, and from where on it is a number. */
const UNSURE = 0;
const NOT_FOUND = 1;
const AGAIN = 2;

/** Whether Node resolves as it does, mostly, and tells nobody of it. */
function isUsualNode() {
  return nodeProcess.versions?.pnp === undefined && !env.WATCH_REPORT_DEPENDENCIES && !env.NODE_DEBUG;
}

/** Whether a request has no options. `require.resolve` passes `{}` from Node 24 on. */
function isPlain(given) {
  return given === undefined || (given.paths === undefined && given.conditions === undefined);
}

/** Whether this is a `require` or `require.resolve` of a module that lives in a file. */
function isOfFile(request, parent, isMain) {
  return typeof request === 'string' && !isMain && (parent == null ? isAbsolute(request) : isInFile(parent));
}

/** On Windows, only what begins with a drive: what lies on other machines is left to Node. */
function isAbsolute(file) {
  return isWindows ? file[1] === ':' && file[2] === '\\' : file[0] === '/';
}

function isInFile(parent) {
  const { filename } = parent;
  return typeof filename === 'string' && isAbsolute(filename) && Boolean(parent.id);
}

/**
 * The directory of the module that asks. What an ES module imports, Node loads by its path and without a parent (null before Node 22, then
 * undefined): only the path counts then. No package.json is looked for above a directory of this name.
 */
function directoryOfParent(parent) {
  return parent == null ? '/node_modules' : directoryOf(parent);
}

module.exports = { AGAIN, NOT_FOUND, UNSURE, directoryOfParent, isOfFile, isPlain, isUsualNode };
