'use strict';

const { createHistogram } = require('node:perf_hooks');

/** How long tasks have waited, and how long they ran. */
class Timing {
  #wait = createHistogram();
  #run = createHistogram();

  /** Milliseconds; recorded in microseconds, of which there is at least one. */
  record(wait, run) {
    this.#wait.record(toMicroseconds(wait));
    this.#run.record(toMicroseconds(run));
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

module.exports = { Timing };
