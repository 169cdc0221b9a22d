// Who runs next, and how many at a time.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import { AbortError, CommandError, CommandPool, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';
import { createMark, findMarked, untilRunning } from '../helpers/survivors.mjs';

const require = createRequire(import.meta.url);
const { Queue } = require('../../lib/commands/queue.js');

/** A command that runs until it is told to go on, by the end of its input. */
const createGate = (pool, options) => {
  let open;
  const input = new ReadableStream({
    start(controller) {
      open = () => controller.close();
    },
  });
  const over = pool.run('cat', { input, ...options });
  return { open, over };
};

/** The order in which commands that append to a file were run. */
const recordOrder = async (t, pool, calls) => {
  const file = path.join(os.tmpdir(), `commands-order-${process.pid}-${Math.random()}`);
  t.teardown(() => fs.rmSync(file, { force: true }));
  const gate = createGate(pool);
  const over = calls.map(([name, priority]) => pool.exec(`echo ${name} >> ${file}`, { priority }));
  gate.open();
  await Promise.all([gate.over, ...over]);
  return fs.readFileSync(file, 'utf8').trim().split('\n');
};

testEngines(test, 'so many at a time, and no more', async (t, createPool) => {
  const pool = createPool({ concurrency: 2 });
  const gates = Array.from({ length: 5 }, () => createGate(pool));
  t.deepEqual([pool.running, pool.queued, pool.completed], [2, 3, 0]);
  for (const [index, gate] of gates.entries()) {
    gate.open();
    await gate.over;
    t.is(pool.running, Math.min(2, 4 - index));
    t.is(pool.completed, index + 1);
  }
  t.deepEqual([pool.running, pool.queued, pool.completed], [0, 0, 5]);
});

test('as many as there are processors, if nothing is said', (t) => {
  const pool = new CommandPool();
  for (let count = 0; count < os.availableParallelism() + 3; count++) pool.run('true').catch(t.fail);
  t.is(pool.running, os.availableParallelism());
  t.is(pool.queued, 3);
  return pool.close();
});

testEngines(test, 'first come, first served', async (t, createPool) => {
  const names = Array.from({ length: 10 }, (_, index) => `${index}`);
  const order = await recordOrder(
    t,
    createPool({ concurrency: 1 }),
    names.map((name) => [name]),
  );
  t.deepEqual(order, names);
});

testEngines(test, 'the higher priority first', async (t, createPool) => {
  const calls = [['a'], ['b', 5], ['c', -1], ['d', 5], ['e', Number.POSITIVE_INFINITY], ['f', 0.5], ['g', 0]];
  t.deepEqual(await recordOrder(t, createPool({ concurrency: 1 }), calls), ['e', 'b', 'd', 'f', 'a', 'g', 'c']);
});

test('the queue gives what a sorted list would give', (t) => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add'), priority: fc.integer({ min: -2, max: 2 }) }),
    fc.constant({ kind: 'shift' }),
    fc.record({ kind: fc.constant('remove'), which: fc.nat() }),
    fc.record({ kind: fc.constant('restore'), which: fc.nat() }),
  );
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const queue = new Queue();
    let model = [];
    const taken = [];
    const sort = (entries) =>
      entries.toSorted((left, right) => right.priority - left.priority || left.number - right.number);
    for (const [number, { kind, priority, which }] of steps.entries()) {
      if (kind === 'add') {
        model.push({ number, priority, waiting: queue.add(number, priority) });
        model = sort(model);
      } else if (kind === 'shift') {
        t.is(queue.shift(), model[0]?.number);
        taken.push(...model.splice(0, 1));
      } else if (kind === 'restore') {
        const [restored] = taken.splice(which % Math.max(1, taken.length), 1);
        if (restored === undefined) continue;
        queue.restore(restored.waiting);
        model = sort([...model, restored]);
      } else if (model.length > 0) {
        const [removed] = model.splice(which % model.length, 1);
        queue.remove(removed.waiting);
      }
      t.is(queue.size, model.length);
      t.deepEqual(
        [...queue],
        model.map((entry) => entry.number),
      );
    }
  });
  fc.assert(property, { numRuns: 300 });
});

testEngines(test, 'no more may wait than the pool says', async (t, createPool) => {
  const pool = createPool({ concurrency: 1, maxQueue: 1 });
  const gate = createGate(pool);
  const waiting = pool.run('echo', ['waited']);
  const error = await failureOf(pool.run('echo', ['too many']));
  t.true(error instanceof CommandError);
  t.is(error.code, 'ERR_COMMAND_QUEUE_FULL');
  t.is(error.message, '1 commands wait already: echo too many');
  t.is(error.pid, undefined);
  gate.open();
  t.is((await waiting).stdout, 'waited\n');
  t.is((await pool.run('echo', ['later'])).stdout, 'later\n');
  await gate.over;
});

