// Forgetting, in one thread: invalidate(path) and clearCache().

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const { clearCache, createResolver, invalidate, resolve, stats } = createRequire(import.meta.url)('../../index.js');

const ask = (requests) => requests.map(([request, directory]) => resolve(request, directory));

/** How many answers are found again when they are asked for. */
function missesOf(requests) {
  const before = stats().misses;
  ask(requests);
  return stats().misses - before;
}

/** [what is invalidated, the indexes of the requests whose answers rest on it] */
const ROWS = [
  ['lib/inner.js', [0, 2, 7]],
  ['lib/linked.js', [2]],
  // Asked for ahead of what was found.
  ['lib/data.js', [1]],
  ['lib/data.json', [1]],
  ['lib/nothing.js', []],
  ['lib/inn', []],
  ['lib/dangling.js', [9]],
  ['node_modules/plain', [3, 4]],
  ['node_modules/plain/', [3, 4]],
  ['node_modules/plain/lib/../lib', [3, 4]],
  ['node_modules/mapped/package.json', [5, 6]],
  ['node_modules/mapped/files', [6]],
  ['node_modules', [3, 4, 5, 6]],
  // What lies nearer than the package that was found.
  ['lib/node_modules', [3, 4, 5]],
  ['', [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ['elsewhere', []],
];

for (const [name, indexes] of ROWS) {
  test.serial(`invalidate('${name}')`, (t) => {
    const root = treeFor(t, PROJECT);
    const requests = requestsIn(root);
    t.deepEqual(ask(requests), answersIn(root));
    t.is(missesOf(requests), 0);
    invalidate(`${root}/${name}`);
    const forgotten = requests.flatMap((request, index) => (missesOf([request]) === 1 ? [index] : []));
    t.deepEqual(forgotten, indexes);
    t.deepEqual(ask(requests), answersIn(root));
  });
}

test.serial('what was read of a package.json is forgotten with it', (t) => {
  const root = treeFor(t, { ...PROJECT, 'node_modules/plain/other.js': '' });
  const resolver = createResolver({ mainFields: ['main', 'other'] });
  const both = () => [resolve('plain', root), resolver.resolve('plain', root)];
  t.deepEqual(new Set(both()), new Set([`${root}/node_modules/plain/lib/entry.js`]));
  fs.writeFileSync(`${root}/node_modules/plain/package.json`, '{"main":"other"}');
  invalidate(`${root}/node_modules/plain/package.json`);
  t.deepEqual(new Set(both()), new Set([`${root}/node_modules/plain/other.js`]));
});

for (const name of ['seen', 'unseen']) {
  test.serial(`what lies behind a link may be named by it (${name})`, (t) => {
    const root = treeFor(t, PROJECT);
    fs.symlinkSync(root, `${root}/seen`);
    fs.symlinkSync(root, `${root}/unseen`);
    const { resolve: resolveUntil } = createResolver({ believe: 'until-invalidated' });
    resolveUntil('plain', `${root}/seen`);
    t.is(resolveUntil('plain', root), `${root}/node_modules/plain/lib/entry.js`);
    fs.writeFileSync(`${root}/node_modules/plain/other.js`, '');
    fs.writeFileSync(`${root}/node_modules/plain/package.json`, '{"main":"other"}');
    invalidate(`${root}/${name}/node_modules/plain/package.json`);
    t.is(resolveUntil('plain', root), `${root}/node_modules/plain/other.js`);
  });
}

test.serial('clearCache() forgets everything', (t) => {
  const root = treeFor(t, PROJECT);
  ask(requestsIn(root));
  t.true(stats().entries >= requestsIn(root).length);
  const { bytes } = stats();
  clearCache();
  t.is(stats().entries, 0);
  t.true(stats().bytes < bytes);
  t.is(missesOf(requestsIn(root)), requestsIn(root).length);
});

for (const path of ['lib', '', '.', undefined, null, 1, {}, Buffer.from('/a'), new URL('file:///a')]) {
  test(`invalidate(${String(path)}) is refused`, (t) => {
    const error = t.throws(() => invalidate(path), { instanceOf: TypeError });
    t.regex(error.code, /^ERR_INVALID_ARG_(?:TYPE|VALUE)$/);
  });
}

test.serial('a path of any characters is taken', (t) => {
  for (const path of ['/', '//', '/a\0b', '/\ud800', '/%61', '/é', `/${'x'.repeat(100_000)}`]) {
    t.notThrows(() => invalidate(path));
  }
});

test('under the hook, what was entered in Module._pathCache is taken back, and what others planted there stays', (t) => {
  const root = treeFor(t, { 'a.json': '', 'b.json': '', 'planted.js': '' });
  const program = `
    const fs = require('node:fs');
    const Module = require('node:module');
    const { clearCache, install, invalidate } = require(${JSON.stringify(path.resolve(import.meta.dirname, '../../index.js'))});
    install();
    const find = () => ['./a', './b', './c'].map((request) => require.resolve(request).slice(__dirname.length)).join();
    Module._pathCache['./c\\0' + __dirname] = __dirname + '/planted.js';
    const found = [find()];
    for (const name of ['a.js', 'b.js', 'c.js']) fs.writeFileSync(name, '');
    found.push(find());
    invalidate(__dirname + '/a.js');
    found.push(find());
    clearCache();
    found.push(find());
    console.log(found.join(' '));
  `;
  fs.writeFileSync(`${root}/app.js`, program);
  const stdout = execFileSync(process.execPath, ['app.js'], { cwd: root, encoding: 'utf8' });
  t.deepEqual(stdout.trim().split(' '), [
    '/a.json,/b.json,/planted.js',
    '/a.json,/b.json,/planted.js',
    '/a.js,/b.json,/planted.js',
    '/a.js,/b.js,/planted.js',
  ]);
});
