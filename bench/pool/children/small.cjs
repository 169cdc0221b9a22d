// Prints how many small tasks a second two workers run with 64 in flight, and what that costs the parent.
//
//   node small.cjs <implementation>
'use strict';

const { keepInFlight, measureRate, start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

const workers = 2;
const inFlight = 64;
const warmUps = 4000;
const milliseconds = 800;
const text = 'a small task';

start(async (name) => {
  const pool = await open(name, { file: taskFile('small'), workers });
  let count = 0;
  const run = async (number) => {
    const result = await pool.run({ number, text });
    if (result.next !== number + 1 || result.text !== text) throw new Error(`${number} gave ${JSON.stringify(result)}`);
    count += 1;
  };
  await keepInFlight(inFlight, (number) => number < warmUps, run);
  count = 0;
  const before = process.cpuUsage();
  const rate = await measureRate(inFlight, milliseconds, run);
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / count;
  await pool.close();
  return { rate, cpu };
});
