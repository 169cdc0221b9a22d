'use strict';

// What `fast-resolve/pool` gives.

const { CommandPool } = require('../commands/command_pool.js');
const { AbortError, CommandError } = require('../commands/result.js');
const { WorkerCrashedError } = require('./parent/errors.js');
const { Pool } = require('./parent/pool.js');
const { getWorker } = require('./worker_api.js');
const { SuperviseError } = require('../supervise/errors.js');
const { supervise } = require('../supervise/supervise.js');

// Not in one statement: Node 20 would find a name `get` in it.
const api = {
  AbortError,
  CommandError,
  CommandPool,
  Pool,
  SuperviseError,
  supervise,
  get worker() {
    return getWorker();
  },
  WorkerCrashedError,
};

module.exports = api;
