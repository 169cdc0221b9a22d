'use strict';

// A clock that parent and worker share: the system's monotonic one, in milliseconds.

const { performance } = require('node:perf_hooks');

// `performance.now()` is quicker than `process.hrtime()`, but counts from the start of its process.
const [seconds, nanoseconds] = process.hrtime();
const offset = seconds * 1e3 + nanoseconds / 1e6 - performance.now();

const now = () => performance.now() + offset;

/** Milliseconds: as long as a timer of Node's can run. Beyond, it would run for one. */
const LONGEST_TIMER = 2 ** 31 - 1;

module.exports = { LONGEST_TIMER, now };
