// From the first worker to the last: when they start, are replaced and end, and when the parent may.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { Pool, worker } from '../../dist/pool.js';
import { treeFor } from '../helpers/tree.mjs';
import { begin, createPool, fixture, isAlive, until } from './pools.mjs';

const pidOf = (pool, options) => pool.run(undefined, { name: 'pid', ...options });

test('workers start when there is something to do, and no more than there are to be', async (t) => {
  const pool = createPool(t, { maxWorkers: 2 });
  t.is(pool.workers.length, 0);
  await pool.run(1);
  t.is(pool.workers.length, 1);
  await Promise.all(Array.from({ length: 50 }, (_, index) => pool.run(index)));
  t.is(pool.workers.length, 2);
});

test('as many as are asked for are started at once, one in each turn of the event loop', async (t) => {
  const pool = createPool(t, { minWorkers: 3, maxWorkers: 3 });
  const created = [];
  pool.on('workerCreate', ({ id }) => created.push(id));
  for (const count of [1, 2, 3, 3]) {
    t.is(pool.workers.length, count);
    await setImmediate();
  }
  t.deepEqual(
    created,
    pool.workers.map(({ id }) => id),
  );
});

for (const [title, options] of [
  ['a CommonJS file', { filename: fixture('tasks.cjs') }],
  ['a file URL', { filename: pathToFileURL(fixture('tasks.cjs')).href }],
  ['a URL object', { filename: pathToFileURL(fixture('tasks.cjs')) }],
]) {
  test(`functions of ${title}`, async (t) => {
    const pool = createPool(t, options);
    t.is(await pool.run('value'), 'value');
    t.is(await pool.run(21, { name: 'double' }), 42);
  });
}

test('functions of an ES module, of several files, and of a pool without a file', async (t) => {
  const pool = createPool(t, { filename: undefined });
  const filename = fixture('module.mjs');
  t.is(await pool.run('x', { filename }), 'esm x');
  t.is(await pool.run('x', { filename, name: 'shout' }), 'X');
  t.is(await pool.run(2, { filename: fixture('tasks.cjs'), name: 'double' }), 4);
  const other = createPool(t, { filename });
  t.is(await other.run('x'), 'esm x');
});

test('what a worker is told of itself', async (t) => {
  const workerData = { map: new Map([[1, 2]]) };
  const pool = createPool(t, {
    workerData,
    argv: ['--one', 'two'],
    env: { POOL_TEST: 'set' },
    cwd: import.meta.dirname,
    execArgv: ['--no-warnings'],
  });
  // All workers are given what there was at first.
  workerData.map.set(3, 4);
  const told = await pool.run(undefined, { name: 'describe' });
  const [{ id, pid }] = pool.workers;
  t.deepEqual(told, {
    id,
    pid,
    isWorker: true,
    workerData: { map: new Map([[1, 2]]) },
    argv: ['--one', 'two'],
    execArgv: ['--no-warnings'],
    cwd: import.meta.dirname,
    env: 'set',
  });
});

test('here is no worker', (t) => {
  t.false(worker.isWorker);
});

for (const concurrentTasksPerWorker of [1, 2]) {
  test(`progress, by the context and by the worker, ${concurrentTasksPerWorker} at a time`, async (t) => {
    const pool = createPool(t, { concurrentTasksPerWorker });
    const told = [];
    t.is(await pool.run('a', { name: 'worker', onProgress: (value) => told.push(value) }), false);
    t.deepEqual(told, ['a by worker']);
  });
}

test('there is no task when it has ended', async (t) => {
  const pool = createPool(t);
  await pool.run(1);
  const told = once(pool.workers[0].process, 'message');
  await pool.run(undefined, { name: 'outlive' });
  t.deepEqual(await told, [{ code: 'FAST_RESOLVE_NO_TASK' }, undefined]);
});

test('tasks run at the same time as they are allowed to', async (t) => {
  const pool = createPool(t, { concurrentTasksPerWorker: 2 });
  const controller = new AbortController();
  const options = { name: 'untilAborted', signal: controller.signal };
  const both = await Promise.all([begin(pool, 1, options), begin(pool, 2, options)]);
  controller.abort();
  for (const { promise } of both) await t.throwsAsync(promise, { code: 'ABORT_ERR' });
});

