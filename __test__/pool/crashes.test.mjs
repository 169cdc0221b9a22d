// A worker that dies: what it had not begun is done by another, what it had begun is told, and nothing is done twice.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { WorkerCrashedError } from '../../dist/pool.js';
import { block, blockUntilThere } from '../helpers/block.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { begin, createPool, fixture, runProgram, SYSTEMS, until } from './pools.mjs';

const isWindows = process.platform === 'win32';
/** Elsewhere, whatever a worker was given counts as begun. */
const needsMemory =
  process.platform === 'linux' && process.env.NAPI_RS_NATIVE_LIBRARY_PATH === undefined ? test : test.skip;
const linesOf = (file) => fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);

function createFile(t) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-pool-'));
  t.teardown(() => fs.rmSync(directory, { recursive: true }));
  const file = path.join(directory, 'marks');
  fs.writeFileSync(file, '');
  return file;
}

const DEATHS = [
  ['exit', { exitCode: 7, signal: null }],
  ['SIGKILL', { exitCode: null, signal: 'SIGKILL' }],
  ['SIGSEGV', { exitCode: null, signal: 'SIGSEGV' }],
  ['SIGTERM', { exitCode: null, signal: 'SIGTERM' }],
  ['uncaught', { exitCode: 1, signal: null }],
  ['unhandled', { exitCode: 1, signal: null }],
].filter(([how]) => !isWindows || !how.startsWith('SIG'));

for (const [how, expected] of DEATHS) {
  for (const concurrentTasksPerWorker of [1, 4]) {
    test(`${how}, ${concurrentTasksPerWorker} at a time: the one that ran is told, the others are run once`, async (t) => {
      const file = createFile(t);
      const pool = createPool(t, { concurrentTasksPerWorker, stdio: ['ignore', 'ignore', 'pipe'] });
      await pool.run(0);
      const [{ pid }] = pool.workers;
      const before = Array.from({ length: 10 }, (_, index) => pool.run({ file, text: `b${index}` }, { name: 'mark' }));
      const victim = pool.run({ file, text: 'victim', end: how }, { name: 'mark' });
      const after = Array.from({ length: 20 }, (_, index) => pool.run({ file, text: `a${index}` }, { name: 'mark' }));
      const error = await t.throwsAsync(victim, { instanceOf: WorkerCrashedError });
      t.like(error, { ...expected, oom: false, workerPid: pid, code: 'FAST_RESOLVE_WORKER_CRASHED' });
      t.true(Number.isInteger(error.taskId));
      const results = await Promise.allSettled([...before, ...after]);
      // Of those that run beside the victim, some may have begun and not ended.
      const told = results.filter(({ status }) => status === 'rejected');
      t.true(told.length <= concurrentTasksPerWorker - 1);
      t.true(told.every(({ reason }) => reason instanceof WorkerCrashedError));
      const lines = linesOf(file);
      t.is(lines.length, 31);
      t.is(new Set(lines).size, 31);
    });
  }
}

for (const [how, message] of [
  ['uncaught', 'nobody catches this'],
  ['unhandled', 'nobody handles this'],
]) {
  test(`${how}: the error has what was thrown for a cause, and the end of stderr`, async (t) => {
    const pool = createPool(t, { stdio: 'pipe' });
    const error = await t.throwsAsync(pool.run(how, { name: 'end' }));
    t.true(error.cause instanceof RangeError);
    t.is(error.cause.message, message);
    t.regex(error.stderrTail, new RegExp(`RangeError: ${message}`));
  });
}

test('what the worker has caught is not the cause of its end', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, undefined, { name: 'caught' });
  pool.workers[0].process.kill('SIGKILL');
  const error = await t.throwsAsync(promise, { instanceOf: WorkerCrashedError });
  t.is(error.cause, undefined);
});

