'use strict';

// The answers of one set of options, in this thread: those of the snapshot, and those that were asked for more than once. A hit is no
// call into the core. The first time that an answer is given in a turn, the core is asked whether it still holds, by its number.

const { AGAIN, UNSURE } = require('./asking.js');
const { captured } = require('./captured.js');
const { getNative } = require('./load_addon.js');
const { Directory, SnapshotAnswers, counts } = require('./snapshot_answers.js');
const { traced } = require('./tracing.js');
const { currentGeneration, currentTurn, endTurn, isTurnContinuing, turnOfLoading } = require('./turn.js');

const { Numbers, SafeMap, max } = captured;

/** A program that asks for more begins anew: memory is bounded. */
const MAXIMUM_BYTES = 16 * 2 ** 20;
/** What an answer takes besides its texts, about. */
const ANSWER_BYTES = 100;
/** For an answer that is given so often, the hook keeps the key of `Module._pathCache`: to make one takes as long as several hits. */
const OFTEN = 4;

/** A start that asks for so many answers of the snapshot in its second quarter of a second asks for many more. */
const MANY = 8;
/** So does a turn that comes later, as of a program that has waited for something, if they are so many, and no small part of all. */
const MANY_LATER = 32;
/** A sixteenth, as a shift. */
const PART_OF_ALL = 4;

/** Whether it is the number of an answer that was asked for before, and `AGAIN`. */
const isAgain = (answer) => typeof answer === 'number' && answer >= AGAIN;
/** In place of the number of a directory that only Node can be asked about. */
const NO_NUMBER = -1;

/** How often this thread was told to forget all answers. */
let clearings = 0;
const forgetAnswers = () => {
  clearings++;
};
const countClearings = () => clearings;

const NO_DIRECTORY = new Directory(undefined, -1);

/**
 * Its parts are no private names: V8 takes longer for those until it has optimised a function, and most programs end before that. All are
 * declared: what is not would be looked for in `Object.prototype` when it is first assigned.
 */
class Answers {
  native;
  resolver;
  handle;
  /** The turn in which answers are believed that were found to hold in it. */
  turn;
  snapshot;
  /** How often each of its answers was given, and where Node would keep those that were given often. */
  uses = null;
  keys = new SafeMap();
  /** The directories that have asked, and the last of them, by the very string that it was asked for with: V8 compares others slowly. */
  directories = new SafeMap();
  directory = NO_DIRECTORY;
  text;
  bytes = 0;
  clearings = clearings;
  /** By directory and request, what the snapshot answered first in this process, did not hold later, and is kept by Node. */
  kept = new SafeMap();
  /** The turn in which all answers of the snapshot were found to hold at once. */
  turnOfSnapshot = -1;
  /** How many of them were proved one by one, and in which turn. */
  proved = 0;
  turnOfProofs = -1;
  /** In which turn a request has made the core look at something, which other requests of the turn believe. */
  turnOfLooks = -1;
  /** What the resolver was told of the running Node: the names of core modules, and whether `imports` may have keys such as `#/name`. */
  knowsBuiltins = false;
  knowsSlashImports = false;
  /** What was found last: what was learned, or else the number of an answer of the snapshot. */
  found;
  number = -1;

  /**
   * @param {import('../../target/binding.js').Resolver} resolver
   * @param {'turn' | 'until-invalidated' | 'nothing'} believe
   * @param {object} [early] What was answered before the core was there (`early_hook.js`).
   */
  constructor(resolver, believe, early) {
    this.native = getNative();
    this.resolver = resolver;
    this.handle = resolver.number();
    this.turn = believe === 'turn' ? currentTurn : currentGeneration;
    if (early === undefined) this.begin();
    else this.goOn(early);
    this.uses = new Numbers(this.snapshot.paths.length);
  }

  begin() {
    this.snapshot = new SnapshotAnswers(this.resolver.takeSnapshot());
    if (this.snapshot.turns === null) return;
    // A program that starts will ask for most of them.
    const turn = this.turn();
    if (this.native.doesSnapshotHold(this.handle, turn, turn === turnOfLoading)) this.turnOfSnapshot = turn;
  }

