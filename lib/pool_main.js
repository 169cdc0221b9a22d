'use strict';

// What `fast-resolve/pool` gives.

const { CommandPool } = require('./commands/command_pool.js');
const { AbortError, CommandError } = require('./commands/result.js');

module.exports = {
  AbortError,
  CommandError,
  CommandPool,
};
