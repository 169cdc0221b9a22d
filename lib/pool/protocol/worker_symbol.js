'use strict';

/** Where a worker's `worker` is found. */
const WORKER = Symbol.for('fast-resolve.pool.worker');

module.exports = { WORKER };