test('an idle worker takes over what a busy one was given', async (t) => {
  const pool = createPool(t, { minWorkers: 2, maxWorkers: 2 });
  await until(() => pool.workers.every(({ isReady }) => isReady));
  const controller = new AbortController();
  const long = [begin(pool, undefined, { name: 'untilAborted', signal: controller.signal })];
  await Promise.all(long);
  // Half of them are given to the worker that is busy.
  t.deepEqual(
    await Promise.all(Array.from({ length: 20 }, (_, index) => pool.run(index))),
    Array.from({ length: 20 }, (_, index) => index),
  );
  controller.abort();
});

test('a worker has so many tasks, and no more', async (t) => {
  const pool = createPool(t, { maxTasksPerWorker: 3 });
  const pids = await Promise.all(Array.from({ length: 9 }, () => pidOf(pool)));
  const counts = pids.reduce((counted, pid) => counted.set(pid, (counted.get(pid) ?? 0) + 1), new Map());
  t.deepEqual([...counts.values()], [3, 3, 3]);
});

test('a worker that has grown too large is replaced between two tasks', async (t) => {
  const pool = createPool(t, { maxMemoryBytes: 200 * 1024 * 1024 });
  const pid = await pool.run(300 * 1024 * 1024, { name: 'leak' });
  await until(async () => (await pidOf(pool)) !== pid);
  t.pass();
});

test('all workers are replaced, and what they run comes to its end', async (t) => {
  const pool = createPool(t, { maxWorkers: 2, minWorkers: 2 });
  const before = new Set(await Promise.all(Array.from({ length: 20 }, () => pidOf(pool))));
  const { promise } = await begin(pool, 300, { name: 'untilTold' });
  const busy = pool.workers.find(({ pending }) => pending > 0);
  pool.recycleWorkers();
  const after = await Promise.all(Array.from({ length: 20 }, () => pidOf(pool)));
  t.false(after.some((pid) => before.has(pid)));
  busy.process.send('end');
  t.is(await promise, 300);
});

test('idle workers end, except those that are to stay', async (t) => {
  const pool = createPool(t, { minWorkers: 1, maxWorkers: 3, idleTimeout: 10, concurrentTasksPerWorker: 1 });
  await Promise.all(Array.from({ length: 3 }, () => pool.run(20, { name: 'block' })));
  await until(() => pool.workers.length === 1);
  t.is(await pool.run(1), 1);
});

test('a worker whose task was cancelled before it was ready ends as well', async (t) => {
  const pool = createPool(t, { idleTimeout: 10 });
  const controller = new AbortController();
  const task = pool.run(1, { signal: controller.signal });
  controller.abort();
  await t.throwsAsync(task, { code: 'ABORT_ERR' });
  await until(() => pool.workers.length === 0);
  t.pass();
});

for (const idleTimeout of [0, 10]) {
  test(`a worker that is starting is not idle, whatever it has to wait: ${idleTimeout} ms`, async (t) => {
    const pool = createPool(t, { idleTimeout, maxTasksPerWorker: 1 });
    let created = 0;
    pool.on('workerCreate', () => created++);
    const values = [1, 2, 3, 4, 5];
    t.deepEqual(await Promise.all(values.map((value) => pool.run(value))), values);
    // The last one's successor may be on its way.
    t.true(created <= values.length + 1, `${created} workers for ${values.length} tasks`);
  });
}

test('more functions than there are numbers for on the wire', async (t) => {
  const pool = createPool(t);
  const missing = (count) => t.throwsAsync(pool.run(1, { name: `missing ${count}` }), { message: /'missing \d+'/ });
  t.is(await pool.run(21, { name: 'double' }), 42);
  await Promise.all(Array.from({ length: 4100 }, (_, count) => missing(count)));
  t.deepEqual(await Promise.all([pool.run(1), pool.run(21, { name: 'double' })]), [1, 42]);
});

test('a spare takes the place of a worker that dies', async (t) => {
  const pool = createPool(t, { minWorkers: 1, spares: 1 });
  await until(() => pool.workers.length === 2 && pool.workers.every(({ isReady }) => isReady));
  const spare = pool.workers.find(({ isSpare }) => isSpare);
  const { promise } = await begin(pool, undefined, { name: 'hang' });
  pool.workers.find(({ isSpare }) => !isSpare).process.kill('SIGKILL');
  await t.throwsAsync(promise, { name: 'WorkerCrashedError' });
  t.is(await pidOf(pool), spare.pid);
  await until(() => pool.workers.length === 2);
});

