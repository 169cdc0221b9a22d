'use strict';

// The option `restart`, checked: when a process is started again, after which delay, and how often.

const { checkInteger, checkNumber, checkOneOf, checkOptions, checkTime } = require('../shared/checks.js');

const DEFAULTS = Object.freeze({
  when: 'on-failure',
  delay: 100,
  factor: 2,
  maxDelay: 30_000,
  jitter: 0.5,
  maxRestarts: 5,
  window: 60_000,
  minUptime: 30_000,
});

const CHECKS = {
  when: checkOneOf(['on-failure', 'always', 'never']),
  delay: checkTime,
  factor: checkNumber(1, Number.MAX_SAFE_INTEGER),
  maxDelay: checkTime,
  jitter: checkNumber(0, 1),
  maxRestarts: checkInteger(0, Number.POSITIVE_INFINITY),
  window: checkNumber(0, Number.POSITIVE_INFINITY),
  minUptime: checkNumber(0, Number.POSITIVE_INFINITY),
};

/** @returns {typeof DEFAULTS} times in milliseconds */
function checkRestart(value, name) {
  if (typeof value === 'string') return { ...DEFAULTS, when: CHECKS.when(value, name) };
  return checkOptions(value, name, DEFAULTS, CHECKS);
}

/**
 * Whether a process that ended like this is started again.
 * @param {'on-failure' | 'always' | 'never'} when
 * @param {import('./run.js').Ending} ending
 */
const isWanted = (when, ending) => when === 'always' || (when === 'on-failure' && isCrash(ending));

/** An exit code other than 0, a signal, or whatever else it had to be ended for. */
const isCrash = ({ reason, exitCode }) => reason !== 'exit' || exitCode !== 0;

module.exports = { checkRestart, isCrash, isWanted };
