// The type declarations of commands, checked by the compiler against uses of them.

import path from 'node:path';
import test from 'ava';
import { typeCheck } from '../helpers/type_check.mjs';

test('uses of commands type-check, and each mistake in them is found', (t) => {
  t.deepEqual(typeCheck(path.join(import.meta.dirname, 'fixtures/types')), { status: 0, stdout: '' });
});
