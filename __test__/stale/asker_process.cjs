'use strict';

// A process that answers the model's requests in several threads, each by a way of its own. The first is the main thread,
// which writes the snapshot when the process ends.

const path = require('node:path');
const { Worker } = require('node:worker_threads');
const { createAsker } = require('./asker.cjs');

const [mainKind, ...threadKinds] = process.argv.slice(2);
const asker = createAsker(mainKind);
const threads = threadKinds.map(startThread);

function startThread(kind) {
  const worker = new Worker(path.join(__dirname, 'asker_thread.cjs'), { workerData: { kind } });
  worker.on('message', (message) => process.send(message));
  return worker;
}

process.on('message', async ({ id, thread, method, task }) => {
  if (method === 'end') return end(task);
  if (method === 'renew') {
    await threads[thread - 1].terminate();
    threads[thread - 1] = startThread(threadKinds[thread - 1]);
    process.send({ id });
  } else if (thread === 0) {
    process.send({ id, result: asker[method](task) });
  } else {
    threads[thread - 1].postMessage({ id, method, task });
  }
});

/** By `process.exit()`, with its threads still there, or by having nothing left to do. */
async function end({ isAbrupt }) {
  if (isAbrupt) process.exit();
  await Promise.all(threads.map((worker) => worker.terminate()));
  process.disconnect();
}
