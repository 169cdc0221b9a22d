'use strict';

// What can be told of a request before it is looked for.

const { directoryOf } = require('./lookup_paths.js');

/** Whether this is a `require` or `require.resolve` of a module that lives in a file. */
function isOfFile(request, parent, isMain) {
  return typeof request === 'string' && !isMain && (parent == null ? request[0] === '/' : isInFile(parent));
}

function isInFile(parent) {
  const { filename } = parent;
  return typeof filename === 'string' && filename[0] === '/' && Boolean(parent.id);
}

/**
 * The directory of the module that asks. What an ES module imports, Node loads by its path and without a parent (null before Node 22, then
 * undefined): only the path counts then. No package.json is looked for above a directory of this name.
 */
function directoryOfParent(parent) {
  return parent == null ? '/node_modules' : directoryOf(parent);
}

module.exports = { directoryOfParent, isOfFile };
