// Whatever a task throws, the caller gets it whole.

import { createRequire } from 'node:module';
import test from 'ava';
import { createSharedPool, fixture } from './pools.mjs';

const { throws } = createRequire(import.meta.url)('./fixtures/errors.cjs');

const pool = createSharedPool(test, { filename: fixture('errors.cjs') });
const caught = (promise) =>
  promise.then(
    () => ({ resolved: true }),
    (error) => ({ error }),
  );

const ownOf = (error) =>
  Object.fromEntries(
    Object.getOwnPropertyNames(error).map((key) => [key, Object.getOwnPropertyDescriptor(error, key)]),
  );

/** The facts of an error; of its stack, the first line: it was thrown elsewhere. */
function factsOf(error, seen = []) {
  if (!(error instanceof Error) || seen.includes(error)) return error instanceof Error ? 'seen' : error;
  const own = Object.entries(ownOf(error)).map(([key, { enumerable }]) => {
    // From Node 22 on, a stack has a getter.
    const value = error[key];
    if (key === 'stack') return [key, value?.split('\n')[0], enumerable];
    if (Array.isArray(value)) return [key, value.map((item) => factsOf(item, [...seen, error])), enumerable];
    if (typeof value === 'function') return [key, '[Function: callback]', enumerable];
    return [key, factsOf(value, [...seen, error]), enumerable];
  });
  return {
    class: error.constructor.name,
    name: error.name,
    message: error.message,
    text: String(error),
    own: own.sort(),
  };
}

for (const name of Object.keys(throws).filter((name) => name !== 'symbol')) {
  for (const way of ['default', 'rejects']) {
    test(`${name}, ${way === 'default' ? 'thrown' : 'rejected with'}`, async (t) => {
      const { error } = await caught(pool.run(name, { name: way }));
      const expected = throws[name]();
      t.deepEqual(factsOf(error), factsOf(expected));
      if (!(expected instanceof Error)) return;
      for (const Class of [TypeError, RangeError, AggregateError, DOMException]) {
        t.is(error instanceof Class, expected instanceof Class, Class.name);
      }
    });
  }
}

test('a stack is that of the worker', async (t) => {
  const { error } = await caught(pool.run('typeError'));
  t.regex(error.stack, /^TypeError: wrong type\n.*fixtures\/errors\.cjs/);
});

test('what can never be cloned is shown as text', async (t) => {
  t.deepEqual(await caught(pool.run('symbol')), { error: 'Symbol(no clone)' });
});

test('errors of one class have one class', async (t) => {
  const [one, other] = await Promise.all([caught(pool.run('custom')), caught(pool.run('custom'))]);
  t.is(one.error.constructor, other.error.constructor);
  t.is(one.error.constructor.name, 'HttpError');
});

test('causes may be more than the stack is deep, and what is thrown may not want to be looked at', async (t) => {
  const pid = await pool.run(undefined, { name: 'pid' });
  let { error } = await caught(pool.run(20_000, { name: 'deep' }));
  let depth = 0;
  for (; error.cause !== undefined; error = error.cause) depth++;
  t.is(depth, 20_000);
  const hostile = await caught(pool.run(undefined, { name: 'hostile' }));
  t.is(hostile.error.message, 'What was thrown can not be looked at');
  t.is(await pool.run(undefined, { name: 'pid' }), pid);
});

test('a circle stays one', async (t) => {
  const { error } = await caught(pool.run('circular'));
  t.is(error.self, error);
  t.is(error.cause, error);
});

for (const place of ['thrown', 'own', 'nested', 'cause', 'module', 'errors']) {
  test(`what no other process knows arrives as a text, and ends no worker: ${place}`, async (t) => {
    const [{ pid }] = pool.workers;
    const beside = pool.run(place, { name: 'later' });
    const { error } = await caught(pool.run(place, { name: 'foreign' }));
    if (place !== 'thrown') t.is(error.message, place);
    const shown = { thrown: error, cause: error?.cause, errors: error?.errors?.[0] }[place] ?? error.foreign;
    // Node 20 clones a Response as `{}`, as its `structuredClone` does.
    const isEmpty = process.versions.node.startsWith('20.') && place !== 'module';
    t.is(typeof shown, isEmpty ? 'object' : 'string');
    t.is(await beside, place);
    t.is(pool.workers[0].pid, pid);
  });
}