test('figures', async (t) => {
  const pool = createPool(t);
  for (let count = 0; count < 10; count++) await pool.run(5, { name: 'block' });
  t.is(pool.completed, 10);
  t.is(pool.queueSize, 0);
  t.is(pool.runTime.count, 10);
  t.true(pool.runTime.min > 3 && pool.runTime.max >= pool.runTime.p50 && pool.waitTime.mean > 0);
  t.true(pool.utilization > 0 && pool.utilization <= 1);
  const [{ stats }] = pool.workers;
  t.is(stats.tasks, 10);
  t.true(stats.memoryBytes > 1e6 && stats.cpuMs > 0);
  t.is(createPool(t, { recordTiming: false }).runTime, null);
});

test('events tell of every worker', async (t) => {
  const pool = createPool(t);
  const events = [];
  for (const name of ['workerCreate', 'workerReady', 'workerExit']) {
    pool.on(name, ({ id }, exitCode) => events.push([name, id, exitCode]));
  }
  await pool.run(1);
  const [{ id }] = pool.workers;
  await pool.close();
  t.deepEqual(events, [
    ['workerCreate', id, undefined],
    ['workerReady', id, undefined],
    ['workerExit', id, 0],
  ]);
});

test('closing lets everything come to its end', async (t) => {
  const pool = createPool(t, { maxWorkers: 2 });
  const tasks = Array.from({ length: 50 }, (_, index) => pool.run(index));
  const pids = new Set(pool.workers.map(({ pid }) => pid));
  const closed = pool.close();
  await t.throwsAsync(pool.run(1), { code: 'FAST_RESOLVE_POOL_CLOSED' });
  t.throws(() => pool.stream(1), { code: 'FAST_RESOLVE_POOL_CLOSED' });
  t.deepEqual(
    await Promise.all(tasks),
    Array.from({ length: 50 }, (_, index) => index),
  );
  await closed;
  t.is(pool.workers.length, 0);
  t.deepEqual([...pids].filter(isAlive), []);
  t.is(pool.close(), pool.close());
});

// /proc has zombies, too.
const needsProc = process.platform === 'linux' ? test : test.skip;

for (const way of ['close', 'destroy']) {
  needsProc(`after ${way}(), nothing is left of a worker, not even a zombie`, async (t) => {
    const pool = createPool(t, { minWorkers: 3, maxWorkers: 3 });
    await Promise.all(Array.from({ length: 50 }, (_, index) => pool.run(index)));
    const pids = pool.workers.map(({ process: { pid } }) => pid);
    t.is(pids.length, 3);
    await pool[way]();
    t.deepEqual(
      pids.filter((pid) => fs.existsSync(`/proc/${pid}`)),
      [],
    );
  });
}

test('a worker that needs its time to end gets it', async (t) => {
  const pool = createPool(t);
  const file = path.join(treeFor(t, {}), 'ended');
  await pool.run({ milliseconds: 1500, file }, { name: 'endSlowly' });
  const exited = once(pool, 'workerExit');
  await pool.close();
  t.deepEqual((await exited).slice(1), [0, null]);
  t.is(fs.readFileSync(file, 'utf8'), 'ended');
});

test('closing by force runs only what has begun', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, 200, { name: 'untilTold' });
  const waiting = pool.run(1);
  const closed = pool.close({ force: true });
  await t.throwsAsync(waiting, { code: 'ABORT_ERR' });
  pool.workers[0].process.send('end');
  t.is(await promise, 200);
  await closed;
});

test('closing does not take longer than it may', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, undefined, { name: 'hang' });
  await pool.close({ timeout: 10 });
  await t.throwsAsync(promise, { code: 'ABORT_ERR' });
});

test('destroying rejects everything at once', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, 60_000, { name: 'block' });
  const waiting = pool.run(1);
  const { pid } = pool.workers[0];
  await pool.destroy();
  await t.throwsAsync(promise, { code: 'ABORT_ERR' });
  await t.throwsAsync(waiting, { code: 'ABORT_ERR' });
  t.false(isAlive(pid));
  await pool.destroy();
});

test('it is disposed of as Node disposes of things', async (t) => {
  const pool = new Pool({ filename: fixture('tasks.cjs') });
  t.is(await pool.run(1), 1);
  await pool[Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]();
  t.is(pool.workers.length, 0);
});

