'use strict';

// Resolvers that remember without proof, each in one of the ways that a cache may be tempted to. The model has to catch all
// of them; what it would let pass here, it would let pass in the real one.

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const { resolveWithNode } = require('./asker.cjs');

const keyOf = (request, fromDir) => `${fromDir}\0${request}`;

const keyWithOptionsOf = (request, fromDir) =>
  [keyOf(request, fromDir), process.execArgv, process.env.NODE_PATH, Object.keys(Module._extensions)].join('\0');

/** Repeats an answer for as long as the process lives, even where Node would look at `exports` again. */
function remembersAnswers() {
  const answers = new Map();
  return (request, fromDir) => {
    const key = keyOf(request, fromDir);
    if (!answers.has(key)) answers.set(key, resolveWithNode(request, fromDir));
    return answers.get(key);
  };
}

/** Finds nothing where it once found nothing. */
function remembersFailures() {
  const failures = new Map();
  return (request, fromDir) => {
    const key = keyOf(request, fromDir);
    if (failures.has(key)) throw failures.get(key);
    try {
      return resolveWithNode(request, fromDir);
    } catch (error) {
      failures.set(key, error);
      throw error;
    }
  };
}

/** Believes that what was found is what is found, for as long as the file is there: something nearer may have come. */
function believesAcrossTurns() {
  const answers = new Map();
  return (request, fromDir) => {
    const key = keyWithOptionsOf(request, fromDir);
    if (!fs.existsSync(answers.get(key) ?? '')) answers.set(key, resolveWithNode(request, fromDir));
    return answers.get(key);
  };
}

