'use strict';

// What Node has answered to an earlier process, for a program without the addon: to the early hook this is what the addon gives at first
// (`src/binding/first.rs`). Here an answer holds as long as what it rests on is as it was.

const { captured } = require('./captured.js');
const { describeOrigin } = require('./describe_origin.js');
const { origin } = require('./origin.js');
const { readSnapshot } = require('./plain_snapshot.js');
const { WIDTH, holds } = require('./proofs.js');
const { currentOptions } = require('./search_options.js');

const { Numbers, SafeMap, arrayJoin, env, isOriginal, nodeProcess, split } = captured;

/** The bundler puts the version of this package here; files that tests load one by one have none. A snapshot of another version is not read. */
const FORMAT = `fast-resolve ${typeof PACKAGE_VERSION === 'undefined' ? '' : PACKAGE_VERSION}, without the addon`;
/** What the addon says where there is nothing of that name. */
const NOT_FOUND = 1;

/** What decides how Node resolves, and is no file. */
function describePurpose({ extensions, globalPaths }) {
  const { program, node, nodePath, home } = describeOrigin(true);
  const { NODE_OPTIONS, NODE_PRESERVE_SYMLINKS } = env;
  const started = `${program}\n${node}\n${nodePath}\n${home}\n${NODE_OPTIONS}\n${NODE_PRESERVE_SYMLINKS}`;
  const isRequireOfModules = nodeProcess.features?.require_module;
  return `${started}\n${isRequireOfModules}\n${arrayJoin(extensions, '\0')}\n${arrayJoin(globalPaths, '\0')}`;
}

class KeptAnswers {
  /** Whether there is a snapshot that can be used, and what is in it. */
  isOpen;
  kept;
  /** The paths of the proofs of those that hold, which are looked at again in another turn. */
  #proofs = [];
  /** By the number of an answer that holds, that of the answer in what was read; undefined where they are the same. */
  #numbers;
  #note;
  /** The directories that ask, by number. */
  #directories = new SafeMap();

  /** @param {(directory: string, request: string) => void} note Called for what is not kept. */
  constructor(note) {
    this.kept = origin.snapshot === undefined ? undefined : readSnapshot(origin.snapshot);
    this.isOpen = this.kept?.format === FORMAT;
    this.#note = note;
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
    if (kept.purpose !== describePurpose(currentOptions())) return null;
    this.#proofs = split(kept.proofs, '\n');
    const isTrusted = env.FAST_RESOLVE_TRUST === '1';
    const failed = isTrusted ? undefined : this.#findFailed();
    const answers = failed === undefined ? linesOf(kept) : linesWithout(kept, failed);
    this.#numbers = answers.numbers;
    return { __proto__: null, resolver: 0, holds: true, answers };
  }

  /** By number, whether a proof does not hold; undefined where all do. */
  #findFailed() {
    let failed;
    for (let number = 0; number < this.#proofs.length; number++) {
      if (holds(this.#proofs[number], this.kept.stamps, number * WIDTH)) continue;
      failed ??= new Numbers(this.#proofs.length);
      failed[number] = 1;
    }
    return failed;
  }

  /** In another turn, if all that held before still hold. */
  doesSnapshotHold() {
    return this.#findFailed() === undefined;
  }

  /** The same, of one answer. */
  holds(_, number) {
    const { ends, rests, stamps } = this.kept;
    const original = this.#numbers === undefined ? number : this.#numbers[number];
    for (let rest = original === 0 ? 0 : ends[original - 1]; rest < ends[original]; rest++) {
      if (!holds(this.#proofs[rests[rest]], stamps, rests[rest] * WIDTH)) return false;
    }
    return true;
  }

  enterDirectory(_, text) {
    const number = this.#directories.size;
    this.#directories.set(number, text);
    return number;
  }

  /** What V8 makes of the hook is not kept. */
  readCode() {
    return null;
  }

  keepCode() {}

  /** Node has to answer. */
  resolve(_, number, request) {
    this.#note(this.#directories.get(number), request);
    return NOT_FOUND;
  }
}

/** As `SnapshotAnswers` takes them. */
function linesOf({ directories, first, requests, paths }) {
  return { __proto__: null, directories, first, requests, paths };
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
      for (let rest = number === 0 ? 0 : ends[number - 1]; rest < ends[number]; rest++)
        isKept &&= failed[rests[rest]] === 0;
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

module.exports = { FORMAT, KeptAnswers, describePurpose };
