'use strict';

const { createHistogram } = require('node:perf_hooks');

/** How many tasks have ended, how long they had waited, and how long they ran. */
class Counts {
  /** Those that somebody waited for. */
  completed = 0;
  runMilliseconds = 0;
  #wait;
  #run;

  /** @param {boolean} areRecorded Whether `waitTime` and `runTime` are kept. */
  constructor(areRecorded) {
    this.#wait = areRecorded ? createHistogram() : undefined;
    this.#run = areRecorded ? createHistogram() : undefined;
  }

  /** Milliseconds; recorded in microseconds, of which there is at least one. */
  add(wait, run, isAwaited) {
    if (isAwaited) this.completed++;
    this.runMilliseconds += run;
    this.#wait?.record(toMicroseconds(wait));
    this.#run?.record(toMicroseconds(run));
  }

  get waitTime() {
    return summarise(this.#wait);
  }

  get runTime() {
    return summarise(this.#run);
  }
}

const toMicroseconds = (milliseconds) => Math.max(1, Math.round(milliseconds * 1000));
const toMilliseconds = (microseconds) => microseconds / 1000;

const PERCENTILES = [50, 75, 90, 95, 99, 99.9];

function summarise(histogram) {
  if (histogram === undefined) return null;
  const isEmpty = histogram.count === 0;
  const percentiles = PERCENTILES.map((percentile) => [
    `p${percentile}`.replace('.', '_'),
    isEmpty ? 0 : toMilliseconds(histogram.percentile(percentile)),
  ]);
  return {
    count: histogram.count,
    min: isEmpty ? 0 : toMilliseconds(histogram.min),
    max: isEmpty ? 0 : toMilliseconds(histogram.max),
    mean: isEmpty ? 0 : toMilliseconds(histogram.mean),
    stddev: isEmpty ? 0 : toMilliseconds(histogram.stddev),
    ...Object.fromEntries(percentiles),
  };
}

module.exports = { Counts };
