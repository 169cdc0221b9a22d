'use strict';

// The hook of a program that asks for what it asked for when it ran before. It knows the answers of the snapshot, and gives them from when the
// preload is loaded, in the first turns of the program, if all of them hold. Whatever else comes is for the core, which is loaded then, and
// goes on with what is here. This is part of every start: what can be done in Rust is not done here.

const { NOT_FOUND, directoryOfParent, isOfFile, isPlain } = require('./asking.js');
const { captured } = require('./captured.js');
const { describeOrigin } = require('./describe_origin.js');
const { areInternalsOriginal, isCoreModule, isNodesResolveFilename, isUsualNode } = require('./internals.js');
const { makeKeysQuick } = require('./keys.js');
const { isListenedTo } = require('./listening.js');
const { getFirst } = require('./load_addon.js');
const { hasNodesPaths, isBare } = require('./lookup_paths.js');
const { origin } = require('./origin.js');
const { currentOptions } = require('./search_options.js');
const { SnapshotAnswers, counts } = require('./snapshot_answers.js');
const { tellStart } = require('./tell_start.js');
const { beginAnotherTurn, isTurnOfLoading, loading, openTurnOfLoading } = require('./turn_of_loading.js');

const { Module, SafeMap, TooDeep, apply, arrayJoin, startsWith } = captured;

/** In place of an answer: Node has to be asked, or the core. */
const ASK_NODE = 0;
const ASK_CORE = 1;
/** A program that has Node enter more in `Module._pathCache` is for the core. */
const FEW_ENTRIES = 12;
/** In a later turn, so many answers are proved one by one. To prove all takes as long as a dozen or more. */
const FEW_ANSWERS = 8;

/** The answers, once there was a request: `holds` tells whether they are given here. For the core, which goes on with them. */
let early;
let options;
let native;
let resolver;
let snapshot;
/** The directories that have asked, and the last of them, by the very string that it was asked for with: V8 compares others slowly. */
const directories = new SafeMap();
let directory;
let lastText;
/** What was looked for and found. */
const found = new SafeMap();
/** How many answers are still to be proved one by one in this turn. */
let left = 0;

/**
 * @param {Function} previous What was there before.
 * @param {{ next: Function | undefined }} way What answers once the core was loaded.
 * @param {() => void} loadCore
 * @returns {Function | undefined} Undefined where Node resolves in a way of its own, or may do so.
 */
function createEarlyHook(previous, way, loadCore) {
  native = getFirst();
  if (!isUsualNode() || !isNodesResolveFilename(previous) || !tellStart()) return undefined;
  openTurnOfLoading();
  return function resolveFilename(request, parent, isMain, given) {
    if (way.next === undefined) {
      const answer = answerEarly(request, parent, isMain, given);
      if (typeof answer === 'string') return answer;
      if (answer === ASK_NODE) {
        const nodesAnswer = apply(previous, this, arguments);
        if (!areKeysQuick()) loadCore();
        return nodesAnswer;
      }
      loadCore();
    }
    return apply(way.next ?? previous, this, arguments);
  };
}

/** Node has added to the cache; whether that is of a kind which its keys are read of. */
function areKeysQuick() {
  try {
    if (Module._pathCache) makeKeysQuick(Module._pathCache);
    return true;
  } catch {
    // A program has put something of its own there: the core tells.
    return false;
  }
}

/** A path or the name of a core module, or else who has to be asked. */
function answerEarly(request, parent, isMain, given) {
  try {
    if (isListenedTo()) return ASK_CORE;
    if (!isOfFile(request, parent, isMain)) return ASK_NODE;
    return (given === undefined || isPlain(given)) && areInternalsOriginal() ? recall(request, parent) : ASK_CORE;
  } catch (error) {
    // A program that recurses too deep may come to its end anywhere. Whatever else this is, it happens to the core as well, which tells.
    return error instanceof TooDeep ? ASK_NODE : ASK_CORE;
  }
}

function recall(request, parent) {
  if (currentOptions() !== options && !begin()) return ASK_CORE;
  const text = directoryOfParent(parent);
  if (text !== lastText) enter(text);
  const number = directory.place === -1 ? -1 : snapshot.numberOf(directory.place, request);
  if (number === -1 && isCoreModule(request)) return request;
  if (isBare(request) && !hasNodesPaths(parent, text)) return ASK_NODE;
  if (!isTurnOfLoading() && !beginTurn()) return ASK_CORE;
  let count = 0;
  for (const key in Module._pathCache) {
    if (++count > FEW_ENTRIES) return ASK_CORE;
    // What a program planted there, or Node found before, is Node's to answer.
    if (key[request.length] === '\0' && startsWith(key, request)) return ASK_NODE;
  }
  if (number === -1) return search(request);
  if (!early.holds && !holdsInTurn(number)) return ASK_CORE;
  snapshot.turns[number] = loading.number;
  counts.hits++;
  return snapshot.paths[number];
}

/** At the first request: takes the snapshot's answers; whether they hold as they are. */
function begin() {
  if (options !== undefined) return false;
  options = currentOptions();
  const { extensions, globalPaths } = options;
  const taken = native.takeAnswers(
    arrayJoin(extensions, '\0'),
    extensions.length,
    arrayJoin(globalPaths, '\0'),
    globalPaths.length,
    tellOrigin(origin.snapshot.directory),
    loading.number,
  );
  if (taken === null) return false;
  ({ resolver } = taken);
  loading.resolver = resolver;
  snapshot = new SnapshotAnswers(taken.answers);
  const { holds } = taken;
  // `owner`: what the core keeps the resolver by.
  early = { __proto__: null, options, resolver, snapshot, directories, holds, hasSearched: false, owner: undefined };
  return holds;
}

/** What the snapshot is for, as `src/binding/early.rs` takes it. */
function tellOrigin(directory) {
  const { program, node, nodePath, home, trust } = describeOrigin(true);
  return `${program}\0${node}\0${directory}\0${given(nodePath)}\0${given(home)}\0${given(trust)}`;
}

function given(value) {
  return value === undefined ? '' : `=${value}`;
}

/** A program that goes on to start in another turn does so here; whether it does. */
function beginTurn() {
  if (!beginAnotherTurn()) return false;
  early.hasSearched = false;
  early.holds = false;
  left = FEW_ANSWERS;
  return true;
}

/** Whether an answer holds in a later turn. Where more are asked for, most of the others will be, too. */
function holdsInTurn(number) {
  if (snapshot.turns[number] === loading.number) return true;
  if (left-- > 0) return native.holds(resolver, number, loading.number);
  early.holds = native.doesSnapshotHold(resolver, loading.number, false);
  return early.holds;
}

function enter(text) {
  directory = directories.get(text);
  if (directory === undefined) {
    directory = snapshot.enter(text);
    directories.set(text, directory);
  }
  lastText = text;
}

/** What the snapshot has no answer to, the native resolver looks for: mostly something that a program can do without. */
function search(request) {
  // The core has to ask Node what these mean.
  if (request[0] === '#') return ASK_CORE;
  early.hasSearched = true;
  directory.number ??= native.enterDirectory(resolver, directory.text) ?? undefined;
  if (directory.number === undefined) return ASK_CORE;
  const answer = native.resolve(resolver, directory.number, request, loading.number);
  if (typeof answer === 'string') {
    found.set(request, true);
    return answer;
  }
  // Node repeats what it has found once, also when that is gone, which the core takes care of.
  return answer === NOT_FOUND && found.get(request) === undefined ? ASK_NODE : ASK_CORE;
}

function getEarlyAnswers() {
  return early;
}

module.exports = { createEarlyHook, getEarlyAnswers };
