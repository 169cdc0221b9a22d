'use strict';

// The answers of one set of options, in this thread: those of the snapshot, and those that were asked for more than once. A hit is no
// call into the core. The first time that an answer is given in a turn, the core is asked whether it still holds, by its number.

const { captured } = require('./captured.js');
const { getNative } = require('./load_addon.js');
const { currentGeneration, currentTurn, endTurn, isTurnContinuing, turnOfLoading } = require('./turn.js');

const { Numbers, SafeMap, split } = captured;

/** A program that asks for more begins anew: memory is bounded. */
const MAXIMUM_BYTES = 16 * 2 ** 20;
/** What an answer takes besides its texts, about. */
const ANSWER_BYTES = 100;
/** So many requests are looked through quicker than a Map is made of them. */
const FEW = 12;

/** For an answer that is given so often, the hook keeps the key of `Module._pathCache`: to make one takes as long as several hits. */
const OFTEN = 4;

/** A start that asks for so many answers of the snapshot in its second quarter of a second asks for many more. */
const MANY = 8;

/** What the native resolver answers where there is nothing of that name. */
const NOT_FOUND = 1;

const counts = { hits: 0 };

/** How often this thread was told to forget all answers. */
let clearings = 0;
const forgetAnswers = () => {
  clearings++;
};

class Answers {
  #native;
  #resolver;
  #handle;
  /** The answers of the snapshot, by number: requests, paths, and in which turn each was last given (0: in none). */
  #requests = [];
  #paths = [];
  #turns = null;
  /** How often each was given, and where Node would keep those that were given often. */
  #uses = null;
  #keys = new SafeMap();
  /** The places of directories there, the number of the first answer of each, and where there are many answers, a Map of them. */
  #places = new SafeMap();
  #first = [];
  #numbers = [];
  /** What was asked for again in this process: by directory, and by request. */
  #learned = new SafeMap();
  #bytes = 0;
  #clearings = clearings;
  /** By directory and request, what the snapshot answered first in this process, did not hold later, and is kept by Node. */
  #kept = new SafeMap();
  /** The turn in which all answers of the snapshot were found to hold at once. */
  #turnOfSnapshot = -1;
  /** How many of them were proved one by one, and in which turn. */
  #proved = 0;
  #turnOfProofs = -1;
  /** In which turn a request has made the core look at something, which other requests of the turn believe. */
  #turnOfLooks = -1;
  /** What was found last: what was learned, or else the number of an answer of the snapshot. */
  #found;
  #number = -1;

  /**
   * @param {import('../binding.js').Resolver} resolver
   * @param {'turn' | 'until-invalidated' | 'nothing'} believe
   */
  constructor(resolver, believe) {
    this.#native = getNative();
    this.#resolver = resolver;
    this.#handle = resolver.number();
    /** The turn in which answers are believed that were found to hold in it. */
    this.turn = believe === 'turn' ? currentTurn : currentGeneration;
    const snapshot = resolver.takeSnapshot();
    if (snapshot !== null) this.#takeSnapshot(snapshot);
  }

  /** Each text is lines. Splitting it is the quickest way to get many strings at once. */
  #takeSnapshot({ directories, first, requests, paths }) {
    const names = split(directories, '\n');
    const places = this.#places;
    for (let place = 0; place < names.length; place++) places.set(names[place], place);
    this.#first = first;
    this.#requests = split(requests, '\n');
    this.#paths = split(paths, '\n');
    this.#turns = new Numbers(this.#paths.length);
    this.#uses = new Numbers(this.#paths.length);
    // A program that starts will ask for most of them.
    const turn = this.turn();
    if (this.#resolver.doesSnapshotHold(turn, turn === turnOfLoading)) this.#turnOfSnapshot = turn;
  }

  /** Finds what is remembered of a request; whether anything is. What follows is about that. */
  find(directory, request) {
    this.#found = this.#bytes === 0 ? undefined : this.#learned.get(directory)?.get(request);
    this.#number = this.#found === undefined ? this.#numberOf(directory, request) : -1;
    return this.#found !== undefined || this.#number !== -1;
  }

  /** The number of an answer of the snapshot, or -1. */
  #numberOf(directory, request) {
    const place = this.#places.get(directory);
    if (place === undefined) return -1;
    const first = this.#first[place];
    const end = this.#first[place + 1];
    if (end - first > FEW) return (this.#numbers[place] ?? this.#mapOf(place)).get(request) ?? -1;
    const requests = this.#requests;
    for (let number = first; number < end; number++) if (requests[number] === request) return number;
    return -1;
  }

  #mapOf(place) {
    const numbers = new SafeMap();
    for (let number = this.#first[place]; number < this.#first[place + 1]; number++) {
      numbers.set(this.#requests[number], number);
    }
    this.#numbers[place] = numbers;
    return numbers;
  }

