// What a pool tells of itself: its numbers in one call, and its events on a diagnostics channel.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import test from 'ava';
import { begin, createPool, fixture } from './pools.mjs';

/** What the channel tells of this pool from now on. */
function toldOf(t, pool) {
  const told = [];
  const listen = (message) => {
    if (message.pool === pool) told.push(message);
  };
  subscribe('fast-resolve:pool', listen);
  t.teardown(() => unsubscribe('fast-resolve:pool', listen));
  return told;
}

test('stats() counts workers and tasks as they come and go', async (t) => {
  const pool = createPool(t, { minWorkers: 0, maxWorkers: 1, recordTiming: true });
  t.like(pool.stats(), { workers: 0, ready: 0, spares: 0, pending: 0, running: 0, queueSize: 0, completed: 0 });

  const { promise } = await begin(pool, 5, { name: 'untilTold' });
  const waiting = [pool.run(1), pool.run(2)];
  t.like(pool.stats(), { workers: 1, ready: 1, pending: 3, running: 1, queueSize: 2, completed: 0 });
  pool.cancelPendingTasks();
  await Promise.allSettled(waiting);
  t.like(pool.stats(), { pending: 1, running: 1, queueSize: 0, completed: 0 });

  pool.workers[0].process.send('go on');
  t.is(await promise, 5);
  const { workers, pending, running, completed, utilization, waitTime, runTime, memoryBytes, cpuMs } = pool.stats();
  t.deepEqual([workers, pending, running, completed], [1, 0, 0, 1]);
  t.deepEqual([waitTime.count, runTime.count], [1, 1]);
  t.true(utilization > 0 && utilization <= 1);
  t.is(memoryBytes > 1e6, process.platform === 'linux');
  t.true(cpuMs >= 0);
});

test('without recordTiming there are no times', (t) => {
  const { waitTime, runTime } = createPool(t, { minWorkers: 0, recordTiming: false }).stats();
  t.deepEqual([waitTime, runTime], [null, null]);
});

test('each event of a pool is told on the channel, with the pool and what a listener gets', async (t) => {
  const pool = createPool(t, { minWorkers: 0, maxWorkers: 1 });
  const told = toldOf(t, pool);
  const emitted = [];
  for (const event of ['workerCreate', 'workerReady', 'workerExit', 'needsDrain', 'drain']) {
    pool.on(event, (...details) => emitted.push({ pool, event, details }));
  }
  await Promise.all([pool.run(1), pool.run(2)]);
  const ended = once(pool, 'workerExit');
  await pool.close();
  await ended;
  t.deepEqual(
    told.map(({ event }) => event),
    ['needsDrain', 'workerCreate', 'workerReady', 'drain', 'workerExit'],
  );
  t.deepEqual(told, emitted);
});

test.serial('an error that no task is told of is on the channel with and without a listener', async (t) => {
  for (const isHeard of [true, false]) {
    const pool = createPool(t, { filename: fixture('broken/throws.cjs'), restart: { delay: 0, maxFailures: 1 } });
    const told = toldOf(t, pool);
    const heard = [];
    if (isHeard) pool.on('error', (error) => heard.push(error));
    else process.once('warning', (warning) => heard.push(warning));
    await t.throwsAsync(pool.run(1), { message: 'at load' });
    await pool.close();
    const errors = told.filter(({ event }) => event === 'error').map(({ details }) => details[0]);
    t.is(errors.length, 1);
    t.is(heard.length, 1);
    if (isHeard) t.is(heard[0], errors[0]);
  }
});
