'use strict';

// The answers of one set of options, in this thread, in Maps: a hit is two look-ups and no call into the core. The first time that
// an answer is given in a turn, the core is asked whether it still holds, by its number.

const { native } = require('./addon.js');
const { currentGeneration, currentTurn, endTurn } = require('./turn.js');
const { SafeMap } = require('./safe_map.js');

/** A program that asks for more begins anew: memory is bounded. */
const MAXIMUM_ANSWERS = 200_000;

/** What the native resolver answers where Node has to be asked, and where there is nothing of that name. */
const UNSURE = 0;
const NOT_FOUND = 1;

const counts = { hits: 0 };

/**
 * @typedef {object} Entry
 * @property {string} path
 * @property {number} number What the core calls the answer.
 * @property {number} turn When it was last found to hold; -1 for never.
 */

/** What is known of the requests of one directory. */
class Requests {
  /** What the core calls the directory; undefined before it was asked, null where it is none for the core. */
  directory = undefined;
  /** Answers that were asked for. */
  entries = new SafeMap();
  /** Those of the snapshot: requests, their paths, and the number of the first one. */
  requests = null;
  paths = null;
  first = 0;

  find(request) {
    const entry = this.entries.get(request);
    return entry === undefined && this.requests !== null ? this.#take(request) : entry;
  }

  #take(request) {
    const index = this.requests.indexOf(request);
    if (index === -1) return undefined;
    const entry = { path: this.paths[index], number: this.first + index, turn: -1 };
    this.entries.set(request, entry);
    return entry;
  }
}

class Answers {
  #resolver;
  #handle;
  #getTurn;
  #byDirectory = new SafeMap();
  #size = 0;
  /** The number of the next answer. */
  #next;
  #knowsFactsForImports = false;

  /**
   * @param {import('../binding.js').Resolver} resolver
   * @param {'turn' | 'until-invalidated' | 'nothing'} believe
   */
  constructor(resolver, believe) {
    this.#resolver = resolver;
    this.#handle = resolver.number();
    this.believe = believe;
    this.#getTurn = believe === 'turn' ? currentTurn : currentGeneration;
    this.#next = resolver.snapshotLength();
    if (this.#next > 0) this.#takeSnapshot(JSON.parse(resolver.snapshotJson()));
  }

  #takeSnapshot(directories) {
    let first = 0;
    for (const [directory, requests, paths] of directories) {
      const known = new Requests();
      known.requests = requests;
      known.paths = paths;
      known.first = first;
      first += requests.length;
      this.#byDirectory.set(directory, known);
    }
  }

  /** What the running Node tells only when it is asked, told once. */
  tellFactsForImports(getBuiltins, getSlashImports) {
    if (this.#knowsFactsForImports) return;
    this.#knowsFactsForImports = true;
    const slashImports = getSlashImports();
    this.#resolver.setFactsForImports(getBuiltins(), slashImports);
    // While the question was asked, there was no answer yet.
    if (slashImports === undefined) this.#knowsFactsForImports = false;
  }

  /** The turn in which answers are believed that were found to hold in it. */
  turn() {
    return this.#getTurn();
  }

  /**
   * What is remembered of a request, whether or not it holds.
   * @returns {Entry | undefined}
   */
  find(directory, request) {
    return this.#byDirectory.get(directory)?.find(request);
  }

  /** Whether what is remembered may be given in this turn. */
  holds(entry, turn) {
    if (entry.turn !== turn) {
      if (!native.holds(this.#handle, entry.number, turn)) return false;
      entry.turn = turn;
    }
    counts.hits++;
    return true;
  }

  /**
   * Has the core work out an answer, and remembers it.
   * @param {Entry | undefined} entry What was remembered.
   * @param {string} directory That of the module that asks.
   * @returns {string | number | object} A path, or what the core says instead.
   */
  workOut(entry, directory, request, turn) {
    const known = this.#requestsOf(directory);
    if (known.directory === undefined) known.directory = this.#resolver.enter(directory);
    if (known.directory === null) return UNSURE;
    const number = entry?.number ?? this.#next;
    const answer = native.resolve(this.#handle, known.directory, request, turn, number);
    if (typeof answer !== 'string' || this.believe === 'nothing') return answer;
    if (entry === undefined) {
      this.#next++;
      this.#size++;
      known.entries.set(request, { path: answer, number, turn });
    } else {
      entry.path = answer;
      entry.turn = turn;
    }
    return answer;
  }

  #requestsOf(directory) {
    if (this.#size > MAXIMUM_ANSWERS) this.#clear();
    let known = this.#byDirectory.get(directory);
    if (known === undefined) {
      known = new Requests();
      this.#byDirectory.set(directory, known);
      // A directory from which only failures came takes room, too.
      this.#size++;
    }
    return known;
  }

  #clear() {
    this.#byDirectory = new SafeMap();
    this.#size = 0;
    this.#resolver.forgetAnswers();
  }

  /** What an answer rests on, one line each; null where nothing is remembered. */
  reasons(directory, request) {
    const entry = this.find(directory, request);
    return entry === undefined ? null : this.#resolver.reasons(entry.number);
  }

  /** Whether Node keeps an answer that was given before, and repeats it even if the file is gone. */
  isKeptByNode(entry) {
    return entry !== undefined && entry.turn !== -1 && this.#resolver.isKeptByNode(entry.number);
  }
}

module.exports = { Answers, NOT_FOUND, counts, endTurn };
