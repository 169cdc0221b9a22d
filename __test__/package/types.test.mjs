// The type declarations of the published package, checked by the compiler against uses of them.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { installPacked, manifest } from '../helpers/packed-package.mjs';

const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const usage = path.join(import.meta.dirname, 'fixtures/types');

const compile = (project) => {
  const { status, stdout, error } = spawnSync(process.execPath, [compiler, '--project', project], { encoding: 'utf8' });
  if (error !== undefined) throw error;
  return { status, stdout };
};

test('uses of the package type-check, and each mistake in them is found', (t) => {
  const project = installPacked();
  t.teardown(() => fs.rmSync(project, { recursive: true }));
  fs.cpSync(usage, project, { recursive: true });
  t.deepEqual(compile(project), { status: 0, stdout: '' });
});

test('without a declaration they do not', (t) => {
  const project = installPacked();
  t.teardown(() => fs.rmSync(project, { recursive: true }));
  fs.cpSync(usage, project, { recursive: true });
  fs.rmSync(path.join(project, 'node_modules', manifest.name, 'jest-resolver.d.ts'));
  const { status, stdout } = compile(project);
  t.not(status, 0);
  t.regex(stdout, /usage\.cts.*fast-resolve\/jest-resolver/);
});
