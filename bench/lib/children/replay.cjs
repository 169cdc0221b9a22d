// Replays a trace in this fresh process and prints what it took.
//
//   node replay.cjs <mode: first | ready | hot | turns | idle> <implementation> <trace> <a directory with prime.js>
//
// first: from before the implementation is loaded. ready: loaded, and it has answered one request in another tree, so
// that nothing is timed but resolving what it has never seen. hot: the trace has been replayed before. turns: the same, but
// the event loop takes a turn after each replay, so that each call is the first of its kind in a turn.
// idle: all but the replay, to be subtracted where system calls are counted.
'use strict';

const { bigint: now } = process.hrtime;
const path = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { compareAnswers, readTrace, replay } = require('./trace.cjs');

const warmUp = { nanoseconds: 50e6, passes: 2 };
const batch = { nanoseconds: 5e6, passes: 1 };
const timed = { nanoseconds: 150e6, batches: 3 };

const since = (start) => Number(now() - start);

const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)];

const repeat = (pass, { nanoseconds, passes: least }) => {
  const start = now();
  let passes = 0;
  do {
    pass();
    passes += 1;
  } while (passes < least || since(start) < nanoseconds);
  return { passes, nanoseconds: since(start) };
};

const timeHot = (pass) => {
  repeat(pass, warmUp);
  const passesPerBatch = repeat(pass, batch).passes;
  const times = [];
  const start = now();
  while (times.length < timed.batches || since(start) < timed.nanoseconds) {
    times.push(repeat(pass, { nanoseconds: 0, passes: passesPerBatch }).nanoseconds / passesPerBatch);
  }
  return median(times);
};

const repeatInTurns = async (pass, { nanoseconds, passes: least }) => {
  const times = [];
  const start = now();
  while (times.length < least || since(start) < nanoseconds) {
    await nextTurn();
    const beforePass = now();
    pass();
    times.push(since(beforePass));
  }
  return times;
};

const timeInTurns = async (pass) => {
  await repeatInTurns(pass, warmUp);
  return median(await repeatInTurns(pass, { nanoseconds: timed.nanoseconds, passes: timed.batches }));
};

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
