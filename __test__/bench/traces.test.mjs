import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { createMisses, createTraces } from '../../bench/lib/traces.mjs';
import { treeFor } from '../helpers/tree.mjs';

const files = {
  'work/': null,
  'app/package.json': { json: { name: 'app', imports: { '#inner': './inner.js' }, exports: './inner.js' } },
  'app/app.js': `
    const fs = require('node:fs');
    require('fs');
    require('./inner.js');
    require('#inner');
    require('app');
    require('with-main');
    require('@scope/with-exports');
    require.resolve('with-main', { paths: [__dirname] });
    fs.writeFileSync(__dirname + '/passing.js', '');
    require('./passing.js');
    fs.unlinkSync(__dirname + '/passing.js');
    try { require('missing'); } catch {}
  `,
  'app/inner.js': '',
  'app/node_modules/with-main/package.json': { json: { main: 'main.js' } },
  'app/node_modules/with-main/main.js': '',
  'app/node_modules/@scope/with-exports/package.json': { json: { exports: './main.js' } },
  'app/node_modules/@scope/with-exports/main.js': '',
};

const traceFor = (t) => {
  const root = treeFor(t, files);
  const directory = path.join(root, 'work');
  const [trace] = createTraces(process.execPath, [{ name: 'app', entry: path.join(root, 'app/app.js') }], directory);
  return { trace, root, directory };
};

test('a trace has what a fresh Node would answer again, and nothing else', (t) => {
  const { trace } = traceFor(t);
  const requests = trace.calls.map(([request]) => request);
  t.deepEqual(requests, ['fs', './inner.js', '#inner', 'app', 'with-main', '@scope/with-exports']);
  t.deepEqual(JSON.parse(fs.readFileSync(trace.file, 'utf8')), trace.calls);
  t.is(trace.resolves, requests.length);
  // The program itself, the call with options, the file that is gone, and the one that was never there.
  t.is(trace.leftOut, 4);
  t.deepEqual(trace.kinds, { builtin: 1, relative: 1, imports: 1, exports: 2, bare: 1 });
});

test('misses are what the program asked for in vain, and more of that kind', (t) => {
  const { trace, root, directory } = traceFor(t);
  const misses = createMisses(process.execPath, [trace], directory);
  const calls = JSON.parse(fs.readFileSync(misses.file, 'utf8'));
  t.deepEqual(calls[0], ['missing', path.join(root, 'app/app.js'), { code: 'MODULE_NOT_FOUND' }]);
  t.true(calls.length > 1);
  t.is(misses.resolves, calls.length);
  t.true(calls.every(([, , answer]) => answer.code === 'MODULE_NOT_FOUND'));
});
