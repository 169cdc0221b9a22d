// Prints how long it takes from the death of the only worker, which was busy, to the result of the next task.
//
//   node crash.cjs <implementation> <spares> <directory>
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setTimeout: wait } = require('node:timers/promises');
const { median, start } = require('../../lib/children/flow.cjs');
const { open, taskFile } = require('./implementations.cjs');

const deaths = 3;
const pollMilliseconds = 2;
/** For the next spare to be ready, and all else to be over. */
const restMilliseconds = 250;

start(async (name, spares, directory) => {
  const pool = await open(name, { file: taskFile('busy'), workers: 1, spares: Number(spares) });
  const dieOnce = async (number) => {
    const pid = await pool.run({});
    await wait(restMilliseconds);
    const begun = path.join(directory, `busy-${process.pid}-${number}`);
    // What the task that dies comes to is for each pool to say: an error, or another try.
    const busy = pool.run({ begun }).then(
      (result) => result,
      (error) => error,
    );
    while (!fs.existsSync(begun)) await wait(pollMilliseconds);
    const before = performance.now();
    process.kill(pid, 'SIGKILL');
    const next = await pool.run({});
    const milliseconds = performance.now() - before;
    const came = await busy;
    if (next === pid || !Number.isInteger(next))
      throw new Error(`The next result is ${next}, and the dead worker ${pid}`);
    if (came !== 'again' && !(came instanceof Error)) throw new Error(`The task that died gave ${came}`);
    return milliseconds;
  };
  const times = [];
  for (let number = 0; number < deaths; number += 1) times.push(await dieOnce(number));
  await pool.close();
  return { milliseconds: median(times) };
});
