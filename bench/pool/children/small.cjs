// Prints how many small tasks a second two workers run with 64 in flight, what that costs the parent, and how long one takes
// alone.
//
//   node small.cjs <implementation>
'use strict';

const { forMilliseconds, keepInFlight, measureRate, median, start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

const workers = 2;
const inFlight = 64;
const warmUps = 4000;
const milliseconds = { together: 800, alone: 400 };
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
  const rate = await measureRate(inFlight, milliseconds.together, run);
  const { user, system } = process.cpuUsage(before);
  const cpu = (user + system) / count;
  const times = [];
  await keepInFlight(1, forMilliseconds(milliseconds.alone), async (number) => {
    const begin = performance.now();
    await run(number);
    times.push(performance.now() - begin);
  });
  await pool.close();
  return { rate, cpu, latency: median(times) * 1e3 };
});