test('a result that throws when it is looked at rejects its task, and no other', async (t) => {
  const pool = createPool(t);
  const pid = await pool.run(undefined, { name: 'pid' });
  await t.throwsAsync(pool.run(undefined, { name: 'hostile' }), { instanceOf: RangeError, message: 'no then' });
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

test('a result that was there before the worker died is not lost', async (t) => {
  const pool = createPool(t);
  await pool.run(0);
  const done = pool.run('done');
  const victim = pool.run('SIGKILL', { name: 'end' });
  await t.throwsAsync(victim, { instanceOf: WorkerCrashedError });
  t.is(await done, 'done');
});

test('a result does not wait for the next task of the same worker', async (t) => {
  const pool = createPool(t);
  await pool.run(0);
  const order = [];
  const quick = pool.run('quick').then(() => order.push('quick'));
  const slow = pool.run(1000, { name: 'block' }).then(() => order.push('slow'));
  await Promise.all([quick, slow]);
  t.deepEqual(order, ['quick', 'slow']);
});

test('an idempotent task is run again, and told after three times', async (t) => {
  const file = createFile(t);
  const pool = createPool(t);
  const task = { file, text: 'again', end: 'exit' };
  await t.throwsAsync(pool.run(task, { name: 'mark', idempotent: true }), { instanceOf: WorkerCrashedError });
  t.deepEqual(linesOf(file), ['again', 'again', 'again']);
});

test('out of memory is told as such', async (t) => {
  const pool = createPool(t, { execArgv: ['--max-old-space-size=32'], stdio: 'pipe' });
  const error = await t.throwsAsync(pool.run(undefined, { name: 'oom' }), { instanceOf: WorkerCrashedError });
  t.true(error.oom);
  t.is(await pool.run(1), 1);
});

for (const [title, env] of SYSTEMS) {
  const run = isWindows ? test.skip : test;
  // Windows has no process groups.
  run(`what a killed worker has started goes with it, ${title}`, async (t) => {
    const { stdout } = await runProgram('killed_worker.mjs', [], env);
    t.is(stdout, 'WorkerCrashedError SIGKILL, its child is gone\n');
  });
}

const BROKEN = [
  ['syntax_error.cjs', { name: 'SyntaxError' }],
  ['throws.cjs', { name: 'RangeError', message: 'at load', code: 'AT_LOAD' }],
  ['throws.mjs', { name: 'TypeError', message: 'module at load' }],
  ['missing.cjs', { code: 'MODULE_NOT_FOUND' }],
  ['missing.mjs', { code: 'ERR_MODULE_NOT_FOUND' }],
];

for (const [name, expected] of BROKEN) {
  test(`a file that does not load rejects with that very error: ${name}`, async (t) => {
    let started = 0;
    const pool = createPool(t, { filename: fixture(`broken/${name}`), maxWorkers: 2, stdio: 'ignore' });
    pool.on('workerCreate', () => started++);
    const errors = await Promise.all(Array.from({ length: 5 }, () => t.throwsAsync(pool.run(1))));
    for (const error of errors) t.like(error, expected);
    t.true(started <= 2, `${started} were started`);
    t.like(await t.throwsAsync(pool.run(1)), expected);
  });

  test(`nor is a worker lost by one that a task names: ${name}`, async (t) => {
    const pool = createPool(t);
    const pid = await pool.run(undefined, { name: 'pid' });
    t.like(await t.throwsAsync(pool.run(1, { filename: fixture(`broken/${name}`) })), expected);
    t.is(await pool.run(undefined, { name: 'pid' }), pid);
  });
}

for (const name of ['hangs.cjs', 'waits.mjs']) {
  test(`a file that does not come to the end of its loading is given up: ${name}`, async (t) => {
    const pool = createPool(t, { filename: fixture(`broken/${name}`), maxWorkers: 1, startTimeout: 500 });
    const expected = { code: 'FAST_RESOLVE_START_TIMEOUT', message: 'The worker was not ready within 500 ms' };
    await t.throwsAsync(pool.run(1), expected);
  });
}

test.serial('a worker that was ready in time is, though the parent was busy', async (t) => {
  const file = path.join(treeFor(t, {}), 'started');
  const startTimeout = 2000;
  const pool = createPool(t, { filename: fixture('tells_start.cjs'), startTimeout, env: { STARTED: file } });
  let created = 0;
  pool.on('workerCreate', () => created++);
  const task = pool.run('value');
  // Its pipes are listened to.
  await new Promise(setImmediate);
  const end = Date.now() + startTimeout;
  blockUntilThere(file);
  block(Math.max(0, end - Date.now()));
  t.is(await task, 'value');
  t.is(created, 1);
});

test('a file that ends its worker is tried three times', async (t) => {
  let started = 0;
  const pool = createPool(t, { filename: fixture('broken/exits.cjs'), restart: { delay: 1 } });
  pool.on('workerCreate', () => started++);
  const error = await t.throwsAsync(pool.run(1), { instanceOf: WorkerCrashedError });
  t.is(error.exitCode, 3);
  t.true(started === 3 || started === 4, `${started} were started`);
});

const ENDS_AFTER_LOAD = [
  ['rejects', { name: 'Error', message: 'rejected at load' }],
  ['throws', { name: 'Error', message: 'thrown after load' }],
  ['exits with 0', { exitCode: 0, signal: null }],
  ['exits with 1', { exitCode: 1, signal: null }],
  ['is killed', { exitCode: null, signal: 'SIGKILL' }],
];

for (const [how, expected] of ENDS_AFTER_LOAD) {
  needsMemory(`a worker that says that it is ready and ${how} has not started`, async (t) => {
    let started = 0;
    const pool = createPool(t, {
      filename: fixture('broken/ends_after_load.cjs'),
      env: { POOL_TEST: how },
      stdio: 'ignore',
      restart: { delay: 1, maxFailures: 6 },
    });
    pool.on('workerCreate', () => started++);
    const given = new Promise((resolve) => pool.on('error', resolve));
    const errors = await Promise.all([1, 2, 3].map((value) => t.throwsAsync(pool.run(value))));
    for (const error of errors) t.like(error, expected);
    for (let count = 0; count < 10; count++) t.like(await t.throwsAsync(pool.run(count)), expected);
    // One may be started while it is not known yet how another one has ended.
    t.true(started >= 6 && started <= 8, `${started} were started`);
    t.like(await given, expected);
  });
}

for (const how of ['exits with 0', 'exits with 1', 'is killed', 'throws']) {
  test(`a worker that ${how} right after its first task is started no more often than there are tasks`, async (t) => {
    let started = 0;
    const pool = createPool(t, {
      filename: fixture('broken/ends_after_task.cjs'),
      env: { POOL_TEST: how },
      stdio: 'ignore',
      restart: { delay: 1 },
    });
    pool.on('workerCreate', () => started++);
    const results = await Promise.allSettled(Array.from({ length: 20 }, (_, value) => pool.run(value)));
    for (const [index, { value, reason }] of results.entries()) {
      if (reason === undefined) t.is(value, index);
      else t.true(reason instanceof WorkerCrashedError);
    }
    t.true(started <= 22, `${started} were started`);
  });
}

needsMemory('nor are workers without tasks started without end', async (t) => {
  let started = 0;
  const pool = createPool(t, {
    filename: fixture('broken/ends_after_load.cjs'),
    env: { POOL_TEST: 'exits with 0' },
    minWorkers: 1,
    restart: { delay: 1, maxFailures: 4 },
  });
  pool.on('workerCreate', () => started++);
  const errors = [];
  pool.on('error', (error) => errors.push(error));
  await until(() => errors.length >= 4);
  t.true(errors.every(({ message }) => message.startsWith('The worker ended with exit code 0 before it began a task')));
  await t.throwsAsync(pool.run(1), { message: errors.at(-1).message });
  t.true(started >= 4 && started <= 6, `${started} were started`);
});

needsMemory('nor is one that ends soon taken for one that stays, where the next start is not waited for', async (t) => {
  let started = 0;
  const pool = createPool(t, {
    filename: fixture('broken/ends_after_load.cjs'),
    env: { POOL_TEST: 'exits with 0' },
    minWorkers: 1,
    restart: { delay: 0, maxDelay: 0, maxFailures: 4 },
  });
  pool.on('workerCreate', () => started++);
  const errors = [];
  pool.on('error', (error) => errors.push(error));
  await until(() => errors.length >= 4 || started > 10);
  t.true(started >= 4 && started <= 6, `${started} were started`);
  await t.throwsAsync(pool.run(1), { message: errors.at(-1).message });
});

test('a pool that can not grow runs tasks with what it has, and tries on', async (t) => {
  const taken = `${createFile(t)}.taken`;
  const pool = createPool(t, {
    filename: fixture('broken/loads_once.cjs'),
    env: { POOL_TEST: taken },
    maxWorkers: 2,
    restart: { delay: 0, maxDelay: 1, maxFailures: 2 },
  });
  const errors = [];
  pool.on('error', (error) => errors.push(error));
  const { promise } = await begin(pool, undefined);
  const waiting = pool.run('echo', { name: 'echo' });
  await until(() => errors.length > 4);
  t.is(errors[0].message, 'loaded once');
  pool.workers.find(({ isReady }) => isReady).process.send('go on');
  t.is(await promise, 'done');
  t.is(await waiting, 'echo');
  t.is(await pool.run('again', { name: 'echo' }), 'again');
  fs.rmSync(taken);
  const both = [await begin(pool, undefined), await begin(pool, undefined)];
  for (const { process: worker } of pool.workers) worker.send('go on');
  t.deepEqual(await Promise.all(both.map(({ promise: result }) => result)), ['done', 'done']);
});

for (const options of [{ execArgv: ['--no-such-option'] }, { env: { NODE_OPTIONS: '--no-such-option' } }]) {
  test(`what Node says of options that it does not take is in the message: ${Object.keys(options)}`, async (t) => {
    const pool = createPool(t, { ...options, stdio: ['ignore', 'ignore', 'pipe'], restart: { delay: 1 } });
    const error = await t.throwsAsync(pool.run(1), { instanceOf: WorkerCrashedError });
    t.regex(error.message, /before it was ready\n(?:.|\n)*--no-such-option/);
  });
}

test('after so many failures no more are started, until the workers are recycled', async (t) => {
  let started = 0;
  const pool = createPool(t, { filename: fixture('broken/throws.cjs'), restart: { delay: 0, maxFailures: 2 } });
  pool.on('workerCreate', () => started++);
  pool.on('error', () => {});
  for (let count = 0; count < 5; count++) await t.throwsAsync(pool.run(1), { message: 'at load' });
  t.is(started, 2);
  pool.recycleWorkers();
  await t.throwsAsync(pool.run(1), { message: 'at load' });
  t.is(started, 3);
});

test('a function that is not there rejects its task', async (t) => {
  const pool = createPool(t, { filename: fixture('broken/no_default.cjs') });
  await t.throwsAsync(pool.run(1), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' });
  t.is(await pool.run(1, { name: 'other' }), undefined);
});

for (const name of ['constructor', 'toString', 'hasOwnProperty', 'call', '__proto__']) {
  test(`what every object has is no function of a file: ${name}`, async (t) => {
    const pool = createPool(t);
    await t.throwsAsync(pool.run({ a: 1 }, { name }), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' });
  });
}

// The first is told by Node's event, the second thrown by Node.
for (const [options, code] of [
  [{ cwd: '/proc/nowhere' }, 'ENOENT'],
  [{ env: { A: 'x'.repeat(3_000_000) } }, 'E2BIG'],
]) {
  test(`a worker that cannot be started at all: ${code}`, async (t) => {
    const pool = createPool(t, { ...options, restart: { delay: 1 } });
    await t.throwsAsync(pool.run(1), { code });
    t.is(pool.queueSize, 0);
    await t.throwsAsync(pool.run(1), { code });
    await pool.close();
  });
}

test('what waits is told when its last worker dies and no more are started', async (t) => {
  const pool = createPool(t, {
    filename: fixture('broken/loads_once.cjs'),
    env: { POOL_TEST: `${createFile(t)}.taken` },
    minWorkers: 2,
    maxWorkers: 2,
    restart: { delay: 0, maxFailures: 2 },
  });
  const failed = new Promise((resolve) => {
    pool.on('workerExit', () => {
      if (started === 3) resolve();
    });
  });
  let started = 0;
  pool.on('workerCreate', () => started++);
  pool.on('error', () => {});
  const { promise } = await begin(pool, undefined);
  const waiting = Promise.allSettled(Array.from({ length: 10 }, () => pool.run(undefined)));
  await failed;
  pool.workers[0].process.kill('SIGKILL');
  await t.throwsAsync(promise, { instanceOf: WorkerCrashedError });
  for (const { reason } of await waiting) t.is(reason.message, 'loaded once');
});