/** Looks no more into folders that had nothing of that name: it goes on from where something was found. */
function remembersAbsence() {
  const starts = new Map();
  const inner = createRightResolver();
  return (request, fromDir) => {
    const key = keyWithOptionsOf(request, fromDir);
    const found = inner(request, starts.get(key) ?? fromDir);
    const folder = Module._nodeModulePaths(fromDir).find((name) => found.startsWith(`${name}/`));
    if (folder !== undefined && !/^[./#]/.test(request)) starts.set(key, path.dirname(folder));
    return found;
  };
}

/** Begins a turn when one begins, and has it last for as long as the program does not give control back. */
function believesTooLong() {
  const { resolve, forget } = createTurns();
  return Object.assign(resolve, { invalidate: forget });
}

/** Has a turn end in time, but not when it is told that something has changed. */
function believesInvalidated() {
  const { resolve, forget } = createTurns();
  let began = 0;
  return (request, fromDir) => {
    if (Date.now() - began > 250) forget();
    if (Date.now() - began > 250) began = Date.now();
    return resolve(request, fromDir);
  };
}

/** Repeats, in the turn, that nothing was found. */
function remembersFailuresInTurn() {
  const failures = new Map();
  const inner = createRightResolver();
  return (request, fromDir) => {
    if (failures.size === 0) setImmediate(() => failures.clear());
    const key = keyWithOptionsOf(request, fromDir);
    if (failures.has(key)) throw failures.get(key);
    try {
      return inner(request, fromDir);
    } catch (error) {
      failures.set(key, error);
      throw error;
    }
  };
}

/** Answers of Node, each believed in its turn. */
function createTurns() {
  let answers = new Map();
  let isOpen = false;
  const forget = () => {
    answers = new Map();
    isOpen = false;
  };
  const resolve = (request, fromDir) => {
    if (!isOpen) setImmediate(forget);
    isOpen = true;
    const key = keyWithOptionsOf(request, fromDir);
    if (!answers.has(key)) answers.set(key, resolveWithNode(request, fromDir));
    return answers.get(key);
  };
  return { resolve, forget };
}

/** Hears what has changed, and does not see that it is about what lies behind a link. */
function untilWithoutLinks() {
  return createUntil(({ request, fromDir, answer }) => {
    const isBare = !/^[./#]/.test(request);
    const folders = [...Module._nodeModulePaths(fromDir), ...Module.globalPaths];
    return isBare && !folders.some((folder) => answer.startsWith(`${folder}/`));
  });
}

/** Hears what has changed, and thinks of files only where they were found. */
function untilOfFiles() {
  return createUntil(({ answer }, changed) => answer !== changed && !answer.startsWith(`${changed}/`));
}

/** Answers that are believed until something has changed that they do not outlast. */
function createUntil(outlasts) {
  const answers = new Map();
  const inner = createRightResolver();
  const resolve = (request, fromDir) => {
    const key = keyWithOptionsOf(request, fromDir);
    if (!answers.has(key)) answers.set(key, { request, fromDir, answer: inner(request, fromDir) });
    return answers.get(key).answer;
  };
  resolve.invalidate = (changed) => {
    for (const [key, known] of answers) {
      if (!outlasts(known, changed)) answers.delete(key);
    }
  };
  return resolve;
}

/** Has Node repeat whatever was found once, also what Node itself would look for again. */
function hookThatKeepsAll() {
  const inner = createRightResolver();
  const answers = new Map();
  return (request, fromDir) => {
    const key = keyWithOptionsOf(request, fromDir);
    try {
      answers.set(key, inner(request, fromDir));
      return answers.get(key);
    } catch {
      const folders = Module._resolveLookupPaths(request, {
        filename: fromDir,
        paths: Module._nodeModulePaths(fromDir),
      });
      if (answers.has(key)) Module._pathCache[`${request}\0${folders?.join('\0')}`] = answers.get(key);
      return resolveWithNode(request, fromDir);
    }
  };
}

/** The same, also what is still found. */
function hookThatPlants() {
  const inner = createRightResolver();
  const answers = new Map();
  return (request, fromDir) => {
    const key = keyWithOptionsOf(request, fromDir);
    if (!answers.has(key)) answers.set(key, inner(request, fromDir));
    const folders = Module._resolveLookupPaths(request, { filename: fromDir, paths: Module._nodeModulePaths(fromDir) });
    if (!/^[./]/.test(request)) Module._pathCache[`${request}\0${folders?.join('\0')}`] = answers.get(key);
    return resolveWithNode(request, fromDir);
  };
}

/** It believes nothing, and has Node's options as they are. */
function createRightResolver() {
  return (request, fromDir) => {
    const extensions = Object.keys(Module._extensions);
    return require('../../index.js').createResolver({ extensions, believe: 'nothing' }).resolve(request, fromDir);
  };
}

/** Hands its answers on to the next process. */
function remembersAcrossProcesses() {
  return createPersistent(() => true);
}

/** Hands them on to processes that were started otherwise, too. */
function forgetsOptions() {
  return createPersistent((answer) => fs.existsSync(answer), keyOf);
}

/** Hands them on, and believes them while the file that it found is there: something nearer may have come. */
function believesPresence() {
  return createPersistent((answer) => fs.existsSync(answer));
}

/** Believes an answer while two directories were last written when they were: a time can be restored. */
function believesTimes() {
  return createPersistent((answer, fromDir, time) => timeOf(answer, fromDir) === time);
}

function createPersistent(isBelieved, key = keyWithOptionsOf) {
  const file = path.join(process.env.FAST_RESOLVE_CACHE, 'answers.json');
  const known = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
  const learnt = {};
  process.on('exit', () => {
    fs.writeFileSync(`${file}.${process.pid}`, JSON.stringify({ ...known, ...learnt }));
    fs.renameSync(`${file}.${process.pid}`, file);
  });
  return (request, fromDir) => {
    const name = key(request, fromDir);
    const believed = known[name];
    if (believed !== undefined && isBelieved(believed.answer, fromDir, believed.time)) return believed.answer;
    delete known[name];
    const answer = resolveWithNode(request, fromDir);
    learnt[name] = { answer, time: timeOf(answer, fromDir) };
    return answer;
  };
}

function timeOf(answer, fromDir) {
  return [answer, path.dirname(answer), fromDir].map(lastWriteOf).join();
}

function lastWriteOf(name) {
  try {
    return fs.statSync(name).mtimeMs;
  } catch {
    return 'nothing there';
  }
}

module.exports = {
  believesAcrossTurns,
  believesInvalidated,
  believesPresence,
  believesTimes,
  believesTooLong,
  forgetsOptions,
  hookThatKeepsAll,
  hookThatPlants,
  remembersAbsence,
  remembersAcrossProcesses,
  remembersAnswers,
  remembersFailures,
  remembersFailuresInTurn,
  untilOfFiles,
  untilWithoutLinks,
};
