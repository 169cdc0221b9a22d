'use strict';

// A thread that resolves what it is told to, and tells the answers.

const { parentPort, workerData } = require('node:worker_threads');
const library = require('../../index.js');

const { resolve } = library.createResolver({ believe: workerData?.believe });

parentPort.on('message', (requests) => {
  const before = library.stats();
  const answers = requests.map(([request, fromDir]) => resolve(request, fromDir));
  const after = library.stats();
  parentPort.postMessage({
    answers,
    systemCalls: after.systemCalls - before.systemCalls,
    misses: after.misses - before.misses,
    threadHits: after.hits.thread - before.hits.thread,
  });
});
parentPort.postMessage('ready');
