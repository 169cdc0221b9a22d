'use strict';

// What can be told of a request before it is looked for.

const { captured } = require('./captured.js');
const { directoryOf } = require('./lookup_paths.js');

const isWindows = captured.platform === 'win32';

/** What the native resolver answers where Node has to be asked, where there is nothing of that name, and from where on it is a number. */
const UNSURE = 0;
const NOT_FOUND = 1;
const AGAIN = 2;

/** Whether the options of a request are none. `require.resolve` passes `{}` from Node 24 on. */
function isPlain({ paths, conditions }) {
  return paths === undefined && conditions === undefined;
}

/** Whether this is a `require` or `require.resolve` of a module that lives in a file. */
function isOfFile(request, parent, isMain) {
  if (typeof request !== 'string' || isMain) return false;
  if (parent != null) return isInFile(parent);
  return isWindows ? isOnDrive(request) : request[0] === '/';
}

function isInFile(parent) {
  const { filename } = parent;
  if (typeof filename !== 'string' || !parent.id) return false;
  return isWindows ? isOnDrive(filename) : filename[0] === '/';
}

/** What lies on other machines is left to Node. */
function isOnDrive(file) {
  return file[1] === ':' && file[2] === '\\';
}

/**
 * The directory of the module that asks. What an ES module imports, Node loads by its path and without a parent (null before Node 22, then
 * undefined): only the path counts then. No package.json is looked for above a directory of this name.
 */
function directoryOfParent(parent) {
  return parent == null ? '/node_modules' : directoryOf(parent);
}

module.exports = { AGAIN, NOT_FOUND, UNSURE, directoryOfParent, isOfFile, isPlain };
