'use strict';

// How long to wait before a process that crashed is started again.

/**
 * The delay before restart number `attempt` in a row, counted from 0: grows by `factor` up to `maxDelay`, and is shortened
 * by a random share of up to `jitter`, so that processes which crashed together do not come back together. It is never
 * longer than `maxDelay`.
 * @param {number} attempt
 * @param {{ delay: number, factor: number, maxDelay: number, jitter: number }} policy in milliseconds
 * @param {number} random from 0 to 1, without 1
 */
function restartDelay(attempt, { delay, factor, maxDelay, jitter }, random) {
  // Powers of a factor run into infinity, and nothing times infinity is not a number.
  const grown = delay === 0 ? 0 : Math.min(maxDelay, delay * factor ** attempt);
  return Math.round(grown * (1 - jitter * random));
}

module.exports = { restartDelay };
