'use strict';

// What Node has answered to an earlier process, for a program without the addon: to the early hook this is what the addon gives at first
// (`src/binding/first.rs`). Here an answer holds as long as what it rests on is as it was.

const { NOT_FOUND } = require('./asking.js');
const { captured } = require('./captured.js');
const { describeOrigin } = require('./describe_origin.js');
const { readSnapshot } = require('./plain_snapshot.js');
const { WIDTH, holds } = require('./proofs.js');
const { textOf } = require('./questions.js');
const { currentOptions } = require('./search_options.js');

const { Numbers, SafeMap, arrayJoin, disk, env, includes, isOriginal, nodeProcess, now, split, startText } = captured;

/** The bundler puts the version of this package here; files that tests load one by one have none. A snapshot of another version is not read. */
const FORMAT = `fast-resolve ${typeof PACKAGE_VERSION === 'undefined' ? '' : PACKAGE_VERSION}, without the addon`;
/** What could not be proved is asked of Node again only after that, in milliseconds. */
const RETRY_AFTER = 60_000;
const { FAST_RESOLVE_TRUST: trust } = env;

/** What decides how Node resolves, and is no file. */
function describePurpose({ extensions, globalPaths }) {
  const { program, node } = describeOrigin(true);
  const isRequireOfModules = nodeProcess.features?.require_module;
  const lists = `${arrayJoin(extensions, '\0')}\n${arrayJoin(globalPaths, '\0')}`;
  return `${FORMAT}\n${program}\n${node}\n${startText}\n${disk.preserveSymlinks}\n${isRequireOfModules}\n${lists}`;
}

class KeptAnswers {
  /** What was read, if it is for this program. */
  kept;
  /** What the program may change of how Node searches, as it was at first. */
  #options = currentOptions();
  #proofs = [];
  /** By the number of an answer that holds, that in what was read; undefined where they are the same. */
  #numbers;
  #note;
  /** The directories that ask, by number. */
  #directories = new SafeMap();

  /**
   * @param {{ directory: string, name: string } | undefined} place
   * @param {(directory: string, request: string) => void} note Called for what is not kept.
   */
  constructor(place, note) {
    this.#note = note;
    const kept = place === undefined ? undefined : readSnapshot(place);
    if (kept?.purpose === describePurpose(this.#options)) this.kept = kept;
  }

  /** Whether Node has to be asked at the end. */
  isNew(directory, request) {
    if (this.kept === undefined) return true;
    const { unanswered, unproved, written } = this.kept;
    const text = `\n${textOf(directory, request)}\n`;
    if (includes(unanswered, text)) return false;
    const age = now() - written;
    return age < 0 || age > RETRY_AFTER || !includes(unproved, text);
  }

  /** What Node was started with is part of what a snapshot is for. */
  tellStart() {
    return true;
  }

  areNodesOwn() {
    return isOriginal;
  }

  /** The answers that hold. */
  takeAnswers() {
    const { kept } = this;
    if (currentOptions() !== this.#options) return null;
    this.#proofs = split(kept.proofs, '\n');
    const failed = this.#findFailed();
    const answers = failed === undefined ? linesOf(kept) : linesWithout(kept, failed);
    this.#numbers = answers.numbers;
    return { __proto__: null, resolver: 0, holds: true, answers };
  }

  /** By number, whether a proof does not hold; undefined where all do. */
  #findFailed() {
    let failed;
    for (let number = 0; number < this.#proofs.length; number++) {
      if (this.#isProved(number)) continue;
      failed ??= new Numbers(this.#proofs.length);
      failed[number] = 1;
    }
    return failed;
  }

  #isProved(number) {
    return trust === '1' || holds(this.#proofs[number], this.kept.stamps, number * WIDTH);
  }

  /** In another turn, if all that was kept still holds. */
  doesSnapshotHold() {
    return this.#findFailed() === undefined;
  }

  /** The same, of one answer. */
  holds(_, number) {
    const { ends, rests } = this.kept;
    const original = this.#originalOf(number);
    for (let rest = original === 0 ? 0 : ends[original - 1]; rest < ends[original]; rest++) {
      if (!this.#isProved(rests[rest])) return false;
    }
    return true;
  }

  /** Whether Node would have entered an answer in `Module._pathCache`. */
  isKeptByNode(number) {
    return this.kept.keptByNode[this.#originalOf(number)] === '1';
  }

  #originalOf(number) {
    return this.#numbers === undefined ? number : this.#numbers[number];
  }

  enterDirectory(_, text) {
    const number = this.#directories.size;
    this.#directories.set(number, text);
    return number;
  }

  /** Node has to answer. */
  resolve(_, number, request) {
    this.#note(this.#directories.get(number), request);
    return NOT_FOUND;
  }

  /** What V8 makes of the hook is not kept. */
  readCode() {
    return null;
  }

  keepCode() {}
}

/** As `SnapshotAnswers` takes them. */
function linesOf({ directories, first, requests, paths }) {
  return { __proto__: null, directories, first, requests, paths, numbers: undefined };
}

/** The same, of the answers that rest on nothing that has failed. */
function linesWithout({ directories, first: allFirst, requests, paths, rests, ends }, failed) {
  const allRequests = split(requests, '\n');
  const allPaths = split(paths, '\n');
  const first = new Numbers(allFirst.length);
  const numbers = new Numbers(allRequests.length);
  const kept = { __proto__: null, directories, first, requests: '', paths: '', numbers };
  let count = 0;
  for (let place = 0; place < allFirst.length - 1; place++) {
    for (let number = allFirst[place]; number < allFirst[place + 1]; number++) {
      let isKept = true;
      for (let rest = number === 0 ? 0 : ends[number - 1]; rest < ends[number]; rest++) {
        isKept &&= failed[rests[rest]] === 0;
      }
      if (!isKept) continue;
      kept.requests += `${count === 0 ? '' : '\n'}${allRequests[number]}`;
      kept.paths += `${count === 0 ? '' : '\n'}${allPaths[number]}`;
      numbers[count] = number;
      count++;
    }
    first[place + 1] = count;
  }
  return kept;
}

module.exports = { KeptAnswers, describePurpose };
