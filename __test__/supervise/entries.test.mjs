// supervise() as the package gives it.

import { createRequire } from 'node:module';
import test from 'ava';
import pool, { SuperviseError, supervise } from 'fast-resolve/pool';

test('what is required and what is imported is the same', (t) => {
  const required = createRequire(import.meta.url)('fast-resolve/pool');
  t.is(required.supervise, supervise);
  t.is(required.SuperviseError, SuperviseError);
  t.is(pool, required);
});

test('names are those that are documented', (t) => {
  t.is(supervise.name, 'supervise');
  t.is(SuperviseError.name, 'SuperviseError');
  t.true(SuperviseError.prototype instanceof Error);
});
