'use strict';

// Resolution for tools: `sync`, `async`, `resolveMany` and `resolveDts` of `createResolver`. Answers are kept here, so that a hit is no call into the
// core; the core keeps what they rest on.

const path = require('node:path');

const { createUnavailableError, native } = require('../resolve/addon.js');
const { getBuiltins } = require('../resolve/runtime.js');
const { currentGeneration, currentTurn, endTurn } = require('../resolve/turn.js');
const { validateDirectory, validateString } = require('../shared/arguments.js');
const { createArgumentTypeError, createArgumentValueError } = require('../shared/errors.js');
const { AT, AnswerReader, NO_NUMBER, NUMBERS, NUMBERS_OF_ANSWER, copy } = require('./outcome.js');

/** A resolver that keeps more begins anew: memory is bounded. */
const MAXIMUM_BYTES = 64 * 2 ** 20;
/** What an answer takes besides its texts, about. */
const ANSWER_BYTES = 200;
/** Turns of other threads have numbers that no turn of JavaScript has. */
const OF_THREAD = 2 ** 31;

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
  reader = new AnswerReader();
  numbers = new Uint32Array(NUMBERS);
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
      this.waiting.push({ asking, request, resolve, reject });
    });
  }

  resolveMany(requests) {
    if (!Array.isArray(requests)) throw createArgumentTypeError('requests', 'an instance of Array', requests);
    const turn = this.currentTurn();
    const answers = new Array(requests.length);
    const unknown = [];
    const places = [];
    for (let index = 0; index < requests.length; index++) {
      const pair = requests[index];
      if (!Array.isArray(pair)) throw createArgumentTypeError(`requests[${index}]`, 'an instance of Array', pair);
      const request = pair[0];
      const asking = this.enter(pair[1], request);
      const known = this.known(asking, request, turn);
      if (known === undefined) {
        unknown.push({ asking, request });
        places.push(index);
      } else {
        answers[index] = copy(known);
      }
    }
    if (unknown.length > 0) {
      const { directories, text } = this.questions(unknown);
      const found = core.resolveMany(this.handle, directories, text, turn);
      this.take(found, unknown, turn, (index, answer) => {
        answers[places[index]] = answer;
      });
    }
    return answers;
  }

  /** A batch begins with what was asked until now; what its answers rest on is looked at when it runs. */
  resolveWaiting() {
    const waiting = this.waiting;
    this.waiting = [];
    const turn = this.currentTurn();
    const isOfTurn = this.believe !== 'until-invalidated';
    const { directories, text } = this.questions(waiting);
    core
      .resolveManyInThread(this.handle, directories, text, isOfTurn ? turn + OF_THREAD : turn)
      .then((found) =>
        this.take(found, waiting, isOfTurn ? -1 : turn, (index, answer) => waiting[index].resolve(answer)),
      )
      .catch((error) => {
        for (const { reject } of waiting) reject(error);
      });
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
      const { asking, request } = questions[index];
      const answer = this.reader.read(texts[index], numbers, index * NUMBERS_OF_ANSWER, asking.text, request);
      // The core knows of no NUL, and finds nothing then.
      const isWanted =
        answer.path === undefined ? this.believe !== 'turn' && !request.includes('\0') : this.isAllowed(answer);
      const kept = isWanted
        ? this.keep(asking, request, answer, turn)
        : this.workOut(asking, request, this.currentTurn(), undefined);
      give(index, copy(kept));
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

  workOut(asking, request, turnOfRequest, known) {
    if (typeof request !== 'string') validateString(request, 'request');
    // Something has changed, and part of what the answer rests on may have been seen before that, in this turn.
    let turn = known === undefined ? turnOfRequest : this.beginTurn();
    let answer = this.ask(asking, request, turn);
    if (answer.path === undefined && this.believe === 'turn') {
      // Not found is never an answer from memory.
      turn = this.beginTurn();
      answer = this.ask(asking, request, turn);
    }
    return this.keep(asking, request, answer, turn);
  }

  beginTurn() {
    endTurn();
    return this.currentTurn();
  }

  keep(asking, request, answer, turn) {
    const { path: file } = answer;
    if (answer.number !== NO_NUMBER && (file !== undefined || this.believe === 'until-invalidated')) {
      answer.turn = turn;
      this.bytes += ANSWER_BYTES + request.length + (file === undefined ? 0 : file.length);
      asking.answers.set(request, answer);
    } else {
      asking.answers.delete(request);
    }
    return answer;
  }

  ask(asking, request, turn) {
    const answer = this.askOnce(asking, request, turn);
    const isRestricted = this.expressions.length > 0 && !asking.isOfDeclarations;
    return isRestricted ? this.askForAllowed(asking, request, turn, answer) : answer;
  }

  /** What a regular expression forbids, the core is asked to leave out. */
  askForAllowed(asking, request, turn, first) {
    const excluded = [];
    let answer = first;
    while (answer.path !== undefined && !this.isAllowed(answer)) {
      excluded.push(answer.path);
      answer = this.askOnce(asking, request, turn, excluded);
    }
    return answer;
  }

  askOnce(asking, request, turn, excluded) {
    const { numbers } = this;
    numbers[AT.RESOLVER] = this.handle;
    numbers[AT.DIRECTORY] = this.numberOf(asking);
    numbers[AT.TURN] = turn;
    numbers[AT.DECLARATIONS] = asking.isOfDeclarations ? 1 : 0;
    const text =
      asking.file === undefined && excluded === undefined
        ? core.resolve(numbers, request)
        : core.resolve(numbers, request, asking.file, excluded);
    return this.reader.read(text, numbers, AT.ANSWER, asking.text, request);
  }

  isAllowed(answer) {
    return this.expressions.length === 0 || this.expressions.every((expression) => expression.test(answer.path));
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
