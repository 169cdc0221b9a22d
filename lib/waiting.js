'use strict';

// What the preload puts in place: a stand-in for `Module._resolveFilename` that has Node answer the first requests, and only
// then loads the hook. Loading it takes as long as Node takes for some dozens of requests, and many programs ask for fewer.
// This file is loaded by every program, and asks for nothing but what is there already.

/** In the bundle, `module` is that of a part; the bundle's own has another name (scripts/bundle.mjs). */
const ownModule = typeof bundleModule === 'undefined' ? module : bundleModule;
/** The class of this very module, unless a loader of another kind runs it. */
const Module = ownModule.constructor?._resolveFilename === undefined ? require('node:module') : ownModule.constructor;

/** How many requests Node answers: about as many as take it as long as loading the hook takes. */
const USUAL_NUMBER = 32;

/** What the preload does: has the hook installed when the program has asked for enough, unless FAST_RESOLVE=0. */
function register() {
  const { FAST_RESOLVE, FAST_RESOLVE_WAIT } = process.env;
  if (FAST_RESOLVE === '0') return;
  const number = /^\d{1,9}$/.test(FAST_RESOLVE_WAIT) ? Number(FAST_RESOLVE_WAIT) : USUAL_NUMBER;
  if (number === 0) loadHook().register();
  else wait(number);
}

function wait(number) {
  const previous = Module._resolveFilename;
  const began = Date.now();
  const commandLine = readCommandLine();
  /** What Node answered: the request, the file name of the module that asked, the path. */
  let answers = [];
  let next = previous;

  function resolveFilename(request, parent) {
    if (answers === null) return Reflect.apply(next, this, arguments);
    if (number-- === 0) {
      begin();
      return Reflect.apply(next, this, arguments);
    }
    const answer = Reflect.apply(previous, this, arguments);
    if ([request, parent?.filename, answer].every(isString)) note(request, parent.filename, answer);
    return answer;
  }

  function note(request, filename, answer) {
    answers?.push(request, filename, answer);
    // Whoever loads this package wants to find the hook where the preload has put it.
    if (answer.startsWith(__dirname)) begin();
  }

  function begin() {
    if (answers === null) return;
    const earlier = answers;
    answers = null;
    next = loadHook().takeOver({ previous, began, commandLine, answers: earlier }) ?? previous;
    // One function less on the way, unless somebody has patched on top of it.
    if (Module._resolveFilename === resolveFilename) Module._resolveFilename = next;
  }

  Module._resolveFilename = resolveFilename;
}

/** As the kernel has it now: a program that sets `process.title` overwrites it. */
function readCommandLine() {
  if (process.platform !== 'linux') return undefined;
  try {
    return (process.getBuiltinModule ?? require)('fs').readFileSync('/proc/self/cmdline', 'utf8');
  } catch {
    // Without /proc nobody knows it later either.
    return undefined;
  }
}

const isString = (value) => typeof value === 'string';

/** Loads the other bundle, past those who have patched how files are found: it is none of the program's requests. */
function loadHook() {
  const file = `${__dirname}/fast-resolve.js`;
  if (Module._cache[file] === undefined) {
    const loaded = new Module(file, ownModule);
    Module._cache[file] = loaded;
    loaded.load(file);
  }
  return Module._cache[file].exports;
}

module.exports = { register };
