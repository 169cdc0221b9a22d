// Prints for how long a large process is held up while eight workers start.
//
//   node start-block.cjs <implementation> <MiB resident>
'use strict';

const { monitorEventLoopDelay } = require('node:perf_hooks');
const { setTimeout: wait } = require('node:timers/promises');
const { fillMemory } = require('../../lib/children/ballast.cjs');
const { start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

const workers = 8;
const warmUpWorkers = 1;
/** As long as a task takes, so that none of the workers runs two before the last has started. */
const milliseconds = 300;
const restMilliseconds = 300;

const runAll = (pool, count, pause) =>
  Promise.all(Array.from({ length: count }, () => pool.run({ milliseconds: pause })));

start(async (name, mebibytes) => {
  const file = taskFile('pause');
  const other = await open(name, { file, workers: warmUpWorkers });
  await runAll(other, warmUpWorkers, 1);
  await other.close();
  fillMemory(Number(mebibytes));
  await wait(restMilliseconds);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  await wait(restMilliseconds);
  delay.reset();
  // It forgets when it was awake last, and would not count what begins in this very turn.
  await wait(restMilliseconds);
  const before = performance.eventLoopUtilization();
  const pool = await open(name, { file, workers });
  const pids = await runAll(pool, workers, milliseconds);
  const { active } = performance.eventLoopUtilization(before);
  // The last of the delays is only counted when it is over.
  await wait(restMilliseconds);
  delay.disable();
  if (!pids.every(Number.isInteger)) throw new Error(`The workers answer ${pids}`);
  const used = new Set(pids).size;
  await pool.close();
  return { held: active, longest: delay.max / 1e6, workers: used };
});
