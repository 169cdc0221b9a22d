'use strict';

// What a program may change of how Node searches: `Module._extensions`, and the global folders, which `Module._initPaths()` reads again.

const { captured } = require('./captured.js');
const { makeKeysQuick } = require('./keys.js');
const { areEqual } = require('./lookup_paths.js');

const { Module, _resolveLookupPaths, getPrototypeOf, keys } = captured;

/** The list that Node itself searches, and the copy of it that Node made when it last read NODE_PATH. */
let internalPaths = [];
let copiedPaths = null;
/** What was there when it was last looked at. */
let globalPaths = [];
let options = { __proto__: null, extensions: [], globalPaths: undefined };

/**
 * As they are at this moment. The same object as before means that they are the same. This is asked for each request, so that it is one
 * function.
 * @returns {{ extensions: string[], globalPaths: string[] }}
 */
function currentOptions() {
  if (Module.globalPaths !== copiedPaths || options.globalPaths !== globalPaths) return takeOptions();
  if (internalPaths.length !== globalPaths.length) return takeOptions();
  // Inherited keys are none to Node.
  if (getPrototypeOf(Module._extensions) !== null) return takeOptions();
  for (let index = 0; index < globalPaths.length; index++) {
    if (internalPaths[index] !== globalPaths[index]) return takeOptions();
  }
  const { extensions } = options;
  let count = 0;
  for (const extension in Module._extensions) {
    if (extension !== extensions[count]) return takeOptions();
    count++;
  }
  return count === extensions.length ? options : takeOptions();
}

function takeOptions() {
  const extensions = keys(Module._extensions);
  if (options.globalPaths !== currentGlobalPaths() || !areEqual(options.extensions, extensions)) {
    options = { __proto__: null, extensions, globalPaths };
    makeKeysQuick(Module._extensions);
  }
  return options;
}

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
  if (!areEqual(internalPaths, globalPaths)) {
    globalPaths = [];
    for (let index = 0; index < internalPaths.length; index++) globalPaths[index] = internalPaths[index];
  }
  return globalPaths;
}

module.exports = { currentGlobalPaths, currentOptions };
