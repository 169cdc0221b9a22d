'use strict';

// Time and chance, in one place, so that tests can take theirs.

const systemClock = {
  /** Milliseconds of a clock that never runs backwards. */
  now: () => performance.now(),
  random: () => Math.random(),
  setTimeout: (callback, delay) => setTimeout(callback, delay),
  clearTimeout: (timer) => clearTimeout(timer),
};

module.exports = { systemClock };
