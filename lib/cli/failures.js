'use strict';

// What a command says when it can't do what it was asked for.

/** It was called in a wrong way: exit code 2, and how it is called. */
class UsageError extends Error {
  /** @param {string} [usage] Where it is not that of the command. */
  constructor(message, usage) {
    super(message);
    this.usage = usage;
  }
}

/** It failed: exit code 1. */
class Failure extends Error {}

module.exports = { Failure, UsageError };
