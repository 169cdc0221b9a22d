'use strict';

// The turn in which the preload has found a snapshot: the addon looks at what its answers rest on while the rest is being loaded, and what
// it sees is seen in this turn. Others follow it, where a program takes longer to start than a turn may last, or has to wait.
//
// What is found out in a turn is believed in it (`turn.js`).

const { captured } = require('./captured.js');
const { imports } = require('./first_import.js');
const { keepCodes } = require('./keep_codes.js');

const { apply, nextTick, nodeProcess, now } = captured;

/** No turn is believed for longer, in milliseconds: a program may have waited for others all the time. */
const LONGEST = 250;

/** A program that asks in more turns is for the core, which proves answers one by one. */
const MANY = 8;
let later = 0;

/**
 * `number`: of the turn that goes on; 0 where there was none. `began`: in milliseconds. `isOpen`: whether the program has not given back control
 * since. `resolver`: the number of the one that is used. `close`: what is to be done when it gives it back.
 */
const loading = { number: 0, began: 0, isOpen: false, resolver: undefined, close: undefined };

function openTurnOfLoading() {
  loading.isOpen = true;
  begin();
  end();
}

/** In place of one that has ended; whether that is worth it. */
function beginAnotherTurn() {
  if (!loading.isOpen) {
    if (later === MANY) return false;
    later++;
    apply(nextTick, nodeProcess, [close]);
    loading.isOpen = true;
  }
  begin();
  return true;
}

function begin() {
  loading.number++;
  loading.began = now();
}

/** Whether the turn goes on. A clock that was set back tells nothing. */
function isTurnOfLoading() {
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

module.exports = { LONGEST, beginAnotherTurn, isTurnOfLoading, loading, openTurnOfLoading };
