'use strict';

// Errors of the supervisor.

const { getSystemErrorName } = require('node:util');

/**
 * A process that could not be kept running, or a supervisor that was stopped while somebody waited for it.
 * `code` is ERR_SUPERVISED_PROCESS_FAILED or ERR_SUPERVISOR_STOPPED.
 */
class SuperviseError extends Error {
  constructor(code, message, facts = {}) {
    const { cause, ...own } = facts;
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    Object.assign(this, own);
  }

  get name() {
    return 'SuperviseError';
  }
}

const REASONS = {
  exit: ({ exitCode }) => `ended with exit code ${exitCode}`,
  signal: ({ signal }) => `was ended by ${signal}`,
  spawn: ({ error }) => `could not be started: ${error.message}`,
  notReady: ({ readyTimeout }) => `was not ready within ${readyTimeout} ms`,
  probe: ({ probe }) => `failed ${probe.failures} probes in a row`,
  memory: ({ maxMemoryBytes }) => `took more than ${maxMemoryBytes} bytes of memory`,
};

/** @param {string} consequence what comes of it, as the end of a sentence */
function createFailedError(title, ending, settings, restarts, consequence) {
  const { reason, exitCode, signal, error } = ending;
  const what = REASONS[reason]({ ...settings, ...ending });
  const message = `${title} ${what}${consequence}`;
  return new SuperviseError('ERR_SUPERVISED_PROCESS_FAILED', message, {
    reason,
    exitCode,
    signal,
    restarts,
    cause: error,
  });
}

function createStoppedError(title) {
  return new SuperviseError('ERR_SUPERVISOR_STOPPED', `The supervisor of ${title} was stopped`);
}

/** A failed system call, as Node words it. */
function createSystemError(syscall, errno, place) {
  const code = getSystemErrorName(errno);
  const error = new Error(`${syscall} ${code} ${place}`);
  return Object.assign(error, { errno, code, syscall });
}

module.exports = { SuperviseError, createFailedError, createStoppedError, createSystemError };
