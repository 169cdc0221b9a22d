import path from 'node:path';
import test from 'ava';
import { hook, recordProgram } from '../../bench/lib/run-program.mjs';
import { treeFor } from '../helpers/tree.mjs';

const files = {
  'app.js': `
    const { fork } = require('node:child_process');
    const { Worker } = require('node:worker_threads');
    require('./lib.js');
    try { require('missing'); } catch {}
    require.resolve('./lib.js', { paths: [__dirname] });
    new Worker(require.resolve('./other.js'));
    fork(require.resolve('./other.js'));
  `,
  'lib.js': '',
  'other.js': "require('./only-elsewhere.js');",
  'only-elsewhere.js': '',
};

for (const preloads of [[], [hook]]) {
  const name = preloads.length === 0 ? 'stock Node' : 'the hook';
  test.serial(`the recorder sees the main thread of the main process, with ${name}`, (t) => {
    const root = treeFor(t, files);
    const file = (filename) => path.join(root, filename);
    const { recording } = recordProgram({ name: 'app', entry: file('app.js') }, { preloads });
    const missing = { name: 'Error', code: 'MODULE_NOT_FOUND', message: "Cannot find module 'missing'" };
    t.deepEqual(recording.modules, [file('app.js'), file('lib.js')]);
    t.deepEqual(
      recording.calls.filter(([request]) => !request.startsWith('node:')),
      [
        [file('app.js'), null, file('app.js')],
        ['./lib.js', file('app.js'), file('lib.js')],
        ['missing', file('app.js'), missing],
        ['./lib.js', file('app.js'), file('lib.js'), { paths: [root] }],
        ['./other.js', file('app.js'), file('other.js')],
        ['./other.js', file('app.js'), file('other.js')],
      ],
    );
    t.is(recording.count, recording.calls.length);
    t.true(recording.resolveMilliseconds > 0 && recording.resolveMilliseconds < recording.processMilliseconds);
  });
}

test('a program that fails is told with its standard error', (t) => {
  const root = treeFor(t, { 'app.js': "throw new Error('as intended');" });
  const error = t.throws(() => recordProgram({ name: 'app', entry: path.join(root, 'app.js') }));
  t.regex(error.message, /^app failed \(exit code 1\):.*as intended/s);
});
