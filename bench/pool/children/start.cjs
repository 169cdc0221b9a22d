// Prints how long it takes from nothing to the first result of a worker whose file loads many modules.
//
//   node start.cjs <implementation> <file> <what the first result is>
'use strict';

const { setTimeout: wait } = require('node:timers/promises');
const { start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

start(async (name, file, expected) => {
  // The library is loaded by what is not timed, and what it has started is gone.
  const other = await open(name, { file: taskFile('small'), workers: 1 });
  await other.run({ number: 1, text: '' });
  await other.close();
  await wait(100);
  const before = performance.now();
  const pool = await open(name, { file, workers: 1 });
  const result = await pool.run({});
  const milliseconds = performance.now() - before;
  if (result !== Number(expected)) throw new Error(`The first result is ${result}, not ${expected}`);
  await pool.close();
  return { milliseconds };
});
