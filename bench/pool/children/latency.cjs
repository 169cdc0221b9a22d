// Prints how long a small task takes of which there is one at a time, also while other processes keep the processors busy.
//
//   node latency.cjs <implementation> <workers> <busy loops beside it>
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { forMilliseconds, keepInFlight, start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

const warmUps = 20_000;
const milliseconds = 1500;
const text = 'a small task';

/** It says when it begins, and ends with this process: then there is nobody to read what it writes. */
const busyLoop = `
  const { writeSync } = require('node:fs');
  for (;;) {
    writeSync(1, '.');
    for (const end = Date.now() + 100; Date.now() < end; );
  }
`;

const startBusyLoops = (count) =>
  Promise.all(
    Array.from({ length: count }, async () => {
      const loop = spawn(process.execPath, ['-e', busyLoop], { stdio: ['ignore', 'pipe', 'ignore'] });
      await once(loop.stdout, 'data');
      // What it writes from now on stays in the pipe.
      loop.stdout.pause();
      return loop;
    }),
  );

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

start(async (name, workers, loops) => {
  const pool = await open(name, { file: taskFile('small'), workers: Number(workers) });
  const run = async (number) => {
    const result = await pool.run({ number, text });
    if (result.next !== number + 1 || result.text !== text) throw new Error(`${number} gave ${JSON.stringify(result)}`);
  };
  await keepInFlight(1, (number) => number < warmUps, run);
  const busy = await startBusyLoops(Number(loops));
  const times = [];
  await keepInFlight(1, forMilliseconds(milliseconds), async (number) => {
    const begin = performance.now();
    await run(number);
    times.push(performance.now() - begin);
  });
  for (const loop of busy) loop.kill('SIGKILL');
  await pool.close();
  times.sort((left, right) => left - right);
  return { median: percentile(times, 0.5) * 1e3, p99: percentile(times, 0.99) * 1e3 };
});
