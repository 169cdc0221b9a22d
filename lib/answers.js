'use strict';

// The answers of one set of options, in this thread: those of the snapshot, and those that were asked for more than once. A hit is no
// call into the core. The first time that an answer is given in a turn, the core is asked whether it still holds, by its number.

const { captured } = require('./captured.js');
const { getNative } = require('./load_addon.js');
const { currentGeneration, currentTurn } = require('./turn.js');

const { SafeMap } = captured;

/** A program that asks for more begins anew: memory is bounded. */
const MAXIMUM_ANSWERS = 200_000;
/** So many requests are looked through quicker than a Map is made of them. */
const FEW = 12;

/** What the native resolver answers where there is nothing of that name. */
const NOT_FOUND = 1;

const counts = { hits: 0 };

/** What is known of the requests of one directory: lists with the same places. */
class Requests {
  constructor(requests, paths, first) {
    this.requests = requests;
    this.paths = paths;
    /** The number of the first answer of the snapshot, and how many of the answers are of the snapshot. */
    this.first = first;
    this.recorded = requests.length;
    /** The numbers of the others. */
    this.numbers = [];
    /** In which turn each was last found to hold. */
    this.turns = [];
    this.places = null;
  }

  /** The place of a request; -1 if it is not known. */
  find(request) {
    if (this.places === null) {
      if (this.requests.length <= FEW) return this.requests.indexOf(request);
      this.places = new SafeMap();
      for (let place = 0; place < this.requests.length; place++) this.places.set(this.requests[place], place);
    }
    return this.places.get(request) ?? -1;
  }

  numberOf(place) {
    return place < this.recorded ? this.first + place : this.numbers[place - this.recorded];
  }

  set(request, path, number, turn) {
    const place = this.requests.push(request) - 1;
    this.paths.push(path);
    this.numbers.push(number);
    this.turns[place] = turn;
    this.places?.set(request, place);
  }

  /** Has the next answer kept anew. */
  forget(place) {
    this.places?.delete(this.requests[place]);
    this.requests[place] = undefined;
  }
}

class Answers {
  #native;
  #resolver;
  #handle;
  #byDirectory = new SafeMap();
  /** Requests and paths of the snapshot, the number of the first answer of each directory, and the places of directories there. */
  #recorded = null;
  #recordedAt = new SafeMap();
  #size = 0;
  /** By directory and request, what the snapshot answered first in this process, did not hold later, and is kept by Node. */
  #kept = new SafeMap();
  /** The turn in which all answers of the snapshot were found to hold at once. */
  #turnOfSnapshot = -1;
  /** What was found last. */
  #known = undefined;
  #place = -1;

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
    const names = directories.split('\n');
    for (let index = 0; index < names.length; index++) this.#recordedAt.set(names[index], index);
    this.#recorded = { first, requests: requests.split('\n'), paths: paths.split('\n') };
    // A program that starts will ask for most of them.
    const turn = this.turn();
    if (this.#resolver.doesSnapshotHold(turn)) this.#turnOfSnapshot = turn;
  }

  /** Finds what is remembered of a request; whether anything is. What follows is about that. */
  find(directory, request) {
    const known = this.#byDirectory.get(directory) ?? this.#takeRecorded(directory);
    if (known === undefined) {
      this.#place = -1;
      return false;
    }
    this.#known = known;
    this.#place = known.find(request);
    return this.#place !== -1;
  }

  #takeRecorded(directory) {
    const index = this.#recordedAt.get(directory);
    if (index === undefined) return undefined;
    const { first, requests, paths } = this.#recorded;
    const [begin, end] = [first[index], first[index + 1]];
    const known = new Requests(requests.slice(begin, end), paths.slice(begin, end), begin);
    this.#byDirectory.set(directory, known);
    return known;
  }

  /** The path that was found, if it may be given in this turn without a look. */
  recall(turn) {
    const known = this.#known;
    const place = this.#place;
    if (known.turns[place] !== turn) {
      if (this.#turnOfSnapshot !== turn || place >= known.recorded) return undefined;
      // That it was given counts, should the file be gone later.
      known.turns[place] = turn;
    }
    counts.hits++;
    return known.paths[place];
  }

  /** The path that was found, if the core finds that it still holds. */
  prove(turn) {
    const known = this.#known;
    const place = this.#place;
    if (!this.#native.holds(this.#handle, known.numberOf(place), turn)) return undefined;
    known.turns[place] = turn;
    counts.hits++;
    return known.paths[place];
  }

  /**
   * Has the core answer, and keeps what was asked before: most requests come once.
   * @returns {string | number | object} A path, or what the core says instead.
   */
  ask(directory, request, turn) {
    const answer = this.#native.resolve(this.#handle, directory, request, turn);
    if (typeof answer === 'number') return answer;
    const isAgain = typeof answer === 'object' && answer.number !== undefined;
    // What was found, and did not hold, has another number from now on.
    if (this.#place !== -1 && (isAgain || typeof answer === 'string')) {
      const kept = this.#keptOfSnapshot();
      if (kept !== null) this.#kept.set(`${directory}\0${request}`, kept);
      this.#known.forget(this.#place);
    }
    if (!isAgain) return answer;
    this.#keep(directory, request, answer, turn);
    return answer.path;
  }

  #keep(directory, request, { path, number }, turn) {
    if (++this.#size > MAXIMUM_ANSWERS) {
      this.#byDirectory = new SafeMap();
      this.#recordedAt = new SafeMap();
      this.#size = 0;
    }
    let known = this.#byDirectory.get(directory);
    if (known === undefined) {
      known = new Requests([], [], 0);
      this.#byDirectory.set(directory, known);
    }
    known.set(request, path, number, turn);
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
    const known = this.#known;
    const place = this.#place;
    if (place === -1 || place >= known.recorded || known.turns[place] === undefined) return null;
    return this.#resolver.isKeptByNode(known.numberOf(place)) ? known.paths[place] : null;
  }

  /** What the running Node tells only when it is asked, told once. */
  tellFactsForImports(builtins, slashImports) {
    this.#resolver.setFactsForImports(builtins, slashImports);
  }

  /** What an answer that is remembered rests on, one line each; null where nothing is. */
  reasons(directory, request) {
    return this.find(directory, request) ? this.#resolver.reasons(this.#known.numberOf(this.#place)) : null;
  }
}

module.exports = { Answers, NOT_FOUND, counts };
