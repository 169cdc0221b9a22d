'use strict';

// `worker` of `fast-resolve/pool`, as a worker's code sees it. The package may be there more than once, so that it is found
// by a registered symbol.

const { WORKER } = require('../protocol/worker_symbol.js');

function publishWorker(runner, { id, workerData }) {
  const worker = {
    isWorker: true,
    id,
    workerData,
    /** Of the task that asks. */
    get signal() {
      return contextOf(runner).signal;
    },
    emit: (value) => contextOf(runner).emit(value),
  };
  Object.defineProperty(globalThis, WORKER, { value: worker });
}

function contextOf(runner) {
  const context = runner.current;
  if (context !== undefined) return context;
  const error = new Error('No task is running here');
  error.code = 'FAST_RESOLVE_NO_TASK';
  throw error;
}

module.exports = { publishWorker };
