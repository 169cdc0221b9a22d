// Which task is next, which worker it goes to, and how many may wait.

import test from 'ava';
import { begin, createPool, until } from './pools.mjs';

const pidOf = (pool, options) => pool.run(undefined, { name: 'pid', ...options });

test('the highest priority is next, also before what was given ahead', async (t) => {
  const pool = createPool(t);
  const order = [];
  const { promise } = await begin(pool, 200, { name: 'untilTold' });
  const note = (name) => () => order.push(name);
  const tasks = [
    pool.run(1).then(note('first')),
    pool.run(1).then(note('second')),
    pool.run(1, { priority: -1 }).then(note('last')),
    pool.run(1, { priority: 5 }).then(note('urgent')),
    pool.run(1, { priority: 1 }).then(note('soon')),
  ];
  pool.workers[0].process.send('end');
  await Promise.all([promise, ...tasks]);
  t.deepEqual(order, ['urgent', 'soon', 'first', 'second', 'last']);
});

test("a queue of one's own", async (t) => {
  const waiting = [];
  const taskQueue = {
    get size() {
      return waiting.length;
    },
    push: (task) => waiting.push(task),
    shift: () => waiting.pop(),
    remove: (task) => waiting.splice(waiting.indexOf(task), 1),
  };
  const pool = createPool(t, { taskQueue });
  const order = [];
  const { promise } = await begin(pool, 200, { name: 'untilTold' });
  const tasks = [1, 2, 3].map((value) => pool.run(value).then((result) => order.push(result)));
  pool.workers[0].process.send('end');
  await Promise.all([promise, ...tasks]);
  t.deepEqual(order, [3, 2, 1]);
});

test("a queue of one's own is not asked to remove what it does not hold", async (t) => {
  const waiting = [];
  const removed = [];
  const taskQueue = {
    get size() {
      return waiting.length;
    },
    push: (task) => waiting.push(task),
    shift: () => waiting.shift(),
    remove: (task) => removed.push(...waiting.splice(waiting.indexOf(task), 1)),
  };
  const pool = createPool(t, { taskQueue });
  const { promise } = await begin(pool, 'first', { name: 'untilTold' });
  const controller = new AbortController();
  const { signal } = controller;
  const sticky = pool.run('sticky', { key: 1, signal });
  const plain = pool.run('plain', { signal });
  const last = pool.run('last');
  controller.abort();
  await t.throwsAsync(sticky, { code: 'ABORT_ERR' });
  await t.throwsAsync(plain, { code: 'ABORT_ERR' });
  t.deepEqual(
    removed.map(({ options }) => options.key),
    [undefined],
  );
  pool.workers[0].process.send('end');
  t.deepEqual(await Promise.all([promise, last]), ['first', 'last']);
});

test("a queue of one's own that is not careful loses no task", async (t) => {
  const waiting = [];
  const taskQueue = {
    get size() {
      return waiting.length;
    },
    push: (task) => waiting.push(task, task),
    shift: () => waiting.shift(),
    remove: () => {},
  };
  const pool = createPool(t, { taskQueue });
  const { promise } = await begin(pool, 'first', { name: 'untilTold' });
  const controller = new AbortController();
  const cancelled = pool.run('cancelled', { signal: controller.signal });
  const last = pool.run('last');
  controller.abort();
  await t.throwsAsync(cancelled, { code: 'ABORT_ERR' });
  pool.workers[0].process.send('end');
  t.deepEqual(await Promise.all([promise, last]), ['first', 'last']);
  t.is(pool.completed, 2);
});

test('tasks of one key go to one worker', async (t) => {
  const pool = createPool(t, { minWorkers: 3, maxWorkers: 3 });
  await until(() => pool.workers.every(({ isReady }) => isReady));
  const pids = await Promise.all(Array.from({ length: 60 }, (_, index) => pidOf(pool, { key: index % 3 })));
  for (const key of [0, 1, 2]) t.is(new Set(pids.filter((_, index) => index % 3 === key)).size, 1);
  const [first] = pids;
  pool.workers.find(({ pid }) => pid === first).process.kill('SIGKILL');
  const again = await Promise.all(
    Array.from({ length: 10 }, () => pidOf(pool, { key: 0 }).catch(() => pidOf(pool, { key: 0 }))),
  );
  t.is(new Set(again).size, 1);
  t.not(again[0], first);
});

test('a full queue refuses, and says when it has room', async (t) => {
  const pool = createPool(t, { maxQueue: 2 });
  const events = [];
  pool.on('needsDrain', () => events.push('needsDrain'));
  pool.on('drain', () => events.push('drain'));
  const tasks = [1, 2, 3].map((value) => pool.run(value));
  await t.throwsAsync(pool.run(4), { code: 'FAST_RESOLVE_QUEUE_FULL' });
  t.deepEqual(await Promise.all(tasks), [1, 2, 3]);
  t.is(await pool.run(4), 4);
  t.deepEqual(events, ['needsDrain', 'drain']);
});

test('auto is a queue of the square of the number of workers', async (t) => {
  const pool = createPool(t, { maxQueue: 'auto', maxWorkers: 2 });
  const tasks = Array.from({ length: 2 + 4 }, (_, index) => pool.run(index));
  await t.throwsAsync(pool.run(7), { code: 'FAST_RESOLVE_QUEUE_FULL' });
  t.deepEqual(await Promise.all(tasks), [0, 1, 2, 3, 4, 5]);
});

test("a queue of one's own that does not take a task rejects it", async (t) => {
  const push = () => {
    throw new RangeError('no more');
  };
  const pool = createPool(t, { taskQueue: { size: 0, push, shift: () => undefined, remove: () => {} } });
  await t.throwsAsync(pool.run(1), { instanceOf: RangeError, message: 'no more' });
  await pool.close();
});
