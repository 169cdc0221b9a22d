// The type declarations of a pool, checked by the compiler against uses of them.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const project = path.join(import.meta.dirname, 'fixtures/types');

test('uses of a pool type-check, and each mistake in them is found', (t) => {
  const { status, stdout, error } = spawnSync(process.execPath, [compiler, '--project', project], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  t.is(stdout, '');
  t.is(status, 0);
});
