// The declarations, checked by the compiler against uses of them.

import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const usage = path.join(import.meta.dirname, 'fixtures/usage.mts');

test('uses of commands type-check, and each mistake in them is found', (t) => {
  const options = [
    '--noEmit',
    '--strict',
    '--module',
    'NodeNext',
    '--target',
    'ES2023',
    '--lib',
    'ES2023,ESNext.Disposable',
  ];
  const { status, stdout } = spawnSync(process.execPath, [compiler, ...options, '--types', 'node', usage], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    encoding: 'utf8',
  });
  t.deepEqual({ status, stdout }, { status: 0, stdout: '' });
});
