'use strict';

// The turn in which the preload has found a snapshot: the addon looks at what its answers rest on while the rest is being loaded, and what
// it sees is seen in this turn.

const { captured } = require('./captured.js');
const { imports } = require('./first_import.js');
const { keepCodes } = require('./keep_codes.js');

const { apply, nextTick, nodeProcess, now } = captured;

/** No turn is believed for longer, in milliseconds: a program may have waited for others all the time. */
const LONGEST = 250;
/** Its number: turns are counted from here. */
const FIRST_TURN = 1;

/**
 * `began`: in milliseconds, or undefined where there is no such turn. `resolver`: the number of the one that was used in it. `close`: what is
 * to be done when it ends.
 */
const loading = { __proto__: null, began: undefined, isOpen: false, resolver: undefined, close: undefined };

function openTurnOfLoading() {
  loading.began = now();
  loading.isOpen = true;
  end();
}

/** Whether it goes on. A clock that was set back tells nothing. */
function isLoading() {
  const age = now() - loading.began;
  return loading.isOpen && age < LONGEST && age >= 0;
}

/** The first call of `process.nextTick` takes 0.1 ms; `await` needs nothing that a program can replace. */
async function end() {
  await undefined;
  if (imports.handle === undefined) return close();
  // What an ES module imports, it asks for in reactions to promises, which are part of the turn.
  try {
    apply(nextTick, nodeProcess, [close]);
  } catch {
    // An earlier preload has put something else there.
    close();
  }
}

function close() {
  loading.isOpen = false;
  keepCodes(loading.resolver);
  loading.close?.();
}

module.exports = { FIRST_TURN, LONGEST, isLoading, loading, openTurnOfLoading };
