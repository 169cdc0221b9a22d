'use strict';

// What `dist/register.js` is, the preload: `node -r fast-resolve/register app.js`. It is one file that needs no other, and it takes what it
// will need before the program runs and can replace anything.
//
// Where an earlier process has left a snapshot of this program, a small hook gives the answers of that. Elsewhere a stand-in for
// `Module._resolveFilename` lets Node answer the first requests: loading the core takes as long as Node takes for some dozens of them,
// and many programs ask for fewer.

const { basics } = require('./basics.js');
const { captured } = require('./captured.js');
const { findSnapshot } = require('./find_snapshot.js');
const first_import = require('./first_import.js');
const listening = require('./listening.js');
const load_addon = require('./load_addon.js');
const { origin } = require('./origin.js');
const { canEvaluate, giveFiles, loadCore, loadEarly, loadImports } = require('./texts.js');

const { Module, apply, describeProgram, env, isAlone, nodeProcess, ownModule, readCommandLine, registerHooks, told, warn } = captured;
const { awaitImport, imports, stopAwaiting } = first_import;

/** How many requests Node answers where there is no snapshot: about as many as take it as long as loading the core takes. */
const USUAL_NUMBER = 32;
/** It takes as long as so many requests until Node has answered an import. */
const OF_AN_IMPORT = 4;

const { FAST_RESOLVE, FAST_RESOLVE_IMPORT, FAST_RESOLVE_SPAWN, FAST_RESOLVE_TRUST, FAST_RESOLVE_WAIT } = env;
/** Node's permission model lets nothing be loaded that is not allowed to be read. */
const isWanted = FAST_RESOLVE !== '0' && nodeProcess.permission === undefined;
const previous = Module._resolveFilename;
const number = FAST_RESOLVE_WAIT ? numberIn(FAST_RESOLVE_WAIT) : USUAL_NUMBER;
let left = number;
/** What is in the place of `previous`, and what that calls once the core was loaded. */
let standIn = waitingResolveFilename;
const way = { __proto__: null, next: undefined };
let getCore = loadCore;

function waitingResolveFilename() {
  if (way.next === undefined) wait();
  return apply(way.next ?? previous, this, arguments);
}

/** To be called for each request, until the core is loaded. */
function wait(requests = 1) {
  if (left <= 0 || isSomebodyListening()) begin();
  left -= requests;
}

function isSomebodyListening() {
  try {
    return listening.isListenedTo();
  } catch {
    // A program has put something else there.
    return false;
  }
}

/** Loads the core. */
function begin() {
  if (!isWanted || way.next !== undefined) return;
  way.next = previous;
  imports.wait = () => {};
  try {
    way.next = getCore().hook.takeOver(previous) ?? previous;
  } catch (error) {
    warn(`fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
  }
  if (imports.hook === undefined) leaveImportsOut();
  // One function less on the way, unless somebody has patched on top of it.
  if (Module._resolveFilename === standIn) put(way.next);
}

function leaveImportsOut() {
  stopAwaiting();
  if (imports.handle !== undefined) loadImports().takeOutImports();
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
  giveFiles({ __proto__: null, basics: { basics }, captured: { captured }, first_import, listening, load_addon, origin: { origin } });
  if (!isWanted) return;
  if (FAST_RESOLVE_SPAWN === '1') registerSpawn();
  if (!canEvaluate()) return registerCore();
  origin.snapshot = findSnapshot();
  const isEarly = origin.snapshot !== undefined && answerEarly();
  put(standIn);
  imports.wait = isEarly ? begin : () => wait(OF_AN_IMPORT);
  prepareForImports();
  if (number === 0 || (origin.snapshot !== undefined && !isEarly)) begin();
  else if (!isEarly) readCommandLine();
}

/** Has the snapshot's answers given without the core; whether that can be. */
function answerEarly() {
  const { directory, name } = origin.snapshot;
  const native = load_addon.getNative();
  // Who trusts the snapshot wants nothing looked at.
  if (native === null || !native.openSnapshot(directory, name, !FAST_RESOLVE_TRUST)) return false;
  const hook = loadEarly().early_hook.createEarlyHook(previous, way, begin);
  standIn = hook ?? standIn;
  return hook !== undefined;
}

/** Where no text can be evaluated, Node loads the core from its own file. */
function registerCore() {
  getCore = () => ownModule.require(`${__dirname}/core.js`).parts;
  put(standIn);
  begin();
}

/** Has what imports need loaded when the first import begins, or at once where nobody tells of that. */
function prepareForImports() {
  if (registerHooks === undefined || FAST_RESOLVE_IMPORT === '0') return;
  try {
    // Of a text on the command line, Node does not tell that it begins.
    const isTold = isAlone && describeProgram().program !== undefined;
    if (isTold && FAST_RESOLVE_IMPORT !== '1') awaitImport(beginImports);
    else loadImports().putInImports();
  } catch (error) {
    giveUpImports(error);
  }
}

/** What this throws would end the program. */
function beginImports() {
  try {
    loadImports().beginImport();
  } catch (error) {
    giveUpImports(error);
  }
}

function giveUpImports(error) {
  stopAwaiting();
  const message = `Something went wrong in fast-resolve; Node resolves imports from now on. ${error?.stack ?? error}`;
  warn(message, 'FAST_RESOLVE_FAILED');
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
    return getCore();
  } catch {
    // It was said why; what needs no hook works all the same.
    return ownModule.require(`${__dirname}/core.js`).parts;
  }
}

ownModule.exports = {
  get parts() {
    return getParts();
  },
  /** For `fast-resolve/spawn/register`. */
  told,
};

register();
