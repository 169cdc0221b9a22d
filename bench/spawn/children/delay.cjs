// Prints how late the event loop of a process is while commands run.
//
//   node delay.cjs <runner> <MiB resident> <commands> <longest seconds>
'use strict';

const { availableParallelism } = require('node:os');
const { monitorEventLoopDelay } = require('node:perf_hooks');
const { fillMemory } = require('../../lib/children/ballast.cjs');
const { forMilliseconds, keepInFlight, start } = require('../../lib/children/flow.cjs');
const { runners } = require('./implementations.cjs');

const resolution = 1;
const idleMilliseconds = 400;
const warmUps = 4;

/** p99 and maximum, in milliseconds, while `work` goes on. */
const watch = async (work) => {
  const histogram = monitorEventLoopDelay({ resolution });
  histogram.enable();
  await work();
  histogram.disable();
  return { p99: histogram.percentile(99) / 1e6, longest: histogram.max / 1e6 };
};

start(async (name, mebibytes, commands, seconds) => {
  const width = availableParallelism();
  const run = await runners[name](width);
  fillMemory(Number(mebibytes));
  const runTrue = async () => {
    const output = await run('/bin/true', [], { encoding: 'utf8' });
    if (output !== '') throw new Error(`/bin/true wrote ${JSON.stringify(output)}`);
  };
  await keepInFlight(width, (number) => number < warmUps, runTrue);
  const idle = await watch(() => new Promise((resolve) => setTimeout(resolve, idleMilliseconds)));
  const goOn = forMilliseconds(seconds * 1e3);
  let ran;
  const busy = await watch(async () => {
    ran = await keepInFlight(width, (number) => number < commands && goOn(number), runTrue);
  });
  return { idleP99: idle.p99, p99: busy.p99, added: busy.p99 - idle.p99, longest: busy.longest, commands: ran };
});
