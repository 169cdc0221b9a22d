// The options of a pool and of a task: what they mean for each other, and what can't be.

import os from 'node:os';
import test from 'ava';
import { Pool } from '../../dist/pool.js';
import { createPool } from './pools.mjs';

test('minThreads and maxThreads are other names for it', (t) => {
  const pool = createPool(t, { maxWorkers: undefined, minThreads: 1, maxThreads: 3 });
  t.deepEqual([pool.options.minWorkers, pool.options.maxWorkers], [1, 3]);
});

test('between 0 and 1, a number of workers is a share of the processors', (t) => {
  const share = (options) => createPool(t, { maxWorkers: undefined, ...options }).options;
  const half = Math.max(1, Math.round(os.availableParallelism() / 2));
  t.is(share({ maxWorkers: 0.5 }).maxWorkers, half);
  t.is(share({ maxThreads: 0.5 }).maxWorkers, half);
  t.is(share({ maxWorkers: 0.0001 }).maxWorkers, 1);
  t.is(share({ maxWorkers: 1 }).maxWorkers, 1);
  t.is(share({}).maxWorkers, os.availableParallelism());
});

const INVALID = [
  [{ filename: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ filename: 'relative.js' }, 'ERR_INVALID_ARG_VALUE'],
  [{ unknown: 1 }, 'ERR_INVALID_ARG_VALUE'],
  [{ maxWorkers: '2' }, 'ERR_INVALID_ARG_TYPE'],
  [{ maxWorkers: 0 }, 'ERR_OUT_OF_RANGE'],
  [{ maxWorkers: 1.5 }, 'ERR_OUT_OF_RANGE'],
  [{ minWorkers: 3, maxWorkers: 2 }, 'ERR_OUT_OF_RANGE'],
  [{ idleTimeout: -1 }, 'ERR_OUT_OF_RANGE'],
  [{ maxQueue: 'all' }, 'ERR_INVALID_ARG_TYPE'],
  [{ concurrentTasksPerWorker: 0 }, 'ERR_OUT_OF_RANGE'],
  [{ serialization: 'xml' }, 'ERR_INVALID_ARG_VALUE'],
  [{ stdio: ['pipe', 'pipe', 'pipe', 'pipe'] }, 'ERR_INVALID_ARG_VALUE'],
  [{ stdio: 'ipc' }, 'ERR_INVALID_ARG_VALUE'],
  [{ stdio: ['pipe', 1] }, 'ERR_INVALID_ARG_VALUE'],
  [{ stdio: ['pipe', 'ipc'] }, 'ERR_INVALID_ARG_VALUE'],
  [{ taskQueue: {} }, 'ERR_INVALID_ARG_TYPE'],
  [{ restart: { delays: 1 } }, 'ERR_INVALID_ARG_VALUE'],
  [{ env: 'A=1' }, 'ERR_INVALID_ARG_TYPE'],
  [{ env: { A: 'with\0NUL' } }, 'ERR_INVALID_ARG_VALUE'],
  [{ env: { 'with\0NUL': 'a' } }, 'ERR_INVALID_ARG_VALUE'],
  [{ argv: ['with\0NUL'] }, 'ERR_INVALID_ARG_VALUE'],
  [{ execArgv: ['with\0NUL'] }, 'ERR_INVALID_ARG_VALUE'],
  [{ cwd: 'with\0NUL' }, 'ERR_INVALID_ARG_VALUE'],
  [{ cwd: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ uid: 1.5 }, 'ERR_INVALID_ARG_TYPE'],
  [{ gid: 2 ** 31 }, 'ERR_INVALID_ARG_TYPE'],
  [{ gid: -1 }, 'ERR_OUT_OF_RANGE'],
  [{ serialization: 5 }, 'ERR_INVALID_ARG_VALUE'],
  [{ maxWorkers: '0.5' }, 'ERR_INVALID_ARG_TYPE'],
  [{ minThreads: [0.5] }, 'ERR_INVALID_ARG_TYPE'],
  [null, 'ERR_INVALID_ARG_TYPE'],
];
for (const [options, code] of INVALID) {
  test(`an option that can't be: ${JSON.stringify(options)}`, (t) => {
    t.throws(() => new Pool(options), { code });
  });
}

test('data for workers that cannot be cloned', (t) => {
  const error = t.throws(() => new Pool({ workerData: () => {} }), { any: true });
  t.true(error instanceof DOMException);
  t.is(error.name, 'DataCloneError');
});

const INVALID_RUN = [
  [{ signal: {} }, 'ERR_INVALID_ARG_TYPE'],
  [{ timeout: -1 }, 'ERR_OUT_OF_RANGE'],
  [{ name: 1 }, 'ERR_INVALID_ARG_TYPE'],
  [{ priority: 'high' }, 'ERR_INVALID_ARG_TYPE'],
  [{ nothing: 1 }, 'ERR_INVALID_ARG_VALUE'],
  [{ onProgress: 1 }, 'ERR_INVALID_ARG_TYPE'],
];
for (const [options, code] of INVALID_RUN) {
  test(`an option of a task that can't be: ${JSON.stringify(options)}`, async (t) => {
    const pool = createPool(t);
    await t.throwsAsync(pool.run(1, options), { code });
    t.is(pool.workers.length, 0);
  });
}

test('a task has to have a file', async (t) => {
  const pool = createPool(t, { filename: undefined });
  await t.throwsAsync(pool.run(1), { code: 'ERR_INVALID_ARG_TYPE' });
});
