'use strict';

// The preload: `node -r fast-resolve/register app.js`. It takes what will be needed before the program runs and can replace anything.
//
// Where an earlier process has left a snapshot of this program, a small hook gives the answers of that. Elsewhere a stand-in for
// `Module._resolveFilename` lets Node answer the first requests: loading the core takes as long as Node takes for some dozens of them,
// and many programs ask for fewer.

const { captured } = require('./captured.js');
const { awaitImport, imports, stopAwaiting } = require('./first_import.js');
const { isListenedTo } = require('./listening.js');
const { getFirst } = require('./load_addon.js');
const { origin } = require('./origin.js');
const { texts } = require('./texts.js');

const {
  Module,
  TooDeep,
  apply,
  captureDisk,
  describeProgram,
  env,
  isAlone,
  ownModule,
  readCommandLine,
  registerHooks,
  told,
  warn,
} = captured;

/** How many requests Node answers where there is no snapshot: about as many as take it as long as loading the core takes. */
const USUAL_NUMBER = 32;
/** It takes as long as so many requests until Node has answered an import. */
const OF_AN_IMPORT = 4;

const { FAST_RESOLVE_IMPORT, FAST_RESOLVE_SPAWN, FAST_RESOLVE_WAIT } = env;
let isWanted = false;
const previous = Module._resolveFilename;
const number = FAST_RESOLVE_WAIT ? numberIn(FAST_RESOLVE_WAIT) : USUAL_NUMBER;
let left = number;
/** What is in the place of `previous`, and what that calls once the core was loaded. */
let standIn;
const way = { next: undefined };

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
    return isListenedTo();
  } catch {
    // A program has put something else there.
    return false;
  }
}

/** Loads the core. */
function begin() {
  if (!isWanted || way.next !== undefined) return;
  way.next = previous;
  const { wait: waiting } = imports;
  imports.wait = () => {};
  try {
    const hook =
      getFirst() === null
        ? texts.loadWithoutAddon().createHookWithoutAddon(previous)
        : texts.loadCore().hook.takeOver(previous);
    way.next = hook ?? previous;
  } catch (error) {
    if (error instanceof TooDeep) {
      // A program that recurses too deep may come to its end anywhere: the next request tries again.
      way.next = undefined;
      imports.wait = waiting;
      return;
    }
    warn(`fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
  }
  if (imports.hook === undefined) leaveImportsOut();
  // One function less on the way, unless somebody has patched on top of it.
  if (Module._resolveFilename === standIn) put(way.next);
}

function leaveImportsOut() {
  stopAwaiting();
  if (imports.handle !== undefined) texts.loadImports().takeOutImports();
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

/**
 * What the preload does, unless FAST_RESOLVE=0.
 * @param {boolean} wanted
 * @param {boolean} isOpen Whether the addon has opened a snapshot.
 */
function register(wanted, isOpen) {
  isWanted = wanted;
  ownModule.exports = exported;
  if (!isWanted) return;
  if (FAST_RESOLVE_SPAWN === '1') registerSpawn();
  if (!isOpen) captureDisk();
  const hook = isOpen ? texts.loadEarly().createEarlyHook(previous, way, begin) : undefined;
  standIn = hook ?? waitingResolveFilename;
  put(standIn);
  imports.wait = hook === undefined ? () => wait(OF_AN_IMPORT) : begin;
  prepareForImports();
  if (hook !== undefined) return;
  // A snapshot that can't be used is replaced.
  if (number === 0 || origin.snapshot !== undefined) begin();
  else readCommandLine();
}

/** Has what imports need loaded when the first import begins, or at once where nobody tells of that. */
function prepareForImports() {
  if (registerHooks === undefined || FAST_RESOLVE_IMPORT === '0') return;
  try {
    // Of a text on the command line, Node does not tell that it begins.
    const isTold = isAlone && describeProgram().program !== undefined;
    if (isTold && FAST_RESOLVE_IMPORT !== '1') awaitImport(beginImports);
    else texts.loadImports().putInImports();
  } catch (error) {
    giveUpImports(error);
  }
}

/** What this throws would end the program. */
function beginImports() {
  try {
    texts.loadImports().beginImport();
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
    return texts.loadCore();
  } catch {
    // It was said why; what needs no hook works all the same.
    return ownModule.require(`${__dirname}/core.js`).parts;
  }
}

const exported = {
  get parts() {
    return getParts();
  },
  /** For `fast-resolve/spawn/register`. */
  told,
};

module.exports = { register };
