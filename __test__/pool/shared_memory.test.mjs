// Large payloads, and buffers of the caller's that travel without a copy.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { begin, createPool, until } from './pools.mjs';

const require = createRequire(import.meta.url);
const { native } = require('../../lib/resolve/addon.js');
const hasMemory = process.platform === 'linux' && native !== null;
/** What needs memory that processes share: elsewhere buffers are copied. */
const needsMemory = hasMemory ? test : test.skip;
/** What measures the whole process: nothing else may run then. */
const needsMemoryAlone = hasMemory ? test.serial : test.skip;
const MIB = 1024 * 1024;

test('a buffer from the pool is one like any other', async (t) => {
  const pool = createPool(t);
  const buffer = pool.alloc(100_000);
  t.true(Buffer.isBuffer(buffer));
  t.deepEqual([buffer.length, buffer.every((byte) => byte === 0)], [100_000, true]);
  buffer.fill(3);
  t.is(await pool.run(buffer, { name: 'sum' }), 300_000);
  t.is(await pool.run({ nested: [buffer.subarray(10, 20)] }, { name: 'sumNested' }), 30);
  t.is(pool.alloc(0).length, 0);
});

needsMemory('the worker sees the very bytes, and its caller what the worker writes', async (t) => {
  const pool = createPool(t);
  const buffer = pool.alloc(MIB);
  const result = await pool.run(buffer, { name: 'fill' });
  t.is(result.buffer, buffer.buffer);
  t.true(buffer.every((byte) => byte === 9));
  const floats = new Float64Array(buffer.buffer, 8, 100);
  const back = await pool.run(floats);
  t.true(back instanceof Float64Array);
  t.deepEqual([back.buffer === buffer.buffer, back.byteOffset, back.length], [true, 8, 100]);
});

test('a buffer goes to several workers', async (t) => {
  const pool = createPool(t, { minWorkers: 2, maxWorkers: 2 });
  await until(() => pool.workers.every(({ isReady }) => isReady));
  const buffer = pool.alloc(200_000).fill(1);
  const sums = await Promise.all(Array.from({ length: 40 }, () => pool.run(buffer, { name: 'sum' })));
  t.true(sums.every((sum) => sum === 200_000));
});

needsMemory('a buffer that was given back is empty, here and in the worker', async (t) => {
  const pool = createPool(t);
  const buffer = pool.alloc(MIB);
  t.is(await pool.run(buffer, { name: 'keep' }), MIB);
  t.true(pool.release(buffer));
  t.is(buffer.length, 0);
  t.false(pool.release(buffer));
  await until(async () => (await pool.run(undefined, { name: 'kept' })) === 0);
  // What was in it is nobody else's to see.
  t.true(pool.alloc(MIB).every((byte) => byte === 0));
});

