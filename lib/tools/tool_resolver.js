'use strict';

// Resolution for tools: `sync`, `async`, `resolveMany` and `resolveDts` of `createResolver`. Answers are kept here, so that a hit is no call into the
// core; the core keeps what they rest on.

const path = require('node:path');

const { createUnavailableError, native } = require('../resolve/addon.js');
const { countClearings } = require('../resolve/answers.js');
const { getBuiltins } = require('../resolve/runtime.js');
const { MAXIMUM_NUMBER, currentGeneration, currentTurn, endTurn } = require('../resolve/turn.js');
const { validateDirectory, validateString } = require('../shared/arguments.js');
const { createArgumentTypeError, createArgumentValueError } = require('../shared/errors.js');
const { AnswerReader, NO_NUMBER, NUMBERS_OF_ANSWER, copy, isSame } = require('./outcome.js');

/** A resolver that keeps more begins anew: memory is bounded. */
const MAXIMUM_BYTES = 16 * 2 ** 20;
/** What an answer takes besides its texts, about, and what a failure takes besides. */
const ANSWER_BYTES = 200;
const FAILURE_BYTES = 150;
/** Turns of other threads have numbers that no turn of JavaScript has. */
const OF_THREAD = MAXIMUM_NUMBER;

/** Where the numbers of a question stand, and those of its answer behind them; src/binding/enhanced/mod.rs has the same. */
const RESOLVER = 0;
const DIRECTORY = 1;
const TURN = 2;
const DECLARATIONS = 3;
const EARLIER = 4;
const ANSWER = 5;

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

/** In place of the one that asked last. */
const NOBODY = new Asking(undefined, false);

/** Its parts are no private names: V8 takes longer for those until it has optimised a function. */
class ToolResolver {
  resolver;
  handle;
  expressions;
  isRestricted;
  believe;
  currentTurn;
  directories = new Map();
  /** Files that ask, where it matters which file it is. */
  files = new Map();
  /** Those that ask for declarations. */
  typed = new Map();
  /** What asked last, and the very string that it was asked for with: V8 compares others slowly. */
  last = NOBODY;
  text;
  bytes = 0;
  /** How often all was to be forgotten when this last began anew. */
  clearings = countClearings();
  reader = new AnswerReader();
  numbers = new Uint32Array(ANSWER + NUMBERS_OF_ANSWER);
  /** What `async` was asked since the last batch began, and how many batches are being resolved. */
  waiting = [];
  batches = 0;

  constructor({ native: options, expressions }, believe) {
    if (native === null || !native.isSupported()) throw createUnavailableError();
    core ??= native.enhanced();
    [this.handle, this.resolver] = core.create({
      ...options,
      builtinModules: options.builtinModules ? getBuiltins() : undefined,
      believe,
    });
    this.numbers[RESOLVER] = this.handle;
    this.expressions = expressions;
    this.isRestricted = expressions.length > 0;
    this.doesFileMatter = options.tsconfig === '' || options.tsconfigReferences;
    this.believe = believe;
    this.currentTurn = believe === 'until-invalidated' ? currentGeneration : currentTurn;
  }

