// Replays a trace in this fresh process and prints what it took.
//
//   node replay.cjs <mode: first | ready | hot | turns | idle> <implementation> <trace> <a directory with prime.js>
//
// first: from before the implementation is loaded. ready: loaded, and it has answered one request in another tree, so
// that nothing is timed but resolving what it has never seen. hot: the trace has been replayed before. turns: the same, but
// the event loop takes a turn after each replay, so that each call is the first of its kind in a turn.
// idle: all but the replay, to be subtracted where system calls are counted.
'use strict';

const path = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { now, since, timeApart, timeHot } = require('./timing.cjs');
const { compareAnswers, readTrace, replay } = require('./trace.cjs');

const timeInTurns = (pass) => timeApart(pass, nextTurn);

const timeAgain = { hot: timeHot, turns: timeInTurns };

const main = async (mode, implementationName, traceFile, primeDirectory) => {
  const calls = readTrace(traceFile);
  const answers = new Array(calls.length).fill(null);
  const [prime] = readTrace(path.join(primeDirectory, 'prime.json'));
  const implementation = require(`../implementations/${implementationName}.cjs`);

  const start = now();
  const resolveOne = implementation.load();
  const load = since(start);
  let first = null;
  if (mode !== 'first') {
    const beforeFirst = now();
    resolveOne(prime);
    first = since(beforeFirst);
  }
  if (mode === 'idle') {
    return;
  }
  const pass = () => replay(calls, resolveOne, answers);
  const beforeReplay = now();
  pass();
  let replayed = since(beforeReplay);
  const all = since(start);
  const isOursOrNodes = implementationName === 'node' || implementationName.startsWith('fast-resolve');
  const differing = [compareAnswers(calls, answers, isOursOrNodes)];
  if (timeAgain[mode] !== undefined) {
    replayed = await timeAgain[mode](pass);
    differing.push(compareAnswers(calls, answers, isOursOrNodes));
  }
  // Whichever pass was worse: an answer must be right when it is computed and when it is remembered.
  const worst = differing.at(-1).count > differing[0].count ? differing.at(-1) : differing[0];
  const stats = implementation.stats?.() ?? null;
  process.stdout.write(JSON.stringify({ load, first, replay: replayed, all, differing: worst, stats }));
};

main(...process.argv.slice(2));
