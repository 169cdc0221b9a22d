'use strict';

// What `fast-resolve/pool` gives.

const { CommandPool } = require('./commands/command_pool.js');
const { AbortError, CommandError } = require('./commands/result.js');
const { SuperviseError } = require('./supervise/errors.js');
const { supervise } = require('./supervise/supervise.js');

const { WorkerCrashedError } = require('./pool/parent/errors.js');
const { Pool } = require('./pool/parent/pool.js');
const { getWorker } = require('./pool/worker_api.js');

module.exports = {
  AbortError,
  CommandError,
  CommandPool,
  Pool,
  SuperviseError,
  supervise,
  WorkerCrashedError,
  get worker() {
    return getWorker();
  },
};
