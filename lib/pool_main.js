'use strict';

// What `fast-resolve/pool` gives.

const { CommandPool } = require('./commands/command_pool.js');
const { AbortError, CommandError } = require('./commands/result.js');
const { SuperviseError } = require('./supervise/errors.js');
const { supervise } = require('./supervise/supervise.js');

module.exports = {
  AbortError,
  CommandError,
  CommandPool,
  SuperviseError,
  supervise,
};
