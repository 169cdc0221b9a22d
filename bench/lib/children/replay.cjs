// Replays a trace in this fresh process and prints what it took.
//
//   node replay.cjs <mode: first | ready | hot | idle> <implementation> <trace> <a directory with prime.js>
//
// first: from before the implementation is loaded. ready: loaded, and it has answered one request in another tree, so
// that nothing is timed but resolving what it has never seen. hot: the trace has been replayed before.
// idle: all but the replay, to be subtracted where system calls are counted.
'use strict';

const { bigint: now } = process.hrtime;
const path = require('node:path');
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

const main = (mode, implementationName, traceFile, primeDirectory) => {
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
  const isOursOrNodes = implementationName === 'fast-resolve' || implementationName === 'node';
  const differing = [compareAnswers(calls, answers, isOursOrNodes)];
  if (mode === 'hot') {
    replayed = timeHot(pass);
    differing.push(compareAnswers(calls, answers, isOursOrNodes));
  }
  // Whichever pass was worse: an answer must be right when it is computed and when it is remembered.
  const worst = differing.at(-1).count > differing[0].count ? differing.at(-1) : differing[0];
  const stats = implementation.stats?.() ?? null;
  process.stdout.write(JSON.stringify({ load, first, replay: replayed, all, differing: worst, stats }));
};

main(...process.argv.slice(2));
