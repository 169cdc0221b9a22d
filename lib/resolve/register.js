'use strict';

// The preload: `node -r fast-resolve/register app.js`. It is one file that needs no other, and it takes what it will need before the
// program runs and can replace anything.
//
// Where an earlier process has left a snapshot of this program, the hook comes in at once. Elsewhere a stand-in for
// `Module._resolveFilename` lets Node answer the first requests: loading the hook takes as long as Node takes for some dozens of them,
// and many programs ask for fewer.

const { captured } = require('./captured.js');
const ofImports = require('./imports.js');

const { Module, apply, env, getBuiltinModule, mayHaveLoaded, ownModule, warn } = captured;
const { hasSnapshot, isWanted, runCore } = bootGiven;
const { giveUpImports, imports, putInImports, takeOutImports } = ofImports;

/** How many requests Node answers where there is no snapshot: about as many as take it as long as loading the hook takes. */
const USUAL_NUMBER = 32;
/** It takes as long as so many requests until Node has answered an import. */
const OF_AN_IMPORT = 4;

const { FAST_RESOLVE_LOG, FAST_RESOLVE_SPAWN, FAST_RESOLVE_WAIT } = env;
const previous = Module._resolveFilename;
const number = FAST_RESOLVE_WAIT ? numberIn(FAST_RESOLVE_WAIT) : USUAL_NUMBER;
let left = number;
let next;
/** `node:diagnostics_channel`, once it is loaded. */
let channels;

function resolveFilename() {
  if (next === undefined) wait();
  return apply(next ?? previous, this, arguments);
}

/** To be called for each request, until the hook comes in. */
function wait(requests = 1) {
  if (left <= 0 || isListenedTo()) begin();
  left -= requests;
}

/** Whether somebody wants to be told of each request (`tracing.js`). */
function isListenedTo() {
  if (FAST_RESOLVE_LOG) return true;
  // Nobody has subscribed to anything before that is loaded.
  if (channels === undefined && !mayHaveLoaded('diagnostics_channel')) return false;
  try {
    channels ??= getBuiltinModule('diagnostics_channel');
    return channels.hasSubscribers('fast-resolve:resolve');
  } catch {
    // A program has put something else there.
    return false;
  }
}

function begin() {
  if (!isWanted || next !== undefined) return;
  next = previous;
  imports.wait = () => {};
  try {
    next = loadCore().hook.takeOver(previous) ?? previous;
  } catch (error) {
    warn(`fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
  }
  if (imports.hook === undefined) takeOutImports();
  // One function less on the way, unless somebody has patched on top of it.
  if (Module._resolveFilename === resolveFilename) put(next);
}

let parts;

/** The core, which is run once. */
function loadCore() {
  parts ??= runCore({ captured, imports: ofImports }).parts;
  return parts;
}

/** What FAST_RESOLVE_WAIT says, if it is a whole number. */
function numberIn(text) {
  const value = Number(text);
  return Number.isSafeInteger(value) && value >= 0 ? value : USUAL_NUMBER;
}

/** Where somebody has made it read-only, what is there stays, and calls on. */
function put(replacement) {
  try {
    Module._resolveFilename = replacement;
  } catch {
    // It was frozen.
  }
}

/** What the preload does, unless FAST_RESOLVE=0. */
function register() {
  if (!isWanted) return;
  if (FAST_RESOLVE_SPAWN === '1') registerSpawn();
  put(resolveFilename);
  imports.wait = () => wait(OF_AN_IMPORT);
  try {
    putInImports();
  } catch (error) {
    giveUpImports(error);
  }
  if (hasSnapshot || number === 0) begin();
}

/** One preload for both: what `fast-resolve/spawn/register` does. */
function registerSpawn() {
  try {
    ownModule.require(`${__dirname}/spawn-register.js`);
  } catch (error) {
    warn(
      `fast-resolve/spawn could not be loaded; children are Node's. ${error?.stack ?? error}`,
      'FAST_RESOLVE_FAILED',
    );
  }
}

/** The parts of the core, for others of the package: whoever asks for them wants to find the hook in place. */
function getParts() {
  begin();
  try {
    return loadCore();
  } catch {
    // It was said why; what needs no hook works all the same.
    return ownModule.require(`${__dirname}/core.js`).parts;
  }
}

module.exports = { getParts, register };
