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
  believesPresence,
  believesTimes,
  forgetsOptions,
  remembersAcrossProcesses,
  remembersAnswers,
  remembersFailures,
};
