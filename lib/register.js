'use strict';

// The preload: `node -r fast-resolve/register app.js`. It is one file that needs no other, and it takes what it will need before the
// program runs and can replace anything.
//
// What it puts in place is a stand-in for `Module._resolveFilename`. Where an earlier process has left a snapshot of this program,
// the hook comes in at the first request. Elsewhere Node answers the first ones: loading the addon takes as long as Node takes for
// some dozens of requests, and many programs ask for fewer.

const { Module, apply } = require('./internals.js');
const { hasSnapshot } = require('./has_snapshot.js');
const { takeOver } = require('./hook.js');
const { env } = require('./started.js');

/** How many requests Node answers where there is no snapshot: about as many as take it as long as loading the hook takes. */
const USUAL_NUMBER = 32;

/** Loads the hook, if that was put off; whoever asks for a part of the package wants to find it in place. */
let load = () => {};

function loadHook() {
  load();
}

/** What the preload does, unless FAST_RESOLVE=0. */
function register() {
  const { FAST_RESOLVE, FAST_RESOLVE_WAIT } = env;
  // Node's permission model lets nothing be loaded that is not allowed to be read.
  if (FAST_RESOLVE === '0' || process.permission !== undefined) return;
  wait(numberIn(FAST_RESOLVE_WAIT));
}

/** What FAST_RESOLVE_WAIT says, if it is a whole number. */
function numberIn(text) {
  const number = Number(text);
  return text && Number.isSafeInteger(number) && number >= 0 ? number : USUAL_NUMBER;
}

function wait(number) {
  const previous = Module._resolveFilename;
  let left = number;
  let next;

  function resolveFilename() {
    if (next === undefined && (left === 0 || (left === number && hasSnapshot()))) loadHook();
    left--;
    return apply(next ?? previous, this, arguments);
  }

  load = () => {
    if (next !== undefined) return;
    next = previous;
    try {
      next = takeOver(previous) ?? previous;
    } catch (error) {
      process.emitWarning(`fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`, {
        type: 'FastResolveWarning',
        code: 'FAST_RESOLVE_FAILED',
      });
    }
    // One function less on the way, unless somebody has patched on top of it.
    if (Module._resolveFilename === resolveFilename) Module._resolveFilename = next;
  };

  Module._resolveFilename = resolveFilename;
  if (number === 0) loadHook();
}

module.exports = { loadHook, register };
