'use strict';

// Has the running Node answer once more what the program has asked, when that is over, and finds out what each answer rests on: meanwhile Node
// looks at the disk by functions of ours. Without the addon, the snapshot is made of that.

const { captured } = require('./captured.js');
const { DiskFacts } = require('./disk_facts.js');
const { isBare } = require('./lookup_paths.js');
const { currentOptions } = require('./search_options.js');

const {
  Module,
  SafeMap,
  _nodeModulePaths,
  _resolveFilename,
  _stat,
  apply,
  fs,
  indexOf,
  keys,
  nodeProcess,
  path,
  realpathSync,
  slice,
} = captured;

/**
 * @param {import('./questions.js').Question | undefined} questions
 * @param {(question: Question, answer: string, isKept: boolean, met: object) => void} tell Called for each that Node can answer: whether Node keeps
 *   the answer, and the names that it rests on.
 */
function traceNode(questions, tell) {
  const tracer = new Tracer();
  const { _pathCache } = Module;
  const { emitWarning } = nodeProcess;
  try {
    // It says that the next is experimental; and what Node warns of, it is to warn of each time.
    nodeProcess.emitWarning = () => {
      tracer.hasWarned = true;
    };
    Module._stat = (file) => tracer.stat(file);
    fs.realpathSync = (file) => tracer.facts.realPathOf(file);
    for (let question = questions; question !== undefined; question = question.before) tracer.trace(question, tell);
  } finally {
    restore(() => (Module._stat = _stat));
    restore(() => (fs.realpathSync = realpathSync));
    restore(() => (nodeProcess.emitWarning = emitWarning));
    restore(() => (Module._pathCache = _pathCache));
  }
}

/** Whatever a program has frozen was not replaced. */
function restore(set) {
  try {
    set();
  } catch {
    // The others are put back all the same.
  }
}

class Tracer {
  facts = new DiskFacts();
  hasWarned = false;
  /** What Node has asked for by name. */
  asked = new SafeMap();
  /** What the system has said of a path. */
  kinds = new SafeMap();

  /** Paths are followed here by their text. Where the system says otherwise, the answer is not kept. */
  stat(file) {
    this.asked.set(file, true);
    const kind = this.facts.kindOf(file);
    let seen = this.kinds.get(file);
    if (seen === undefined) {
      seen = _stat(file);
      this.kinds.set(file, seen);
    }
    if (seen < 0 ? kind >= 0 : seen !== kind) throw new Error(`${file}: ${seen}`);
    return kind;
  }

  trace(question, tell) {
    const { directory, request } = question;
    const filename = `${directory}${path.sep}x.js`;
    // What Node remembers may be no longer so.
    const cache = { __proto__: null };
    this.facts.begin();
    this.asked = new SafeMap();
    this.hasWarned = false;
    let answer;
    try {
      Module._pathCache = cache;
      const parent = { __proto__: null, id: filename, filename, paths: _nodeModulePaths(directory) };
      answer = apply(_resolveFilename, Module, [request, parent, false]);
      this.#meetScope(directory);
      if (isBare(request)) this.#meetPackages(parent.paths, request);
    } catch {
      // There is none, or nobody can tell what it rests on: the program asks Node again.
      return;
    }
    // What Node has not looked for by these functions rests on something else.
    if (!this.hasWarned && this.facts.isMet(answer)) tell(question, answer, keys(cache).length > 0, this.facts.met);
  }

  /** What Node reads without asking for it by name: the package of the module that asks ... */
  #meetScope(directory) {
    let above = directory;
    for (let below; above !== below && !this.facts.meetPackage(above); above = path.dirname(above)) below = above;
  }

  /** ... and those in the folders that it has searched. */
  #meetPackages(folders, request) {
    const slash = indexOf(request, '/');
    const end = request[0] === '@' && slash !== -1 ? indexOf(request, '/', slash + 1) : slash;
    const name = end === -1 ? request : slice(request, 0, end);
    this.#meetPackagesIn(folders, name);
    this.#meetPackagesIn(currentOptions().globalPaths, name);
  }

  #meetPackagesIn(folders, name) {
    for (let index = 0; index < folders.length; index++) {
      const folder = folders[index];
      if (this.asked.get(folder) !== undefined) this.facts.kindOf(path.resolve(folder, name));
    }
  }
}

module.exports = { traceNode };
