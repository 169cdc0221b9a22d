'use strict';

// A directory for what is measured, which nobody finds afterwards, however this ends.

const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const { endAll } = require('./measured_start.js');

/** @param {(directory: string) => Promise<T>} work @template T */
async function inWorkshop(work) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-'));
  const leave = (signal) => {
    endAll();
    fs.rmSync(directory, { recursive: true, force: true });
    process.removeListener(signal, leave);
    process.kill(process.pid, signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, leave);
  try {
    return await work(directory);
  } finally {
    for (const signal of signals) process.removeListener(signal, leave);
    fs.rmSync(directory, { recursive: true, force: true });
  }
}

module.exports = { inWorkshop };
