'use strict';

// Resolution for tools: `sync`, `async`, `resolveMany` and `resolveDts` of `createResolver`. Answers are kept here, so that a hit is no call into the
// core; the core keeps what they rest on.

const path = require('node:path');

const { createUnavailableError, native } = require('../resolve/addon.js');
const { getBuiltins } = require('../resolve/runtime.js');
const { MAXIMUM_NUMBER, currentGeneration, currentTurn, endTurn } = require('../resolve/turn.js');
const { validateDirectory, validateString } = require('../shared/arguments.js');
const { createArgumentTypeError, createArgumentValueError } = require('../shared/errors.js');
const { NO_NUMBER, copy, readAnswer, readAnswers } = require('./outcome.js');

/** A resolver that keeps more begins anew: memory is bounded. */
const MAXIMUM_BYTES = 64 * 2 ** 20;
/** What an answer takes besides its texts, about. */
const ANSWER_BYTES = 200;
/** Turns of other threads have numbers that no turn of JavaScript has. */
const OF_THREAD = MAXIMUM_NUMBER;

/** The functions of the core, once somebody has a use for them. */
let core;

/** A directory that asks, or a file in one: for files, or for declarations. */
class Asking {
  /** By request. */
  answers = new Map();
  /** The number of the directory in the core. */
  number = undefined;

  constructor(text, isOfDeclarations, file) {
    this.text = text;
    this.isOfDeclarations = isOfDeclarations;
    this.file = file;
  }
}

/** Its parts are no private names: V8 takes longer for those until it has optimised a function. */
class ToolResolver {
  resolver;
  handle;
  expressions;
  believe;
  currentTurn;
  directories = new Map();
  /** Files that ask, where it matters which file it is. */
  files = new Map();
  /** Those that ask for declarations. */
  typed = new Map();
  last = new Asking('', false);
  bytes = 0;
  /** What `async` was asked since the last batch began. */
  waiting = [];

  constructor({ native: options, expressions }, believe) {
    if (native === null || !native.isSupported()) throw createUnavailableError();
    core ??= native.enhanced();
    [this.handle, this.resolver] = core.create({
      ...options,
      builtinModules: options.builtinModules ? getBuiltins() : undefined,
      believe,
    });
    this.expressions = expressions;
    this.doesFileMatter = options.tsconfig === '' || options.tsconfigReferences;
    this.believe = believe;
    this.currentTurn = believe === 'until-invalidated' ? currentGeneration : currentTurn;
  }

  sync(directory, request, context) {
    const asking = this.last.text === directory ? this.last : this.enter(directory, request);
    return this.resolve(asking, request, context);
  }

  resolveFile(file, request, context) {
    if (this.doesFileMatter) return this.resolve(this.enterFile(file, request), request, context);
    validateDirectory(file, 'file');
    return this.sync(path.dirname(file), request, context);
  }

  resolve(asking, request, context) {
    if (context !== undefined) return this.resolveWatched(asking, request, context);
    const turn = this.currentTurn();
    const known = asking.answers.get(request);
    if (known !== undefined && this.holds(known, turn)) return copy(known);
    return copy(this.workOut(asking, request, turn, known));
  }

  /** Where the declarations are of what a module asks for. */
  resolveDts(file, request) {
    validateDirectory(file, 'file');
    const directory = path.dirname(file);
    const key = this.doesFileMatter ? file : directory;
    const known = this.typed.get(key);
    const asking =
      known ?? this.add(this.typed, key, new Asking(directory, true, this.doesFileMatter ? key : undefined));
    return this.resolve(asking, request);
  }

  /** Those that are not known are resolved together, in another thread. */
  async(directory, request) {
    return new Promise((resolve, reject) => {
      const turn = this.currentTurn();
      const asking = this.enter(directory, request);
      const known = this.known(asking, request, turn);
      if (known !== undefined) {
        resolve(copy(known));
        return;
      }
      if (this.waiting.length === 0) queueMicrotask(() => this.resolveWaiting());
      this.waiting.push({ directory: asking, request, resolve, reject });
    });
  }

  resolveMany(requests) {
    if (!Array.isArray(requests)) throw createArgumentTypeError('requests', 'an instance of Array', requests);
    const turn = this.currentTurn();
    const unknown = [];
    const answers = requests.map((pair, index) => {
      if (!Array.isArray(pair)) throw createArgumentTypeError(`requests[${index}]`, 'an instance of Array', pair);
      const [request, from] = pair;
      const directory = this.enter(from, request);
      const known = this.known(directory, request, turn);
      if (known === undefined) unknown.push({ directory, request, index });
      return known;
    });
    if (unknown.length > 0) {
      const text = core.resolveMany(this.handle, ...this.questions(unknown), turn);
      this.take(text, unknown, turn).forEach((answer, place) => {
        answers[unknown[place].index] = answer;
      });
    }
    return answers.map(copy);
  }

  /** A batch begins with what was asked until now; what its answers rest on is looked at when it runs. */
  resolveWaiting() {
    const waiting = this.waiting;
    this.waiting = [];
    const turn = this.currentTurn();
    const ofThread = this.believe === 'until-invalidated' ? turn : turn + OF_THREAD;
    core
      .resolveManyInThread(this.handle, ...this.questions(waiting), ofThread)
      .then((text) => {
        const answers = this.take(text, waiting, this.believe === 'until-invalidated' ? turn : -1);
        answers.forEach((answer, index) => {
          waiting[index].resolve(copy(answer));
        });
      })
      .catch((error) => {
        for (const { reject } of waiting) reject(error);
      });
  }

