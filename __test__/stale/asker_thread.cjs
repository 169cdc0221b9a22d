'use strict';

// A thread that answers the model's requests: the oracle's, without anything of this package, or a tested one.

const { parentPort, workerData } = require('node:worker_threads');
const { createAsker } = require('./asker.cjs');

const asker = createAsker(workerData.kind);

parentPort.on('message', ({ id, method, task }) => {
  parentPort.postMessage({ id, result: asker[method](task) });
});
