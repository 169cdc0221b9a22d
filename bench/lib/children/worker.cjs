// Replays a trace in the main thread and then, in one worker thread, as many of its calls as are asked for.
//
//   node worker.cjs <implementation> <trace> <all | none> <a directory with prime.js>
'use strict';

const path = require('node:path');
const { Worker, isMainThread } = require('node:worker_threads');
const { compareAnswers, readTrace, replay } = require('./trace.cjs');

const [implementationName, traceFile, share, primeDirectory] = process.argv.slice(2);

const replayHere = (calls) => {
  const resolveOne = require(`../implementations/${implementationName}.cjs`).load();
  const answers = new Array(calls.length);
  resolveOne(readTrace(path.join(primeDirectory, 'prime.json'))[0]);
  replay(calls, resolveOne, answers);
  return compareAnswers(calls, answers, true);
};

if (isMainThread) {
  replayHere(readTrace(traceFile));
  const worker = new Worker(__filename, { argv: process.argv.slice(2) });
  worker.on('error', (error) => {
    throw error;
  });
} else {
  const calls = readTrace(traceFile);
  const differing = replayHere(share === 'all' ? calls : []);
  process.stdout.write(JSON.stringify({ differing }));
}