needsMemory('a buffer whose task was cancelled before it began is given back, and no worker ends by it', async (t) => {
  const pool = createPool(t);
  const pid = await pool.run(undefined, { name: 'pid' });
  const { promise: innocent } = await begin(pool, 'innocent', { name: 'untilTold' });
  const controller = new AbortController();
  const buffer = pool.alloc(MIB);
  const cancelled = pool.run(buffer, { signal: controller.signal });
  controller.abort();
  await t.throwsAsync(cancelled, { code: 'ABORT_ERR' });
  t.true(pool.release(buffer));
  pool.workers[0].process.send('go on');
  t.is(await innocent, 'innocent');
  t.is(await pool.run(pool.alloc(MIB).fill(1), { name: 'sum' }), MIB);
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

needsMemory('a task that begins after its buffer was given back has an empty one', async (t) => {
  const pool = createPool(t);
  const controller = new AbortController();
  const { promise: first } = await begin(pool, undefined, { name: 'untilAborted', signal: controller.signal });
  const buffer = pool.alloc(MIB).fill(1);
  const late = [
    pool.run(buffer, { name: 'sum' }),
    pool.run(buffer.subarray(5)),
    pool.run(new Float64Array(buffer.buffer, 8, 9)),
  ];
  pool.release(buffer);
  const sum = pool.run(pool.alloc(MIB).fill(2), { name: 'sum' });
  // It is told by the same way, after that.
  controller.abort();
  await t.throwsAsync(first, { code: 'ABORT_ERR' });
  t.deepEqual(await Promise.all(late), [0, Buffer.alloc(0), new Float64Array(0)]);
  t.is(await sum, 2 * MIB);
});

needsMemory('a task that returns what was given back returns an empty buffer, and no worker ends by it', async (t) => {
  const pool = createPool(t, { concurrentTasksPerWorker: 5 });
  const pid = await pool.run(undefined, { name: 'pid' });
  const buffer = pool.alloc(MIB).fill(1);
  await pool.run(buffer, { name: 'keep' });
  const given = [
    'innocent',
    buffer,
    { within: [new Float64Array(buffer.buffer, 8, 9)] },
    new DataView(buffer.buffer, 8),
  ];
  const begun = await Promise.all(given.map((value) => begin(pool, value, { name: 'untilTold' })));
  pool.release(buffer);
  await until(async () => (await pool.run(undefined, { name: 'kept' })) === 0);
  pool.workers[0].process.send('go on');
  t.deepEqual(await Promise.all(begun.map(({ promise }) => promise)), [
    'innocent',
    Buffer.alloc(0),
    { within: [new Float64Array(0)] },
    new DataView(new ArrayBuffer(0)),
  ]);
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

needsMemory('a task that begins afterwards has an empty one where the worker had the buffer before, too', async (t) => {
  const pool = createPool(t);
  const buffer = pool.alloc(MIB).fill(1);
  t.is(await pool.run(buffer, { name: 'sum' }), MIB);
  const controller = new AbortController();
  const { promise: first } = await begin(pool, undefined, { name: 'untilAborted', signal: controller.signal });
  const late = [pool.run(buffer, { name: 'sum' }), pool.run(new DataView(buffer.buffer, 8))];
  pool.release(buffer);
  controller.abort();
  await t.throwsAsync(first, { code: 'ABORT_ERR' });
  t.deepEqual(await Promise.all(late), [0, new DataView(new ArrayBuffer(0))]);
});

needsMemory('a task that waits for a worker while its buffer is given back has an empty one', async (t) => {
  const pool = createPool(t);
  const buffer = pool.alloc(MIB).fill(1);
  const waiting = [
    pool.run(buffer, { name: 'sum' }),
    pool.run({ within: [new Float64Array(buffer.buffer, 8, 9)] }),
    pool.run(new DataView(buffer.buffer, 8)),
  ];
  pool.release(buffer);
  t.deepEqual(await Promise.all(waiting), [0, { within: [new Float64Array(0)] }, new DataView(new ArrayBuffer(0))]);
});

test('an ordinary buffer is not given back', (t) => {
  const pool = createPool(t);
  t.false(pool.release(Buffer.alloc(10)));
  t.throws(() => pool.release({}), { code: 'ERR_INVALID_ARG_TYPE' });
  t.throws(() => pool.alloc('1'), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  for (const bytes of [-1, 1.5, Number.NaN, 2 ** 53]) {
    t.throws(() => pool.alloc(bytes), { instanceOf: RangeError, code: 'ERR_OUT_OF_RANGE' });
  }
});

/** Bytes of shared memory that this process has mapped and that are there. */
const sharedBytes = () => {
  const [, kib] = /^RssShmem:\s+(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'));
  return Number(kib) * 1024;
};

needsMemoryAlone('half a gigabyte through a worker take the memory of a few', async (t) => {
  const pool = createPool(t);
  const buffer = Buffer.alloc(4 * MIB, 1);
  for (let round = 0; round < 10; round++) await pool.run(buffer);
  for (let round = 0; round < 120; round++) {
    t.is((await pool.run(buffer)).length, buffer.length);
    // Results that nobody holds are found by the garbage collector.
    if (round % 20 === 0) await turn();
  }
  t.true(sharedBytes() < 600 * MIB, `${sharedBytes()} bytes of shared memory`);
});

needsMemoryAlone('what a worker held is free when it is gone', async (t) => {
  const pool = createPool(t);
  const fill = async () => {
    const tasks = Array.from({ length: 8 }, () => pool.run(Buffer.alloc(8 * MIB, 1), { name: 'keep' }));
    const crash = pool.run('SIGKILL', { name: 'end' });
    const rest = Array.from({ length: 8 }, () => pool.run(Buffer.alloc(8 * MIB, 1), { name: 'keep' }));
    await t.throwsAsync(crash, { name: 'WorkerCrashedError' });
    for (const length of await Promise.all([...tasks, ...rest])) t.is(length, 8 * MIB);
  };
  await fill();
  await fill();
  const before = sharedBytes();
  for (let round = 0; round < 4; round++) await fill();
  // One more set would be 128 MiB.
  t.true(sharedBytes() - before < 128 * MIB, `${sharedBytes() - before} bytes more`);
});

needsMemoryAlone('descriptors are not left', async (t) => {
  const open = () => fs.readdirSync('/proc/self/fd').length;
  const cycle = async () => {
    const pool = createPool(t, { maxWorkers: 2 });
    await Promise.all([pool.run(Buffer.alloc(MIB)), pool.run(1)]);
    await pool.close();
  };
  await cycle();
  const before = open();
  for (let round = 0; round < 5; round++) await cycle();
  t.true(open() <= before + 2, `${open()} instead of ${before}`);
});

test('what a blocked worker was given, others do', async (t) => {
  const pool = createPool(t, { maxWorkers: 2, minWorkers: 2 });
  await until(() => pool.workers.every(({ isReady }) => isReady));
  const controller = new AbortController();
  const { promise } = await begin(pool, 60_000, { name: 'block', signal: controller.signal });
  const lengths = await Promise.all(
    Array.from({ length: 30 }, () => pool.run(Buffer.alloc(2 * MIB, 1), { name: 'keep' })),
  );
  t.true(lengths.every((length) => length === 2 * MIB));
  controller.abort();
  await t.throwsAsync(promise, { code: 'ABORT_ERR' });
});