test('what is written to a worker that is gone harms nobody', async (t) => {
  const pool = createPool(t, { stdio: ['pipe', 'pipe', 'pipe'] });
  await pool.run(1);
  const [{ process: child }] = pool.workers;
  child.kill('SIGKILL');
  // Before the parent knows, and afterwards.
  child.send('a message');
  child.stdin.write('some input'.repeat(100_000));
  const results = Promise.allSettled(Array.from({ length: 50 }, () => pool.run(Buffer.alloc(10_000))));
  await new Promise((resolve) => child.once('exit', resolve));
  child.send('another message');
  child.stdin.write('more input');
  // It may still have begun one.
  const reasons = (await results).flatMap(({ reason }) => reason ?? []);
  t.true(reasons.length <= 1 && reasons.every(({ name }) => name === 'WorkerCrashedError'));
});

test('messages of the user pass, both ways', async (t) => {
  const pool = createPool(t);
  await pool.run(undefined, { name: 'listen' });
  const [{ process: child }] = pool.workers;
  const message = { cmd: 'mine', type: 'TASK' };
  child.send(message);
  t.deepEqual(await once(child, 'message').then(([echo]) => echo), { echoed: message });
  t.is(await pool.run(1), 1);
});

const runProgram = (text) =>
  promisify(execFile)(process.execPath, ['--input-type=module', '-e', text], {
    cwd: import.meta.dirname,
    timeout: 60_000,
  });

test('an idle pool does not keep the parent alive, and tasks do', async (t) => {
  const { stdout } = await runProgram(`
    import { Pool } from '../../dist/pool.js';
    const pool = new Pool({ filename: ${JSON.stringify(fixture('tasks.cjs'))}, maxWorkers: 2, minWorkers: 1, spares: 1 });
    process.on('exit', () => console.log('exit'));
    pool.run(300, { name: 'block' }).then((result) => console.log(result, pool.workers.map(({ pid }) => pid).join()));
  `);
  const [result, exit] = stdout.trim().split('\n');
  t.is(result.split(' ')[0], '300');
  t.is(exit, 'exit');
  const pids = result.split(' ')[1].split(',').map(Number);
  await until(() => !pids.some(isAlive));
});

for (const [title, call] of [
  ['close', 'close({ timeout: Infinity })'],
  ['close by force', 'close({ force: true, timeout: Infinity })'],
  ['destroy', 'destroy()'],
]) {
  test(`the parent lives until it is told that all workers are gone: ${title}`, async (t) => {
    const { stdout } = await runProgram(`
      import { Pool } from '../../dist/pool.js';
      const pool = new Pool({ filename: ${JSON.stringify(fixture('tasks.cjs'))}, maxWorkers: 1 });
      await pool.run(1);
      for (const name of ['block', 'default']) pool.run(50, { name }).catch(() => {});
      await pool.${call};
      console.log(pool.workers.length);
    `);
    t.is(stdout, '0\n');
  });
}

test('listeners that throw lose nothing, and are uncaught exceptions', async (t) => {
  const { stdout, stderr } = await runProgram(`
    import { Pool } from '../../dist/pool.js';
    const uncaught = new Set();
    process.on('uncaughtException', ({ message }) => uncaught.add(message));
    const pool = new Pool({ filename: ${JSON.stringify(fixture('tasks.cjs'))}, maxWorkers: 1, maxQueue: 3 });
    const names = ['workerCreate', 'workerReady', 'workerExit', 'needsDrain', 'drain'];
    for (const name of names) pool.on(name, () => { throw new Error(name); });
    let told = 0;
    const onProgress = () => {
      told++;
      throw new Error('onProgress');
    };
    const tasks = [1, 2, 3].map((value) => pool.run(value, { name: 'emitTwice', onProgress }));
    const results = await Promise.all(tasks);
    await pool.close();
    console.log(results.join(), told, [...uncaught].sort().join());
  `);
  t.is(stdout, '1,2,3 6 drain,needsDrain,onProgress,workerCreate,workerExit,workerReady\n');
  t.is(stderr, '');
});

test('tasks of one key keep their order when their worker dies', async (t) => {
  const pool = createPool(t);
  const { promise } = await begin(pool, undefined, { name: 'hang', key: 1 });
  const order = [];
  // More than a worker is given ahead.
  const tasks = Array.from({ length: 100 }, (_, index) =>
    pool.run(index, { key: 1 }).then((value) => order.push(value)),
  );
  pool.workers[0].process.kill('SIGKILL');
  await t.throwsAsync(promise, { name: 'WorkerCrashedError' });
  await Promise.all(tasks);
  t.deepEqual(
    order,
    Array.from({ length: 100 }, (_, index) => index),
  );
});
