'use strict';

// The hook where there is no addon. Node answers; when the program is over, it is asked once more, to find out what its answers rest on. Those
// that hold in the next process are given to that by the early hook.

const { directoryOfParent, isOfFile, isPlain } = require('./asking.js');
const { captured } = require('./captured.js');
const { createEarlyHook, getEarlyAnswers } = require('./early_hook.js');
const { areInternalsOriginal, isCoreModule, isUsualNode } = require('./internals.js');
const { KeptAnswers } = require('./kept_answers.js');
const { useStandIn } = require('./load_addon.js');
const { hasNodesPaths, isBare } = require('./lookup_paths.js');
const { origin } = require('./origin.js');
const { pathCacheKey } = require('./path_cache.js');
const { placeToWrite } = require('./plain_snapshot.js');
const { Questions } = require('./questions.js');
const { currentOptions } = require('./search_options.js');
const { warnOfAddon } = require('./unavailable.js');
const { writeAnswers } = require('./write_answers.js');

const {
  Module,
  _pathCache,
  apply,
  defineProperty,
  disk,
  endsWith,
  getBuiltinModule,
  getPrototypeOf,
  hasOwn,
  hrtime,
  includes,
  isOriginal,
  nodeProcess,
  now,
  path,
  split,
  startText,
  toNumber,
} = captured;

/** Node answers fewer in less time than it takes to write them. */
const FEWEST_QUESTIONS = 8;
/** Parts of the names of options by which Node resolves in another way, reads more options, or tells of each look at the disk. */
const OTHER_WAYS = [
  'config-file',
  'config_file',
  'policy',
  'package-map',
  'package_map',
  'vfs',
  'sea-config',
  'sync-io',
  'sync_io',
];
/** How far two clocks may be apart that began at the same time, in milliseconds. */
const SAME_TIME = 1000;
const NANOSECONDS = 1e6;

const { began, beganTicking } = disk;

const questions = new Questions();
/** The answers of an earlier process. */
let kept;
/** What the program may change of how Node searches, as it was at first. */
let options;

/**
 * @param {Function} previous What was there before.
 * @returns {Function | undefined} Undefined where Node resolves in a way of its own, or nothing is to be kept.
 */
function createHookWithoutAddon(previous) {
  warnOfAddon();
  options = currentOptions();
  // If other code has run before, nobody knows whether what is there is Node's own.
  const isWanted =
    isUsualNode() && isOriginal && origin.snapshotPlaces !== undefined && isStartedAsUsual() && areAbsolute(options);
  if (!isWanted || !writeAtExit()) return undefined;
  kept = new KeptAnswers(origin.snapshot, note);
  useStandIn(kept);
  const noteAndAsk = createNotingHook(previous);
  if (kept.kept === undefined) return noteAndAsk;
  const way = { __proto__: null, next: undefined };
  return createEarlyHook(previous, way, () => {
    way.next = noteAndAsk;
    enterGiven();
  });
}

function isStartedAsUsual() {
  for (let index = 0; index < OTHER_WAYS.length; index++) if (includes(startText, OTHER_WAYS[index])) return false;
  return true;
}

/** What is not absolute leads elsewhere when the program goes elsewhere. */
function areAbsolute({ globalPaths }) {
  for (let index = 0; index < globalPaths.length; index++) if (!path.isAbsolute(globalPaths[index])) return false;
  return true;
}

/** Lets Node answer. */
function createNotingHook(previous) {
  return function resolveFilename(request, parent, isMain, given) {
    try {
      if ((given === undefined || isPlain(given)) && isOfFile(request, parent, isMain)) noteOf(request, parent);
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

/** Names with `#` are left out: Node reads them in more ways. So are patterns with a slash at the end, of which it warns once. */
function note(directory, request) {
  if (request[0] === '#' || (isBare(request) && endsWith(request, '/'))) return;
  if (!isKept(directory, request) && kept.isNew(directory, request)) questions.add(directory, request);
}

/** Whether the early hook has it. A program may have left that for something else. */
function isKept(directory, request) {
  if (kept.kept === undefined) return false;
  const snapshot = getEarlyAnswers()?.snapshot;
  // What nobody has asked for yet, nobody knows to have failed.
  if (snapshot === undefined) return true;
  const place = snapshot.places.get(directory);
  return place !== undefined && snapshot.numberOf(place, request) !== -1;
}

/** What Node had answered, it would repeat from its own memory. From now on it is asked, and is told of what was given in its place. */
function enterGiven() {
  const snapshot = getEarlyAnswers()?.snapshot;
  if (snapshot === undefined || Module._pathCache !== _pathCache) return;
  const directories = split(kept.kept.directories, '\n');
  for (let place = 0; place < directories.length; place++) {
    for (let number = snapshot.first[place]; number < snapshot.first[place + 1]; number++) {
      if (snapshot.turns[number] === 0 || !kept.isKeptByNode(number)) continue;
      const request = snapshot.requests[number];
      const key = path.isAbsolute(request) ? `${request}\0` : pathCacheKey(request, directories[place]);
      _pathCache[key] ??= snapshot.paths[number];
    }
  }
}

/** A listener of `exit` would count as one of the program's. Whether that is possible. */
function writeAtExit() {
  const own = hasOwn(nodeProcess, 'emit') ? nodeProcess.emit : undefined;
  const value = function emit(event) {
    // A program may replace what is inherited.
    const isHeard = apply(own ?? getPrototypeOf(nodeProcess).emit, this, arguments);
    // A program may say so itself, and go on.
    if (event === 'exit' && this === nodeProcess && nodeProcess._exiting === true) write();
    return isHeard;
  };
  try {
    defineProperty(nodeProcess, 'emit', {
      __proto__: null,
      value,
      writable: true,
      configurable: true,
      enumerable: false,
    });
    return true;
  } catch {
    // It was frozen.
    return false;
  }
}

function write() {
  try {
    if (questions.count < FEWEST_QUESTIONS || !areInternalsOriginal() || currentOptions() !== options) return;
    // A clock that was set back makes what is new look old.
    if (!isSameTime() || !getBuiltinModule('worker_threads').isMainThread) return;
    const place = placeToWrite(origin);
    if (place === undefined) return;
    askForKept();
    writeAnswers(questions, options, kept.kept?.unanswered ?? '\n', place);
  } catch {
    // Where it can't be written, the next process finds none, and Node answers.
  }
}

function isSameTime() {
  const difference = now() - began - toNumber(hrtime() - beganTicking) / NANOSECONDS;
  return difference < SAME_TIME && difference > -SAME_TIME;
}

/** What an earlier process has asked stays, if Node still answers it. */
function askForKept() {
  if (kept.kept === undefined) return;
  const { directories, first, requests } = kept.kept;
  const names = split(directories, '\n');
  const lines = split(requests, '\n');
  for (let place = 0; place < names.length; place++) {
    for (let number = first[place]; number < first[place + 1]; number++) questions.add(names[place], lines[number]);
  }
}

module.exports = { createHookWithoutAddon };
