'use strict';

// `worker` of `fast-resolve/pool`: in a worker, what that worker published; elsewhere, that this is none.

const { WORKER } = require('./protocol/worker_symbol.js');

const elsewhere = { isWorker: false, id: undefined, workerData: undefined, signal: undefined, emit: undefined };

/** Asked each time: the package may be loaded before the worker has published it. */
const getWorker = () => globalThis[WORKER] ?? elsewhere;

module.exports = { getWorker };
