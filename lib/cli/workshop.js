'use strict';

// What is begun is ended, however this ends.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { endAll } = require('./measured_start.js');

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Has what was started end with this process.
 * @template T
 * @param {() => Promise<T>} work
 * @param {() => void} [cleanUp]
 */
async function interruptible(work, cleanUp = () => {}) {
  const leave = (signal) => {
    endAll();
    cleanUp();
    process.removeListener(signal, leave);
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.on(signal, leave);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.removeListener(signal, leave);
    cleanUp();
  }
}

/**
 * The same, with a directory that nobody finds afterwards.
 * @template T
 * @param {(directory: string) => Promise<T>} work
 */
function inWorkshop(work) {
  let directory;
  const cleanUp = () => {
    // What was killed just now may still be writing.
    if (directory !== undefined) fs.rmSync(directory, { recursive: true, force: true, maxRetries: 5 });
  };
  return interruptible(() => {
    directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-'));
    return work(directory);
  }, cleanUp);
}

module.exports = { inWorkshop, interruptible };
