'use strict';

// What can be told of a request before it is looked for.

const { captured } = require('./captured.js');
const { directoryOf } = require('./lookup_paths.js');

const isWindows = captured.platform === 'win32';

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

module.exports = { directoryOfParent, isOfFile };
