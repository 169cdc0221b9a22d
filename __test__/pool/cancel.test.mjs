// Cancelling, time limits, and workers that do not react: each touches one task alone.

import { getEventListeners, once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { WorkerCrashedError } from '../../dist/pool.js';
import { treeFor } from '../helpers/tree.mjs';
import { begin, createPool, until } from './pools.mjs';

const { DESCRIPTORS } = createRequire(import.meta.url)('../../lib/pool/protocol/channels.js');

const aborted = { name: 'AbortError', code: 'ABORT_ERR' };

test('a signal that was aborted before', async (t) => {
  const pool = createPool(t);
  const reason = new Error('why');
  const error = await t.throwsAsync(pool.run(1, { signal: AbortSignal.abort(reason) }), aborted);
  t.is(error.cause, reason);
  t.is(pool.workers.length, 0);
});

test('a task that waits', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, undefined, { name: 'untilAborted', signal: t.context.signal });
  const controllers = Array.from({ length: 200 }, () => new AbortController());
  const waiting = controllers.map(({ signal }, index) => pool.run(index, { signal }));
  for (const [index, controller] of controllers.entries()) if (index % 2 === 0) controller.abort();
  for (const [index, task] of waiting.entries()) if (index % 2 === 0) await t.throwsAsync(task, aborted);
  pool.workers[0].process.kill();
  await t.throwsAsync(promise, { instanceOf: WorkerCrashedError });
  for (const [index, task] of waiting.entries()) if (index % 2 === 1) t.is(await task, index);
});

test('tasks that share a signal', async (t) => {
  const warnings = [];
  const onWarning = (warning) => warnings.push(warning);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const pool = createPool(t);
  const controller = new AbortController();
  const { signal } = controller;
  t.deepEqual(await Promise.all([1, 2].map((value) => pool.run(value, { signal }))), [1, 2]);
  t.is(getEventListeners(signal, 'abort').length, 0);
  const tasks = Array.from({ length: 20 }, () => pool.run(undefined, { name: 'untilAborted', signal }));
  controller.abort();
  for (const task of tasks) await t.throwsAsync(task, aborted);
  t.is(getEventListeners(signal, 'abort').length, 0);
  t.deepEqual(warnings, []);
});

test('a task that runs is told, and its worker lives', async (t) => {
  const pool = createPool(t, { killAfter: 60_000 });
  const pid = await pool.run(undefined, { name: 'pid' });
  const controller = new AbortController();
  const { promise } = await begin(pool, undefined, { name: 'untilAborted', signal: controller.signal });
  const next = pool.run(undefined, { name: 'pid' });
  controller.abort();
  await t.throwsAsync(promise, aborted);
  t.is(await next, pid);
});

test('the reason arrives in the worker', async (t) => {
  const pool = createPool(t, { concurrentTasksPerWorker: 2 });
  const reasons = [];
  const controller = new AbortController();
  const { promise } = await begin(pool, undefined, { name: 'signalReason', signal: controller.signal });
  controller.abort(Object.assign(new RangeError('too much'), { code: 'X' }));
  const error = await t.throwsAsync(promise, aborted);
  t.is(error.cause.code, 'X');
  t.deepEqual(reasons, []);
});

for (const how of ['hang', 'block']) {
  test(`a task that does not stop takes its worker with it, and nothing else (${how})`, async (t) => {
    const pool = createPool(t, { killAfter: 10 });
    const pid = await pool.run(undefined, { name: 'pid' });
    const controller = new AbortController();
    const { promise } = await begin(pool, 60_000, { name: how, signal: controller.signal });
    const next = Array.from({ length: 10 }, () => pool.run(undefined, { name: 'pid' }));
    controller.abort();
    await t.throwsAsync(promise, aborted);
    const pids = new Set(await Promise.all(next));
    t.is(pids.size, 1);
    t.false(pids.has(pid));
  });
}

test('its neighbours that have begun are told', async (t) => {
  const pool = createPool(t, { killAfter: 10, concurrentTasksPerWorker: 2 });
  const controller = new AbortController();
  const { promise } = await begin(pool, undefined, { name: 'hang', signal: controller.signal });
  const neighbour = await begin(pool, undefined, { name: 'hang' });
  const next = pool.run('next');
  controller.abort();
  await t.throwsAsync(promise, aborted);
  const error = await t.throwsAsync(neighbour.promise, { instanceOf: WorkerCrashedError });
  t.regex(error.message, /a task did not stop/);
  t.is(await next, 'next');
});

test('a time limit counts from the beginning of the task, and not the time in the queue', async (t) => {
  // Without shared memory it counts from when the task is given to an idle worker, which may not get the processor at once.
  const timeout = 5000;
  const pool = createPool(t);
  const first = await begin(pool, 'first', { name: 'untilTold' });
  const second = begin(pool, 'second', { name: 'untilTold', timeout });
  await wait(timeout / 2);
  pool.workers[0].process.send('end');
  t.is(await first.promise, 'first');
  const { promise } = await second;
  // Since the call more time has passed than it has.
  await wait(timeout / 2 + 100);
  pool.workers[0].process.send('end');
  t.is(await promise, 'second');
});

