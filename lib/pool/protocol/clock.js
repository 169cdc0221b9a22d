'use strict';

// A clock that parent and worker share: the system's monotonic one, in milliseconds.

// `performance.now()` takes some nanoseconds less each time, but to load it takes more than a millisecond of a worker's start.
const now = () => {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e3 + nanoseconds / 1e6;
};

/** Milliseconds: as long as a timer of Node's can run. Beyond, it would run for one. */
const LONGEST_TIMER = 2 ** 31 - 1;

module.exports = { LONGEST_TIMER, now };