testEngines(test, '`drain` tells that nobody waits any longer', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  let drained = 0;
  pool.on('drain', () => {
    drained++;
  });
  await pool.run('true');
  t.is(drained, 0, 'nobody had to wait');
  await Promise.all([pool.run('true'), pool.run('true'), pool.run('true')]);
  t.is(drained, 1);
});

testEngines(test, 'close() waits for all, and takes no more', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const gate = createGate(pool);
  const waiting = pool.run('echo', ['waited']);
  let isClosed = false;
  const closed = pool.close().then(() => {
    isClosed = true;
  });
  const error = await failureOf(pool.run('true'));
  t.true(error instanceof CommandError);
  t.is(error.code, 'ERR_COMMAND_POOL_CLOSED');
  t.false(isClosed);
  gate.open();
  t.is((await waiting).stdout, 'waited\n');
  await closed;
  await gate.over;
  await pool.close();
});

testEngines(test, 'close({ force }) cancels who waits and kills who runs', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool({ concurrency: 2 });
  // They would not end for anything less, and have children that would not either.
  const line = `trap '' TERM; sh -c 'trap "" TERM; sleep ${mark}' & sleep ${mark}`;
  const failures = Promise.all([1, 2, 3, 4].map(() => failureOf(pool.exec(line))));
  await untilRunning(mark, 4);
  const slow = pool.close();
  await pool.close({ force: true });
  await slow;
  t.deepEqual(findMarked(mark), []);
  for (const [index, error] of (await failures).entries()) {
    t.true(error instanceof AbortError);
    t.is(error.code, 'ABORT_ERR');
    t.is(error.cause.code, 'ERR_COMMAND_POOL_CLOSED');
    t.true(error.isCanceled);
    t.is(error.signal, index < 2 ? 'SIGKILL' : undefined);
  }
});

testEngines(test, 'a pool can be disposed of', async (t, createPool) => {
  const pool = createPool();
  const over = pool.run('echo', ['a']);
  await pool[Symbol.asyncDispose]();
  t.is((await over).stdout, 'a\n');
  await t.throwsAsync(pool.run('true'), { code: 'ERR_COMMAND_POOL_CLOSED' });
});

test('close() takes only what it knows', async (t) => {
  const pool = new CommandPool();
  await t.throwsAsync(pool.close({ force: 1 }), { code: 'ERR_INVALID_ARG_TYPE' });
  await t.throwsAsync(pool.close({ wait: true }), { code: 'ERR_INVALID_ARG_VALUE' });
  await t.throwsAsync(pool.close(null), { code: 'ERR_INVALID_ARG_TYPE' });
  t.is((await pool.run('echo', ['a'])).stdout, 'a\n');
});

testEngines(test, 'a listener or a stream that throws keeps nobody from the end', async (t, _, engine) => {
  const { stdout, stderr } = await runProgram('throwing_listener.cjs', { engine });
  t.is(stderr, '');
  const { results, uncaught } = JSON.parse(stdout);
  t.deepEqual(results, ['0\n', '1\n', '2\n', '3\n']);
  t.deepEqual(uncaught.sort(), [
    'thrown at the end',
    'thrown at the start',
    'thrown by a listener',
    'thrown by a stream',
  ]);
});

test('stats() and the channel say what the pool does', async (t) => {
  const told = [];
  const listen = (message) => told.push(message);
  subscribe('fast-resolve:command-pool', listen);
  t.teardown(() => unsubscribe('fast-resolve:command-pool', listen));
  const pool = new CommandPool({ concurrency: 1 });
  const gates = [createGate(pool), createGate(pool)];
  t.deepEqual(pool.stats(), { running: 1, queued: 1, completed: 0 });
  const drained = once(pool, 'drain');
  for (const { open, over } of gates) {
    open();
    await over;
  }
  await drained;
  t.deepEqual(pool.stats(), { running: 0, queued: 0, completed: 2 });
  t.deepEqual(
    told.filter((message) => message.pool === pool).map(({ event, details }) => [event, details.length]),
    [
      ['start', 1],
      ['end', 1],
      ['drain', 0],
      ['start', 1],
      ['end', 1],
    ],
  );
});
