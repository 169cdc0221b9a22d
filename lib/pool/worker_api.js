'use strict';

// `worker` of `fast-resolve/pool`: in a worker, what that worker published; elsewhere, that this is none. The package may be there more
// than once, so that it is found by a registered symbol.

const WORKER = Symbol.for('fast-resolve.pool.worker');

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

const elsewhere = { isWorker: false, id: undefined, workerData: undefined, signal: undefined, emit: undefined };

/** Asked each time: the package may be loaded before the worker has published it. */
const getWorker = () => globalThis[WORKER] ?? elsewhere;

module.exports = { getWorker, publishWorker };
