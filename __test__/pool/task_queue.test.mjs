// The pool's own queue, and queues of the user's that do what they should not.

import { createRequire } from 'node:module';
import test from 'ava';
import { begin, createPool } from './pools.mjs';

const { TaskQueue } = createRequire(import.meta.url)('../../lib/pool/parent/task_queue.js');

test('as many priorities as tasks leave nothing behind', (t) => {
  const queue = new TaskQueue();
  const tasks = Array.from({ length: 100 }, (_, index) => ({ priority: (index * 7) % 100 }));
  for (const task of tasks) queue.push(task);
  for (const task of tasks.slice(0, 10)) queue.remove(task);
  const rest = tasks.slice(10).sort((left, right) => right.priority - left.priority);
  for (const task of rest) t.is(queue.shift(), task);
  t.is(queue.size, 0);
  t.is(queue.priorityCount, 1);
});

/** A queue of the user's with some methods that are others. */
function createQueue(faults) {
  const waiting = [];
  return {
    get size() {
      return waiting.length;
    },
    push: (task) => waiting.push(task),
    shift: () => waiting.shift(),
    remove: (task) => waiting.splice(waiting.indexOf(task), 1),
    ...faults(waiting),
  };
}

const throwIt = () => {
  throw new RangeError('the queue throws');
};
const thrown = { instanceOf: RangeError, message: 'the queue throws' };
const broken = { code: 'FAST_RESOLVE_QUEUE_BROKEN' };

const FAULTS = [
  ['shift throws', () => ({ shift: throwIt }), thrown],
  ['unshift and push throw', () => ({ push: throwIt, unshift: throwIt }), thrown],
  ['shift always gives the same', (waiting) => ({ shift: () => waiting[0] }), broken],
  ['shift gives what is no task', () => ({ shift: () => 'no task' }), broken],
  ['push loses what it is given', () => ({ push: () => {} }), broken],
  ['shift loses every second', (waiting) => ({ shift: () => waiting.splice(0, 2)[1] }), broken],
];

for (const [title, faults, expected] of FAULTS) {
  test(`no task is left and nothing is thrown elsewhere: ${title}`, async (t) => {
    const pool = createPool(t, { taskQueue: createQueue(faults) });
    const results = Array.from({ length: 5 }, (_, index) => pool.run(index));
    for (const [index, { value, reason }] of (await Promise.allSettled(results)).entries()) {
      if (reason === undefined) t.is(value, index);
      else t.like(reason, { ...expected, instanceOf: undefined });
    }
    t.is(pool.queueSize, 0);
    await pool.destroy();
    t.deepEqual(pool.workers, []);
  });

  test(`nor when the pool is destroyed: ${title}`, async (t) => {
    const pool = createPool(t, { taskQueue: createQueue(faults) });
    const results = Array.from({ length: 5 }, (_, index) => pool.run(index));
    const destroyed = pool.destroy();
    const statuses = (await Promise.allSettled(results)).map(({ status }) => status);
    t.deepEqual(statuses, Array(5).fill('rejected'));
    await destroyed;
    t.deepEqual(pool.workers, []);
  });
}

test('what remove throws is told by an event', async (t) => {
  const pool = createPool(t, { taskQueue: createQueue(() => ({ remove: throwIt })) });
  const errors = [];
  pool.on('error', (error) => errors.push(error.message));
  const { promise } = await begin(pool, 'first', { name: 'untilTold' });
  const controller = new AbortController();
  const cancelled = pool.run(1, { signal: controller.signal });
  controller.abort();
  await t.throwsAsync(cancelled, { code: 'ABORT_ERR' });
  t.deepEqual(errors, ['the queue throws']);
  pool.workers[0].process.send('go on');
  t.is(await promise, 'first');
});

test('a queue may remove late, however much', async (t) => {
  const pool = createPool(t, { taskQueue: createQueue(() => ({ remove: () => {} })) });
  const { promise } = await begin(pool, 'first', { name: 'untilTold' });
  const controller = new AbortController();
  const { signal } = controller;
  const cancelled = Array.from({ length: 3000 }, () => pool.run(1, { signal }));
  const last = pool.run('last');
  controller.abort();
  const reasons = (await Promise.allSettled(cancelled)).map(({ reason }) => reason.code);
  t.deepEqual(new Set(reasons), new Set(['ABORT_ERR']));
  pool.workers[0].process.send('go on');
  t.deepEqual(await Promise.all([promise, last]), ['first', 'last']);
});

test('a queue may keep what it has for later', async (t) => {
  let isHeld = true;
  const faults = (waiting) => ({ shift: () => (isHeld ? undefined : waiting.shift()) });
  const pool = createPool(t, { taskQueue: createQueue(faults) });
  const held = pool.run('held');
  const { promise } = await begin(pool, 'sticky', { name: 'untilTold', key: 1 });
  isHeld = false;
  pool.workers[0].process.send('go on');
  t.deepEqual(await Promise.all([promise, held]), ['sticky', 'held']);
});
