// Prints for how long one call of `spawn()` holds the event loop of a process of this size, and how many a second it does.
//
//   node block.cjs <node | seam> <MiB resident>
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { fillMemory } = require('../../lib/children/ballast.cjs');
const { forMilliseconds, measureRate, median, start } = require('../../lib/children/flow.cjs');
const { useSpawn } = require('./implementations.cjs');

const warmUps = 3;
const timed = { milliseconds: 500, least: 6 };
const atATime = 8;

const runOnce = async () => {
  const before = performance.now();
  const child = spawn('/bin/true');
  const milliseconds = performance.now() - before;
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error(`/bin/true ended with ${code}`);
  return milliseconds;
};

start(async (name, mebibytes) => {
  useSpawn(name);
  fillMemory(Number(mebibytes));
  for (let number = 0; number < warmUps; number += 1) await runOnce();
  const blocks = [];
  const goOn = forMilliseconds(timed.milliseconds, timed.least);
  while (goOn(blocks.length)) blocks.push(await runOnce());
  return { block: median(blocks), rate: await measureRate(atATime, timed.milliseconds, runOnce, timed.least) };
});