  /** The path that was found, if it may be given in this turn without a look. */
  recall(turn) {
    const found = this.#found;
    if (found !== undefined) {
      if (found.turn !== turn) return undefined;
      counts.hits++;
      return found.path;
    }
    const number = this.#number;
    if (this.#turns[number] !== turn) {
      if (this.#turnOfSnapshot !== turn) return undefined;
      // That it was given counts, should the file be gone later.
      this.#turns[number] = turn;
    }
    counts.hits++;
    return this.#paths[number];
  }

  /** Where Node would keep what was found, if that was noted. */
  key() {
    return this.#found === undefined ? this.#keys.get(this.#number) : this.#found.key;
  }

  /** Whether that should be noted: it has just been given once more. */
  isGivenOften() {
    const found = this.#found;
    const uses = found === undefined ? ++this.#uses[this.#number] : ++found.uses;
    return uses === OFTEN;
  }

  noteKey(key) {
    this.#bytes += key.length;
    if (this.#found === undefined) this.#keys.set(this.#number, key);
    else this.#found.key = key;
  }

  /** The path that was found, if the core finds that it still holds. */
  prove(turn) {
    const found = this.#found;
    if (found === undefined && isTurnContinuing() && this.#doesSnapshotHold(turn)) return this.recall(turn);
    if (!this.#native.holds(this.#handle, found?.number ?? this.#number, turn)) return undefined;
    counts.hits++;
    this.#turnOfLooks = turn;
    if (found === undefined) {
      this.#turns[this.#number] = turn;
      return this.#paths[this.#number];
    }
    found.turn = turn;
    return found.path;
  }

  /**
   * A program that takes longer to start than a turn may last asks for hundreds of answers in the next one: to look at all that they
   * rest on at once takes as long as proving a dozen of them.
   */
  #doesSnapshotHold(turn) {
    if (this.#turnOfProofs !== turn) {
      this.#turnOfProofs = turn;
      this.#proved = 0;
    }
    this.#proved++;
    if (this.#proved !== MANY || !this.#resolver.doesSnapshotHold(turn, false)) return false;
    this.#turnOfSnapshot = turn;
    return true;
  }

  /**
   * Has the core answer, and keeps what was asked before: most requests come once.
   * @returns {string | number | object} A path, or what the core says instead.
   */
  ask(directory, request, turnOfRequest) {
    let turn = turnOfRequest;
    const isTurnUnderWay = this.#turnOfLooks === turn;
    this.#turnOfLooks = turn;
    if (this.#clearings !== clearings) this.#forgetAll();
    let answer = this.#native.resolve(this.#handle, directory, request, turn);
    if (typeof answer === 'number') return answer;
    if (isTurnUnderWay && this.#number !== -1 && (answer.path ?? answer) !== this.#paths[this.#number]) {
      // Something has changed, and part of what this rests on may have been seen before that, in this turn.
      endTurn();
      turn = this.turn();
      answer = this.#native.resolve(this.#handle, directory, request, turn);
      if (typeof answer === 'number') return answer;
    }
    const isAgain = typeof answer === 'object' && answer.number !== undefined;
    // What was found, and did not hold, has another number from now on.
    if (isAgain || typeof answer === 'string') this.#forget(directory, request);
    if (!isAgain) return answer;
    this.#learn(directory, request, answer, turn);
    return answer.path;
  }

  /** Forgets what was found. */
  #forget(directory, request) {
    if (this.#found !== undefined) this.#learned.get(directory)?.delete(request);
    if (this.#number === -1) return;
    const kept = this.#keptOfSnapshot();
    if (kept !== null) this.#kept.set(`${directory}\0${request}`, kept);
    this.#requests[this.#number] = undefined;
    this.#numbers[this.#places.get(directory)]?.delete(request);
  }

  #learn(directory, request, { path, number }, turn) {
    if (this.#bytes > MAXIMUM_BYTES) this.#forgetAll();
    this.#bytes += ANSWER_BYTES + request.length + path.length;
    let learned = this.#learned.get(directory);
    if (learned === undefined) {
      learned = new SafeMap();
      this.#learned.set(directory, learned);
    }
    learned.set(request, { path, number, turn, uses: 0, key: undefined });
  }

  /** Forgets all but what Node keeps. */
  #forgetAll() {
    this.#requests = [];
    this.#paths = [];
    this.#turns = null;
    this.#uses = null;
    this.#keys = new SafeMap();
    this.#places = new SafeMap();
    this.#first = [];
    this.#numbers = [];
    this.#learned = new SafeMap();
    this.#bytes = 0;
    this.#clearings = clearings;
    this.#found = undefined;
    this.#number = -1;
  }

  /**
   * What was first answered to a request that is not found now, if Node keeps that and repeats it, though the file is gone.
   * @returns {string | null}
   */
  earlierAnswer(directory, request) {
    this.find(directory, request);
    return (
      this.#kept.get(`${directory}\0${request}`) ??
      this.#keptOfSnapshot() ??
      this.#resolver.keptAnswer(directory, request)
    );
  }

  /** The same of the answer that was found, if it is one of the snapshot, and was given. */
  #keptOfSnapshot() {
    const number = this.#number;
    if (number === -1 || this.#turns[number] === 0) return null;
    return this.#resolver.isKeptByNode(number) ? this.#paths[number] : null;
  }

  /** What the running Node tells only when it is asked, told once. */
  tellFactsForImports(builtins, slashImports) {
    this.#resolver.setFactsForImports(builtins, slashImports);
  }

  /** What an answer that is remembered rests on, one line each; null where nothing is. */
  reasons(directory, request) {
    return this.find(directory, request) ? this.#resolver.reasons(this.#found?.number ?? this.#number) : null;
  }
}

module.exports = { Answers, NOT_FOUND, counts, forgetAnswers };
