// Tasks that have many results.

import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { WorkerCrashedError } from '../../dist/pool.js';
import { begin, createPool, until } from './pools.mjs';

test('all items, in order', async (t) => {
  const pool = createPool(t);
  const items = [];
  for await (const item of pool.stream(1000, { name: 'count' })) items.push(item);
  t.deepEqual(
    items,
    Array.from({ length: 1000 }, (_, index) => index),
  );
  t.is(await pool.run('next'), 'next');
});

test('no more is produced than the consumer is about to take', async (t) => {
  const pool = createPool(t, { concurrentTasksPerWorker: 2 });
  const stream = pool.stream(undefined, { name: 'produce' });
  t.deepEqual(await stream.next(), { value: 1, done: false });
  await pool.run(undefined, { name: 'produced' });
  const { produced } = await pool.run(undefined, { name: 'produced' });
  t.true(produced <= 40, `${produced} were produced`);
  t.deepEqual(await stream.return('left'), { value: 'left', done: true });
  await until(async () => (await pool.run(undefined, { name: 'produced' })).isLeft);
  t.deepEqual(await stream.next(), { value: undefined, done: true });
});

test('a loop that is left ends the task', async (t) => {
  const pool = createPool(t);
  for await (const item of pool.stream(undefined, { name: 'produce' })) if (item === 100) break;
  await until(async () => (await pool.run(undefined, { name: 'produced' })).isLeft);
  t.pass();
});

test('a stream that is left before it has begun costs nobody a worker', async (t) => {
  const pool = createPool(t, { killAfter: 10 });
  const { promise } = await begin(pool, 'neighbour', { name: 'untilTold' });
  const [{ pid }] = pool.workers;
  const stream = pool.stream(3, { name: 'count' });
  const next = stream.next();
  t.deepEqual(await stream.return('left'), { value: 'left', done: true });
  t.deepEqual(await next, { value: undefined, done: true });
  t.deepEqual(await stream.next(), { value: undefined, done: true });
  t.is(pool.workers[0].pending, 1);
  pool.workers[0].process.send('end');
  t.is(await promise, 'neighbour');
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

test('what is thrown comes after the items', async (t) => {
  const pool = createPool(t);
  const items = [];
  const consume = async () => {
    for await (const item of pool.stream(3, { name: 'countAndThrow' })) items.push(item);
  };
  await t.throwsAsync(consume(), { instanceOf: RangeError, message: 'enough' });
  t.deepEqual(items, [0, 1, 2]);
});

test('a function that gives no items', async (t) => {
  const pool = createPool(t);
  await t.throwsAsync(pool.stream(1).next(), { instanceOf: TypeError, code: 'ERR_INVALID_RETURN_VALUE' });
});

test('a worker that dies', async (t) => {
  const pool = createPool(t);
  const stream = pool.stream(undefined, { name: 'produce' });
  await stream.next();
  pool.workers[0].process.kill('SIGKILL');
  const rest = async () => {
    for await (const item of stream) t.is(typeof item, 'number');
  };
  await t.throwsAsync(rest(), { instanceOf: WorkerCrashedError });
});

test('an aborted one', async (t) => {
  const pool = createPool(t);
  const controller = new AbortController();
  const stream = pool.stream(undefined, { name: 'produce', signal: controller.signal });
  await stream.next();
  controller.abort();
  const rest = async () => {
    for await (const item of stream) t.is(typeof item, 'number');
  };
  await t.throwsAsync(rest(), { code: 'ABORT_ERR' });
});

test('a stream whose consumer calls ahead', async (t) => {
  const pool = createPool(t);
  const stream = pool.stream(3, { name: 'count' });
  const results = await Promise.all([stream.next(), stream.next(), stream.next(), stream.next(), stream.next()]);
  t.deepEqual(
    results.map(({ value }) => value),
    [0, 1, 2, undefined, undefined],
  );
});

test('large items', async (t) => {
  const pool = createPool(t);
  const lengths = [];
  for await (const item of pool.stream(40, { name: 'largeItems' })) lengths.push(item.length);
  t.deepEqual(
    lengths,
    Array.from({ length: 40 }, (_, index) => 100_000 + index),
  );
});

test('a stream that nobody reads gives way to those who wait', async (t) => {
  const pool = createPool(t, { stallTimeout: 50 });
  const stream = pool.stream(undefined, { name: 'produce' });
  t.deepEqual(await stream.next(), { value: 1, done: false });
  const pid = pool.workers[0].pid;
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
  t.true((await pool.run(undefined, { name: 'produced' })).isLeft);
  for (let value = 2; value <= 16; value++) t.deepEqual(await stream.next(), { value, done: false });
  await t.throwsAsync(stream.next(), { code: 'FAST_RESOLVE_STREAM_STALLED' });
  t.deepEqual(await stream.next(), { value: undefined, done: true });
});

test('a stream that is read slowly goes on, whoever waits', async (t) => {
  const pool = createPool(t, { stallTimeout: 2000 });
  const stream = pool.stream(60, { name: 'count' });
  const waiting = pool.run('waiting');
  let count = 0;
  for await (const item of stream) {
    t.is(item, count++);
    await wait(50);
  }
  t.is(count, 60);
  t.is(await waiting, 'waiting');
});
