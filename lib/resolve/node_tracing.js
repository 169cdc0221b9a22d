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
  nodeProcess,
  path,
  realpathSync,
  slice,
} = captured;

/**
 * @typedef {{ directory: string, request: string, before: Question | undefined }} Question With those before it.
 * @param {Question | undefined} questions
 * @param {(question: Question, answer: string, met: object) => void} tell Called for each that Node can answer, with the names that it rests on.
 */
function traceNode(questions, tell) {
  const tracer = new Tracer();
  const { _pathCache } = Module;
  const { emitWarning } = nodeProcess;
  fs.realpathSync = (file) => tracer.facts.realPathOf(file);
  try {
    // What Node remembers may be no longer so.
    Module._pathCache = { __proto__: null };
    // It says that the next is experimental.
    nodeProcess.emitWarning = () => {};
    Module._stat = (file) => tracer.stat(file);
    for (let question = questions; question !== undefined; question = question.before) tracer.trace(question, tell);
  } finally {
    Module._stat = _stat;
    nodeProcess.emitWarning = emitWarning;
    Module._pathCache = _pathCache;
    fs.realpathSync = realpathSync;
  }
}

class Tracer {
  facts = new DiskFacts();
  /** What Node has asked for by name. */
  asked = new SafeMap();

  stat(file) {
    this.asked.set(file, true);
    return this.facts.kindOf(file);
  }

  trace(question, tell) {
    const { directory, request } = question;
    this.facts.begin();
    this.asked = new SafeMap();
    let answer;
    try {
      const filename = `${directory}${path.sep}x.js`;
      const parent = { __proto__: null, id: filename, filename, paths: _nodeModulePaths(directory) };
      answer = apply(_resolveFilename, Module, [request, parent, false]);
      if (isBare(request)) this.#meetPackages(parent.paths, directory, request);
    } catch {
      // There is none, or the disk can't be read: the program asks Node again.
      return;
    }
    // What Node has not looked for by these functions rests on something else.
    if (this.facts.isMet(answer)) tell(question, answer, this.facts.met);
  }

  /** What Node reads of packages without asking for it by name: that of the module that asks, and those in folders that it has searched. */
  #meetPackages(folders, directory, request) {
    let above = directory;
    for (let below; above !== below && !this.facts.hasPackageJson(above); above = path.dirname(above)) below = above;
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
