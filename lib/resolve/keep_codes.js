'use strict';

// Where V8 had to compile texts of the hook, what it made of them goes to the snapshot, when the program has started.

const { captured } = require('./captured.js');
const { getFirst } = require('./load_addon.js');
const { origin } = require('./origin.js');

const { warn } = captured;

/** @param {number | undefined} resolver The number of the one that has the snapshot; undefined where there was none yet. */
function keepCodes(resolver) {
  if (resolver === undefined) return;
  for (let code = origin.codes; code !== undefined; code = code.next) {
    try {
      getFirst().keepCode(resolver, code.key, code.make());
    } catch (error) {
      warn(`fast-resolve could not keep its code. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
    }
  }
  origin.codes = undefined;
}

module.exports = { keepCodes };