  sync(directory, request, context) {
    const asking = this.text === directory ? this.last : this.enter(directory, request);
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
      // What is wrong with the directory is told to who asked.
      this.numberOf(asking);
      if (this.waiting.length === 0) queueMicrotask(() => this.resolveWaiting());
      this.waiting.push({ asking, request, resolve, reject });
    });
  }

  resolveMany(requests) {
    if (!Array.isArray(requests)) throw createArgumentTypeError('requests', 'an instance of Array', requests);
    let turn = this.currentTurn();
    let hasChanged = false;
    const answers = new Array(requests.length);
    const unknown = [];
    for (let index = 0; index < requests.length; index++) {
      const pair = requests[index];
      if (!Array.isArray(pair)) throw createArgumentTypeError(`requests[${index}]`, 'an instance of Array', pair);
      const request = pair[0];
      const from = pair[1];
      if (typeof request !== 'string') validateString(request, `requests[${index}][0]`);
      const asking = this.directories.get(from) ?? this.enter(from, request, `requests[${index}][1]`);
      const known = asking.answers.get(request);
      if (known !== undefined && this.holds(known, turn)) {
        answers[index] = copy(known);
      } else {
        hasChanged ||= known !== undefined;
        unknown.push({ asking, request, index });
      }
    }
    // Part of what the others rest on may have been seen before the change, in this turn.
    if (hasChanged) turn = this.beginTurn();
    this.askMany(unknown, turn, answers);
    if (this.believe === 'turn') {
      // Not found is never an answer from memory.
      const missing = unknown.filter(({ index }) => answers[index].path === undefined);
      if (missing.length > 0) this.askMany(missing, this.beginTurn(), answers);
    }
    return answers;
  }

  askMany(questions, turn, answers) {
    if (questions.length === 0) return;
    const { directories, text } = this.questions(questions);
    const found = core.resolveMany(this.handle, directories, text, turn);
    this.take(found, questions, turn, ({ index }, answer) => {
      answers[index] = answer;
    });
  }

  /** A batch begins with what was asked until now; what its answers rest on is looked at when it runs, in a turn of its own. */
  async resolveWaiting() {
    const waiting = this.waiting;
    this.waiting = [];
    this.batches++;
    try {
      const turn = this.currentTurn();
      const isTurn = this.believe !== 'until-invalidated';
      const { directories, text } = this.questions(waiting);
      const found = await core.resolveManyInThread(this.handle, directories, text, isTurn ? turn + OF_THREAD : turn);
      this.take(found, waiting, isTurn ? -1 : turn, ({ resolve }, answer) => resolve(answer));
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    } finally {
      this.batches--;
    }
  }

  /** What the core takes for several questions. */
  questions(questions) {
    const directories = new Uint32Array(questions.length);
    const requests = new Array(questions.length);
    for (let index = 0; index < questions.length; index++) {
      const { asking, request } = questions[index];
      directories[index] = this.numberOf(asking);
      // A request with a NUL is one of its own, which is asked for alone.
      requests[index] = request.includes('\0') ? '' : request;
    }
    return { directories, text: requests.join('\0') };
  }

  /** Gives what the core answers to several questions; what needs more than one look is asked for alone. */
  take({ text, numbers }, questions, turn, give) {
    const texts = text.split('\0');
    for (let index = 0; index < questions.length; index++) {
      const question = questions[index];
      const { asking, request } = question;
      const answer = this.reader.read(texts[index], numbers, index * NUMBERS_OF_ANSWER, asking.text, request);
      // The core knows of no NUL, and finds nothing then.
      const isWanted = answer.path === undefined ? !request.includes('\0') : this.isAllowed(answer);
      const kept = isWanted
        ? this.keep(asking, request, answer, turn)
        : this.workOut(asking, request, this.currentTurn(), undefined);
      give(question, copy(kept));
    }
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

  workOut(asking, request, turn, known) {
    if (typeof request !== 'string') validateString(request, 'request');
    const answer = this.ask(asking, request, turn, known);
    // Not found is never an answer from memory; and where something has changed, part of what the answer rests on may have been seen
    // before that, in this turn.
    const isDoubtful = answer.path === undefined || (known !== undefined && !isSame(answer, known));
    if (!isDoubtful || this.believe !== 'turn') return this.keep(asking, request, answer, turn);
    const newTurn = this.beginTurn();
    return this.keep(asking, request, this.ask(asking, request, newTurn, answer), newTurn);
  }

  beginTurn() {
    endTurn();
    return this.currentTurn();
  }

  keep(asking, request, answer, turn) {
    if (this.bytes > MAXIMUM_BYTES || this.clearings !== countClearings()) this.forget();
    const { answers } = asking;
    const replaced = answers.get(request);
    if (replaced !== undefined) this.bytes -= bytesOf(request, replaced);
    if (answer.number !== NO_NUMBER && (answer.path !== undefined || this.believe === 'until-invalidated')) {
      answer.turn = turn;
      this.bytes += bytesOf(request, answer);
      answers.set(request, answer);
    } else {
      answers.delete(request);
    }
    return answer;
  }

  /** `known`: what the answer takes the place of, which nobody asks about any more. */
  ask(asking, request, turn, known) {
    const answer = this.askOnce(asking, request, turn, known);
    return this.isRestricted && !asking.isOfDeclarations ? this.askForAllowed(asking, request, turn, answer) : answer;
  }

  /** What a regular expression forbids, the core is asked to leave out. */
  askForAllowed(asking, request, turn, first) {
    const excluded = [];
    let answer = first;
    while (answer.path !== undefined && !this.isAllowed(answer)) {
      excluded.push(answer.path);
      answer = this.askOnce(asking, request, turn, answer, excluded);
    }
    return answer;
  }

  askOnce(asking, request, turn, known, excluded) {
    const { numbers } = this;
    numbers[DIRECTORY] = asking.number ?? this.numberOf(asking);
    numbers[TURN] = turn;
    numbers[DECLARATIONS] = asking.isOfDeclarations ? 1 : 0;
    numbers[EARLIER] = known === undefined ? NO_NUMBER : known.number;
    const text =
      asking.file === undefined && excluded === undefined
        ? core.resolve(numbers, request)
        : core.resolve(numbers, request, asking.file, excluded);
    return this.reader.read(text, numbers, ANSWER, asking.text, request);
  }

  isAllowed(answer) {
    return !this.isRestricted || this.expressions.every((expression) => expression.test(answer.path));
  }

  resolveWatched(asking, request, context) {
    const { fileDependencies, missingDependencies } = checkContext(context);
    validateString(request, 'request');
    const excluded = [];
    for (;;) {
      const { answer, numbers, found, missing } = core.resolveWatched(
        this.handle,
        this.numberOf(asking),
        request,
        this.beginTurn(),
        excluded,
        asking.file,
      );
      for (const file of found) fileDependencies?.add(file);
      for (const file of missing) missingDependencies?.add(file);
      const read = this.reader.read(answer, numbers, 0, asking.text, request);
      if (read.path === undefined || this.isAllowed(read)) return copy(read);
      excluded.push(read.path);
    }
  }

  enter(text, request, name = 'directory') {
    validateString(request, 'request');
    let directory = this.directories.get(text);
    if (directory === undefined) {
      validateDirectory(text, name);
      directory = this.add(this.directories, text, new Asking(text, false));
    }
    this.last = directory;
    this.text = text;
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
    // A thread that resolves has numbers of directories.
    const areNumbersFree = this.batches === 0;
    for (const all of [this.directories, this.files, this.typed]) {
      for (const asking of all.values()) {
        asking.answers.clear();
        if (areNumbersFree) asking.number = undefined;
      }
      all.clear();
    }
    this.last = NOBODY;
    this.text = undefined;
    this.bytes = 0;
    this.clearings = countClearings();
    if (areNumbersFree) core.forgetDirectories(this.handle);
  }

  numberOf(asking) {
    if (asking.number === undefined) {
      const { text } = asking;
      // The core takes dots out of an absolute path itself.
      asking.number = core.directory(this.handle, text[0] === '/' ? text : path.resolve(text));
    }
    if (asking.number === null) throw createArgumentValueError('directory', asking.text, 'must have no NUL');
    return asking.number;
  }
}

/** What is kept for an answer, about. */
function bytesOf(request, { path: file, failure }) {
  return ANSWER_BYTES + request.length + (file === undefined ? FAILURE_BYTES + failure.error.length : file.length);
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
