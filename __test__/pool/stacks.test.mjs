// The stack of a rejection tells where the task was asked for, after where its error comes from.

import { createRequire } from 'node:module';
import test from 'ava';
import { begin, createPool, fixture } from './pools.mjs';

const { WorkerCrashedError } = createRequire(import.meta.url)('../../dist/pool.js');

const caught = (promise) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

const calledByRun = (pool, ...rest) => pool.run(...rest);
const calledByStream = (pool, ...rest) => pool.stream(...rest);

async function awaits(pool, ...rest) {
  await pool.run(...rest);
}

async function awaitsAll(pool, ...rest) {
  await Promise.all([pool.run(...rest)]);
}

const HERE = /^ {4}at (?:async )?(\w+) \(.*stacks\.test\.mjs:\d+:\d+\)$/;

/** The functions of this file that the stack names, in its order. */
const namesOf = ({ stack }) => stack.split('\n').flatMap((line) => HERE.exec(line)?.[1] ?? []);

const isOfWorker = (t, { stack }) => t.regex(stack, /^TypeError: wrong type\n {4}at .*fixtures\/errors\.cjs/);

test('by default, those who await it', async (t) => {
  const pool = createPool(t, { filename: fixture('errors.cjs') });
  const error = await caught(awaits(pool, 'typeError'));
  isOfWorker(t, error);
  t.is(namesOf(error)[0], 'awaits');
  t.is(namesOf(await caught(awaitsAll(pool, 'typeError')))[0], 'awaitsAll');
});

test('with callSites, whoever called, awaited or not', async (t) => {
  const pool = createPool(t, { filename: fixture('errors.cjs'), callSites: true });
  const error = await caught(calledByRun(pool, 'typeError'));
  isOfWorker(t, error);
  t.regex(error.stack, /\n {4}at calledByRun /);
  t.is(namesOf(error).filter((name) => name === 'calledByRun').length, 1);
});

test('of a stream, whoever called', async (t) => {
  const pool = createPool(t, { filename: fixture('errors.cjs') });
  const error = await caught(calledByStream(pool, 'typeError').next());
  isOfWorker(t, error);
  t.regex(error.stack, /\n {4}at calledByStream /);
  t.false(error.stack.includes('Pool.stream'));
});

test('of errors of the pool: an ended worker, an abort, a time limit, a value that can not be sent', async (t) => {
  const pool = createPool(t, { callSites: true, killAfter: 0 });
  const crashed = await caught(calledByRun(pool, 'exit', { name: 'end' }));
  t.true(crashed instanceof WorkerCrashedError);
  const late = await caught(calledByRun(pool, undefined, { name: 'hang', timeout: 1 }));
  t.is(late.name, 'TimeoutError');
  const unsent = await caught(calledByRun(pool, () => {}));
  t.is(unsent.name, 'DataCloneError');
  const controller = new AbortController();
  const { promise } = await begin(pool, undefined, { name: 'hang', signal: controller.signal });
  controller.abort();
  t.regex((await caught(promise)).stack, /\n {4}at begin /);
  for (const error of [crashed, late, unsent]) t.is(namesOf(error).at(0), 'calledByRun', error.stack);
});

test('an error that many are rejected with names none of them', async (t) => {
  const pool = createPool(t, { filename: fixture('broken/throws.cjs'), callSites: true, maxWorkers: 1 });
  const [one, other] = await Promise.all([caught(calledByRun(pool)), caught(calledByRun(pool))]);
  t.is(one, other);
  t.deepEqual(namesOf(one), []);
});

test('what is no error arrives as it is', async (t) => {
  const pool = createPool(t, { filename: fixture('errors.cjs'), callSites: true });
  t.is(await caught(pool.run('null')), null);
});