  /** What the core takes for several questions. */
  questions(questions) {
    const directories = Uint32Array.from(questions, ({ directory }) => this.numberOf(directory));
    // A request with a NUL is one of its own, which is asked for alone.
    return [directories, questions.map(({ request }) => (request.includes('\0') ? '' : request)).join('\0')];
  }

  /** What the core answers to several questions; what needs more than one look is asked for alone. */
  take(text, questions, turn) {
    return readAnswers(text, questions).map((answer, index) => {
      const { directory, request } = questions[index];
      const isWanted = answer.isFound ? this.isAllowed(answer) : this.believe !== 'turn';
      if (isWanted && !request.includes('\0')) return this.keep(directory, request, answer, turn);
      return this.workOut(directory, request, this.currentTurn(), undefined);
    });
  }

  known(directory, request, turn) {
    const known = directory.answers.get(request);
    return known !== undefined && this.holds(known, turn) ? known : undefined;
  }

  /** Whether an answer still is what the core would find. */
  holds(known, turn) {
    if (known.turn === turn) return true;
    if (!core.holds(this.handle, known.number, turn)) return false;
    known.turn = turn;
    return true;
  }

  workOut(directory, request, turnOfRequest, known) {
    validateString(request, 'request');
    let turn = turnOfRequest;
    // Something has changed, and part of what the answer rests on may have been seen before that, in this turn.
    if (known !== undefined) turn = this.beginTurn();
    let answer = this.ask(directory, request, turn);
    if (!answer.isFound && this.believe === 'turn') {
      // Not found is never an answer from memory.
      turn = this.beginTurn();
      answer = this.ask(directory, request, turn);
    }
    return this.keep(directory, request, answer, turn);
  }

  beginTurn() {
    endTurn();
    return this.currentTurn();
  }

  keep(directory, request, answer, turn) {
    const isBelieved = answer.number !== NO_NUMBER && (answer.isFound || this.believe === 'until-invalidated');
    if (isBelieved) {
      answer.turn = turn;
      this.bytes += ANSWER_BYTES + request.length + (answer.result.path?.length ?? 0);
      directory.answers.set(request, answer);
    } else {
      directory.answers.delete(request);
    }
    return answer;
  }

  /** What a regular expression forbids, the core is asked to leave out. */
  ask(directory, request, turn) {
    const excluded = [];
    for (;;) {
      const number = this.numberOf(directory);
      const text = core.resolve(
        this.handle,
        number,
        request,
        turn,
        excluded.length === 0 ? undefined : excluded,
        directory.isOfDeclarations,
        directory.file,
      );
      const answer = readAnswer(text, directory.text, request);
      if (!answer.isFound || directory.isOfDeclarations || this.isAllowed(answer)) return answer;
      excluded.push(answer.result.path);
    }
  }

  isAllowed({ result }) {
    return this.expressions.every((expression) => expression.test(result.path));
  }

  resolveWatched(asking, request, context) {
    const { fileDependencies, missingDependencies } = checkContext(context);
    validateString(request, 'request');
    const excluded = [];
    for (;;) {
      const { answer, found, missing } = core.resolveWatched(
        this.handle,
        this.numberOf(asking),
        request,
        this.beginTurn(),
        excluded,
        asking.file,
      );
      for (const file of found) fileDependencies?.add(file);
      for (const file of missing) missingDependencies?.add(file);
      const read = readAnswer(answer, asking.text, request);
      if (!read.isFound || this.isAllowed(read)) return copy(read);
      excluded.push(read.result.path);
    }
  }

  enter(text, request) {
    validateString(request, 'request');
    let directory = this.directories.get(text);
    if (directory === undefined) {
      validateDirectory(text, 'directory');
      directory = this.add(this.directories, text, new Asking(text, false));
    }
    this.last = directory;
    return directory;
  }

  enterFile(file, request) {
    validateString(request, 'request');
    const known = this.files.get(file);
    if (known !== undefined) return known;
    validateDirectory(file, 'file');
    return this.add(this.files, file, new Asking(path.dirname(file), false, path.resolve(file)));
  }

  add(all, key, asking) {
    if (this.bytes > MAXIMUM_BYTES) this.forget();
    this.bytes += ANSWER_BYTES + key.length;
    all.set(key, asking);
    return asking;
  }

  forget() {
    this.directories.clear();
    this.files.clear();
    this.typed.clear();
    this.bytes = 0;
  }

  numberOf(directory) {
    directory.number ??= core.directory(this.handle, path.resolve(directory.text));
    if (directory.number === null) {
      throw createArgumentValueError('directory', directory.text, 'must have no NUL');
    }
    return directory.number;
  }
}

/** Sets as enhanced-resolve takes them; what was looked at is added to them. */
function checkContext(context) {
  if (context === null || typeof context !== 'object') {
    throw createArgumentTypeError('context', 'of type object', context);
  }
  for (const name of ['fileDependencies', 'missingDependencies']) {
    const set = context[name];
    if (set !== undefined && typeof set?.add !== 'function') {
      throw createArgumentValueError(`context.${name}`, set, 'must be a Set');
    }
  }
  return context;
}

module.exports = { ToolResolver };
