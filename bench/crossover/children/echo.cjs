// Prints how many Buffers of a length a second go to a worker and back, and how long one takes alone.
//
//   node echo.cjs <the library's file> <bytes>
'use strict';

const { forMilliseconds, keepInFlight, measureRate, median, start } = require('../../lib/children/flow.cjs');
const { taskFile } = require('../../pool/children/implementations.cjs');

const inFlight = 8;
const warmUps = 200;
const milliseconds = 300;

start(async (library, length) => {
  const { Pool } = require(library);
  const pool = new Pool({ filename: taskFile('bytes'), minWorkers: 1, maxWorkers: 1 });
  const bytes = Buffer.alloc(Number(length));
  const runOnce = async () => {
    const before = performance.now();
    const result = await pool.run(bytes);
    const took = performance.now() - before;
    // The worker has counted up the last number; see the task.
    if (result.length !== bytes.length || result.readUInt32BE(bytes.length - 4) !== 1) {
      throw new Error(`${bytes.length} bytes were answered with others`);
    }
    return took;
  };
  await keepInFlight(inFlight, (number) => number < warmUps, runOnce);
  const rate = await measureRate(inFlight, milliseconds, runOnce);
  const times = [];
  await keepInFlight(1, forMilliseconds(milliseconds), async () => times.push(await runOnce()));
  await pool.close();
  return { rate, latency: median(times) * 1e3 };
});