  goOn({ snapshot, directories, holds, hasSearched }) {
    this.snapshot = snapshot;
    this.directories = directories;
    this.bytes = directories.size * ANSWER_BYTES;
    if (holds) this.turnOfSnapshot = turnOfLoading;
    if (hasSearched) this.turnOfLooks = turnOfLoading;
  }

  /** Finds what is remembered of a request; whether anything is. What follows is about that. */
  find(text, request) {
    const directory = this.text === text ? this.directory : this.enter(text);
    this.text = text;
    const { learned } = directory;
    const found = learned === undefined ? undefined : learned.get(request);
    this.found = found;
    this.number = -1;
    if (found !== undefined) return true;
    if (directory.place === -1) return false;
    this.number = this.snapshot.numberOf(directory.place, request);
    return this.number !== -1;
  }

  /** What is known of a directory. A module mostly asks several times in a row. */
  enter(text) {
    let directory = this.directories.get(text);
    if (directory === undefined) {
      if (this.bytes > MAXIMUM_BYTES) this.forgetAll();
      this.bytes += ANSWER_BYTES + text.length;
      directory = this.snapshot.enter(text);
      this.directories.set(text, directory);
    }
    this.text = text;
    this.directory = directory;
    return directory;
  }

  /** The path that was found, if it still holds: within a turn, that is believed, and else the core looks. */
  recall(turn) {
    const found = this.found;
    if (found !== undefined) {
      if (found.turn !== turn) return this.prove(turn);
      counts.hits++;
      traced.source = 'memory';
      return found.path;
    }
    const { number, snapshot } = this;
    if (snapshot.turns[number] !== turn) {
      if (this.turnOfSnapshot !== turn) return this.prove(turn);
      // That it was given counts, should the file be gone later.
      snapshot.turns[number] = turn;
    }
    counts.hits++;
    traced.source = 'snapshot';
    return snapshot.paths[number];
  }

  /** Where Node would keep what was found, if that was noted. */
  key() {
    return this.found === undefined ? this.keys.get(this.number) : this.found.key;
  }

  /** Whether that should be noted: it has just been given once more. */
  isGivenOften() {
    const found = this.found;
    const uses = found === undefined ? ++this.uses[this.number] : ++found.uses;
    return uses === OFTEN;
  }

  noteKey(key) {
    this.bytes += key.length;
    if (this.found === undefined) this.keys.set(this.number, key);
    else this.found.key = key;
  }

  prove(turn) {
    const found = this.found;
    if (found === undefined && this.doesSnapshotHold(turn)) return this.recall(turn);
    if (!this.native.holds(this.handle, found?.number ?? this.number, turn)) return undefined;
    counts.hits++;
    this.turnOfLooks = turn;
    if (found === undefined) {
      this.snapshot.turns[this.number] = turn;
      traced.source = 'snapshot';
      return this.snapshot.paths[this.number];
    }
    found.turn = turn;
    traced.source = 'memory';
    return found.path;
  }

  /**
   * A program that takes longer to start than a turn may last asks for hundreds of answers in the next one, and so does one that goes on
   * after it has waited: to look at all that they rest on at once takes as long as proving a dozen of them.
   */
  doesSnapshotHold(turn) {
    if (this.turnOfProofs !== turn) {
      this.turnOfProofs = turn;
      this.proved = 0;
    }
    this.proved++;
    const many = isTurnContinuing() ? MANY : max(MANY_LATER, this.snapshot.paths.length >> PART_OF_ALL);
    if (this.proved !== many || !this.native.doesSnapshotHold(this.handle, turn, false)) return false;
    this.turnOfSnapshot = turn;
    return true;
  }

