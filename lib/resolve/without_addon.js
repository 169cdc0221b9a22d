'use strict';

// The hook where there is no addon. Node answers; when the program is over, it is asked once more, to find out what its answers rest on. Those
// that hold in the next process are given to that by the early hook.

const { directoryOfParent, isOfFile } = require('./asking.js');
const { captured } = require('./captured.js');
const { createEarlyHook } = require('./early_hook.js');
const { listPlaces } = require('./find_snapshot.js');
const { areInternalsOriginal, isCoreModule } = require('./internals.js');
const { KeptAnswers } = require('./kept_answers.js');
const { useStandIn } = require('./load_addon.js');
const { hasNodesPaths, isBare } = require('./lookup_paths.js');
const { currentOptions } = require('./search_options.js');
const { createUnavailableError, isAddonUnwanted } = require('./unavailable.js');
const { writeAnswers } = require('./write_answers.js');

const { SafeMap, apply, env, getBuiltinModule, includes, isOriginal, nodeProcess, split, told, warn } = captured;

/** What is asked beyond that is not kept. */
const MOST_QUESTIONS = 20_000;
/** Node answers fewer in less time than it takes to write them. */
const FEWEST_QUESTIONS = 8;

/** The answers of an earlier process. */
let kept;
/** What Node has to be asked, each once, and all of it one behind the other. */
const noted = new SafeMap();
let questions;
/** What the program may change of how Node searches, as it was at first. */
let options;

/**
 * @param {Function} previous What was there before.
 * @returns {Function | undefined} Undefined where Node resolves in a way of its own, or nothing is to be kept.
 */
function createHookWithoutAddon(previous) {
  if (!isAddonUnwanted()) warnOfAddon();
  const isUsual = nodeProcess.versions?.pnp === undefined && !env.WATCH_REPORT_DEPENDENCIES && !env.NODE_DEBUG;
  // If other code has run before, nobody knows whether what is there is Node's own.
  if (!isUsual || !isOriginal || listPlaces() === undefined) return undefined;
  kept = new KeptAnswers(note);
  useStandIn(kept);
  options = currentOptions();
  writeAtExit();
  const noteAndAsk = createNotingHook(previous);
  if (!kept.isOpen) return noteAndAsk;
  const way = { __proto__: null, next: undefined };
  return createEarlyHook(previous, way, () => {
    way.next = noteAndAsk;
  });
}

function warnOfAddon() {
  if (told.ofAddon) return;
  told.ofAddon = true;
  const { code, message } = createUnavailableError();
  warn(`${message}\nNode resolves.`, code);
}

/** Lets Node answer. */
function createNotingHook(previous) {
  return function resolveFilename(request, parent, isMain, given) {
    try {
      const isPlain = given === undefined || (given.paths === undefined && given.conditions === undefined);
      if (isPlain && isOfFile(request, parent, isMain)) noteOf(request, parent);
    } catch {
      // What a program passes to Node may be anything, and it may recurse too deep: then this is not kept.
    }
    return apply(previous, this, arguments);
  };
}

function noteOf(request, parent) {
  if (isCoreModule(request)) return;
  const directory = directoryOfParent(parent);
  if (!isBare(request) || hasNodesPaths(parent, directory)) note(directory, request);
}

/** Names with `#` are left out: Node reads them in more ways. */
function note(directory, request) {
  const text = `${directory}\0${request}`;
  if (request[0] === '#' || noted.size === MOST_QUESTIONS || noted.get(text) !== undefined) return;
  if (kept.isOpen && includes(kept.kept.unanswered, `\n${text}\n`)) return;
  ask(directory, request);
}

function ask(directory, request) {
  questions = { __proto__: null, directory, request, isAnswered: false, before: questions };
  noted.set(`${directory}\0${request}`, true);
}

/** A listener of `exit` would count as one of the program's. */
function writeAtExit() {
  const { emit: emitOfNode } = nodeProcess;
  const value = function emit(event) {
    const isHeard = apply(emitOfNode, this, arguments);
    // A program may say so itself, and go on.
    if (event === 'exit' && this === nodeProcess && nodeProcess._exiting === true) write();
    return isHeard;
  };
  Object.defineProperty(nodeProcess, 'emit', {
    __proto__: null,
    value,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}

function write() {
  try {
    if (noted.size < FEWEST_QUESTIONS || !areInternalsOriginal() || currentOptions() !== options) return;
    if (!getBuiltinModule('worker_threads').isMainThread) return;
    askForKept();
    writeAnswers(questions, options);
  } catch {
    // Where it can't be written, the next process finds none, and Node answers.
  }
}

/** What an earlier process has asked stays, if Node still answers it. */
function askForKept() {
  if (!kept.isOpen) return;
  const { directories, first, requests } = kept.kept;
  const names = split(directories, '\n');
  const lines = split(requests, '\n');
  for (let place = 0; place < names.length; place++) {
    for (let number = first[place]; number < first[place + 1]; number++) {
      const isNew = noted.get(`${names[place]}\0${lines[number]}`) === undefined;
      if (isNew && noted.size < MOST_QUESTIONS) ask(names[place], lines[number]);
    }
  }
}

module.exports = { createHookWithoutAddon };
