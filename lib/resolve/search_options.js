'use strict';

// What a program may change of how Node searches: `Module._extensions`, and the global folders.

const { captured } = require('./captured.js');
const { makeKeysQuick } = require('./keys.js');
const { currentGlobalPaths } = require('./lookup_paths.js');

const { Module, keys } = captured;

let options = { __proto__: null, extensions: [], globalPaths: undefined };

/**
 * As they are at this moment. The same object as before means that they are the same.
 * @returns {{ extensions: string[], globalPaths: string[] }}
 */
function currentOptions() {
  const globalPaths = currentGlobalPaths();
  const { extensions } = options;
  if (globalPaths !== options.globalPaths) return takeOptions(globalPaths);
  // This is asked at every call, so that the keys are compared here.
  let count = 0;
  for (const extension in Module._extensions) {
    if (extension !== extensions[count]) return takeOptions(globalPaths);
    count++;
  }
  return count === extensions.length ? options : takeOptions(globalPaths);
}

function takeOptions(globalPaths) {
  options = { __proto__: null, extensions: keys(Module._extensions), globalPaths };
  makeKeysQuick(Module._extensions);
  return options;
}

module.exports = { currentOptions };