  /**
   * Has the core answer, and keeps what was asked before: most requests come once.
   * @returns {string | number | object} A path, or what the core says instead.
   */
  ask(text, request, turnOfRequest) {
    let turn = turnOfRequest;
    const isTurnUnderWay = this.turnOfLooks === turn;
    this.turnOfLooks = turn;
    if (this.clearings !== clearings) this.forgetAll();
    const directory = this.text === text ? this.directory : this.enter(text);
    const number = directory.number ?? this.enterCore(directory);
    if (number === NO_NUMBER) return UNSURE;
    let answer = this.native.resolve(this.handle, number, request, turn);
    if (isTurnUnderWay && this.number !== -1 && this.isOther(answer)) {
      // Something has changed, and part of what this rests on may have been seen before that, in this turn.
      endTurn();
      turn = this.turn();
      answer = this.native.resolve(this.handle, number, request, turn);
    }
    const isNew = typeof answer === 'string';
    if (!isNew && !isAgain(answer)) return answer;
    traced.source = 'core';
    // What was found, and did not hold, has another number from now on.
    if (this.found !== undefined || this.number !== -1) this.forget(directory, request);
    return isNew ? answer : this.learn(directory, request, answer - AGAIN, turn);
  }

  /** The number of a directory in the core. */
  enterCore(directory) {
    directory.number ??= this.native.enterDirectory(this.handle, directory.text) ?? NO_NUMBER;
    return directory.number;
  }

  /** Whether the core has found another path than the snapshot has. */
  isOther(answer) {
    const path = isAgain(answer) ? this.native.pathOf(this.handle, answer - AGAIN) : answer;
    return typeof path === 'string' && path !== this.snapshot.paths[this.number];
  }

  /** Forgets what was found. */
  forget(directory, request) {
    directory.learned?.delete(request);
    if (this.number === -1) return;
    const kept = this.keptOfSnapshot();
    if (kept !== null) this.kept.set(`${directory.text}\0${request}`, kept);
    this.snapshot.forget(directory.place, this.number);
  }

  /** Keeps an answer of the core by its number, and tells its path. */
  learn(directory, request, number, turn) {
    const path = this.native.pathOf(this.handle, number);
    if (path === null) return UNSURE;
    if (this.bytes > MAXIMUM_BYTES) this.forgetAll();
    this.bytes += ANSWER_BYTES + request.length + path.length;
    const entered = this.directory === directory ? directory : this.enter(directory.text);
    entered.learned ??= new SafeMap();
    entered.learned.set(request, { path, number, turn, uses: 0, key: undefined });
    return path;
  }

  /** Forgets all but what Node keeps. */
  forgetAll() {
    this.snapshot = new SnapshotAnswers(null);
    this.uses = null;
    this.keys = new SafeMap();
    this.directories = new SafeMap();
    this.directory = NO_DIRECTORY;
    this.text = undefined;
    this.resolver.forgetDirectories();
    this.bytes = 0;
    this.clearings = clearings;
    this.found = undefined;
    this.number = -1;
  }

  /**
   * What was first answered to a request that is not found now, if Node keeps that and repeats it, though the file is gone.
   * @returns {string | null}
   */
  earlierAnswer(directory, request) {
    this.find(directory, request);
    const { number = NO_NUMBER } = this.directory;
    return (
      this.kept.get(`${directory}\0${request}`) ??
      this.keptOfSnapshot() ??
      (number === NO_NUMBER ? null : this.resolver.keptAnswer(number, request))
    );
  }

  /** The same of the answer that was found, if it is one of the snapshot, and was given. */
  keptOfSnapshot() {
    const number = this.number;
    if (number === -1 || this.snapshot.turns[number] === 0) return null;
    return this.resolver.isKeptByNode(number) ? this.snapshot.paths[number] : null;
  }

  /** What the running Node tells only when it is asked, told once. */
  tellFactsForImports(builtins, slashImports) {
    this.resolver.setFactsForImports(builtins, slashImports);
  }

  /** What an answer that is remembered rests on, one line each; null where nothing is. */
  reasons(directory, request) {
    return this.find(directory, request) ? this.resolver.reasons(this.found?.number ?? this.number) : null;
  }

  /** How the core works a request out; null where it does not know of such a directory. */
  explain(text, request) {
    const number = this.enterCore(this.enter(text));
    return number === NO_NUMBER ? null : this.native.explain(this.handle, number, request, this.turn());
  }
}

module.exports = { Answers, countClearings, counts, forgetAnswers };