test('a task that runs for too long', async (t) => {
  const pool = createPool(t, { taskTimeout: 20, killAfter: 60_000 });
  const error = await t.throwsAsync(pool.run(undefined, { name: 'untilAborted' }), { any: true });
  t.true(error instanceof DOMException);
  t.is(error.name, 'TimeoutError');
  t.is(await pool.run('next', { timeout: Number.POSITIVE_INFINITY }), 'next');
});

test('times beyond what a timer can run', async (t) => {
  const onWarning = ({ name, message }) => t.fail(`${name}: ${message}`);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const pool = createPool(t, { killAfter: 2 ** 40 });
  t.is(await pool.run(20, { name: 'block', timeout: 2 ** 40 }), 20);
  const pid = await pool.run(undefined, { name: 'pid' });
  const controller = new AbortController();
  const { promise } = await begin(pool, 'end', { name: 'untilTold', signal: controller.signal });
  controller.abort();
  await t.throwsAsync(promise, aborted);
  const next = pool.run(undefined, { name: 'pid' });
  // Long enough for a timer that was set to one millisecond.
  await wait(50);
  pool.workers[0].process.send('end');
  t.is(await next, pid);
});

for (const timeout of [0, Number.POSITIVE_INFINITY]) {
  test(`a time limit of ${timeout} is none, as in command pools`, async (t) => {
    const pool = createPool(t, { taskTimeout: 1 });
    const { promise } = await begin(pool, 'done', { name: 'untilTold', timeout });
    // Long enough for a timer that was set to one millisecond.
    await wait(50);
    pool.workers[0].process.send('end');
    t.is(await promise, 'done');
    const other = createPool(t, { taskTimeout: timeout });
    t.is(await other.run(10, { name: 'block' }), 10);
  });
}

test('a task without any time is not ended before it has begun', async (t) => {
  const pool = createPool(t, { killAfter: 60_000 });
  const { promise } = await begin(pool, 'first', { name: 'untilTold' });
  const timeless = pool.run(undefined, { name: 'untilAborted', timeout: Number.MIN_VALUE });
  let hasSettled = false;
  const settled = t.throwsAsync(timeless, { any: true }).then((error) => {
    hasSettled = true;
    return error;
  });
  await wait(50);
  t.false(hasSettled);
  pool.workers[0].process.send('end');
  t.is(await promise, 'first');
  t.is((await settled).name, 'TimeoutError');
});

test('a blocked worker is ended by the time limit of its task', async (t) => {
  const pool = createPool(t, { killAfter: 1 });
  const error = await t.throwsAsync(pool.run(60_000, { name: 'block', timeout: 20 }), { any: true });
  t.is(error.name, 'TimeoutError');
  t.is(await pool.run('next'), 'next');
});

test('what waits can be cancelled at once', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, 300, { name: 'untilTold' });
  const waiting = Array.from({ length: 100 }, (_, index) => pool.run(index));
  pool.cancelPendingTasks();
  const results = await Promise.allSettled(waiting);
  t.true(results.every(({ reason }) => reason?.code === 'ABORT_ERR'));
  pool.workers[0].process.send('end');
  t.is(await promise, 300);
  t.is(pool.queueSize, 0);
});

test('a worker whose event loop is blocked is noticed', async (t) => {
  const pool = createPool(t, { unresponsiveAfter: 100 });
  const file = path.join(treeFor(t, {}), 'end');
  const noticed = once(pool, 'workerUnresponsive');
  const promise = pool.run(file, { name: 'blockUntil' });
  const [worker, silence] = await noticed;
  t.is(worker.pid, pool.workers[0].pid);
  t.true(silence >= 100);
  fs.writeFileSync(file, '');
  t.is(await promise, file);
});

test('one that only waits answers whenever it is asked', async (t) => {
  const pool = createPool(t, { unresponsiveAfter: 200 });
  const controller = new AbortController();
  const { promise } = await begin(pool, undefined, { name: 'untilAborted', signal: controller.signal });
  let answers = 0;
  // Nothing else is sent by a task that waits. Whether it was in time, watch.test.mjs asks.
  pool.workers[0].process.stdio[DESCRIPTORS.RESULTS].on('data', () => answers++);
  await until(() => answers >= 3);
  controller.abort();
  await t.throwsAsync(promise, aborted);
});

test('and ended, if the pool is told to', async (t) => {
  const pool = createPool(t, { unresponsiveAfter: 1000, endUnresponsive: true });
  const blocked = pool.run(60_000, { name: 'block' });
  const error = await t.throwsAsync(blocked, { instanceOf: WorkerCrashedError });
  t.regex(error.message, /event loop was blocked/);
  t.is(await pool.run('next'), 'next');
});
