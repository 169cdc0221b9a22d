// The type declarations of the published package, checked by the compiler against uses of them.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { installPacked, manifest } from '../helpers/packed-package.mjs';
import { typeCheck } from '../helpers/type_check.mjs';

const usage = path.join(import.meta.dirname, 'fixtures/types');

test('uses of the package type-check, and each mistake in them is found', (t) => {
  const project = installPacked();
  t.teardown(() => fs.rmSync(project, { recursive: true }));
  fs.cpSync(usage, project, { recursive: true });
  t.deepEqual(typeCheck(project), { status: 0, stdout: '' });
});

test('without a declaration they do not', (t) => {
  const project = installPacked();
  t.teardown(() => fs.rmSync(project, { recursive: true }));
  fs.cpSync(usage, project, { recursive: true });
  fs.rmSync(path.join(project, 'node_modules', manifest.name, 'index.d.ts'));
  const { status, stdout } = typeCheck(project);
  t.not(status, 0);
  t.regex(stdout, /usage\.cts.*fast-resolve/);
});
