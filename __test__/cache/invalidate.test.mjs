// Forgetting, in one thread: invalidate(path) and clearCache().

import fs from 'node:fs';
import test from 'ava';
import { laterTurn, library } from '../helpers/clock.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { hook, newDirectory, run } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const { clearCache, createResolver, invalidate, resolve, stats } = library;

const TREE = {
  ...PROJECT,
  'node_modules/plain/lib/other.js': '',
  'lib/other.js': '',
  'node_modules/mapped/other.js': '',
};

function edit(file, from, to) {
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to));
}

function retarget(root) {
  fs.unlinkSync(`${root}/lib/linked.js`);
  fs.symlinkSync('other.js', `${root}/lib/linked.js`);
}

function installNearer(root) {
  fs.mkdirSync(`${root}/lib/node_modules`);
  fs.writeFileSync(`${root}/lib/node_modules/plain.js`, '');
}

/** [what is invalidated, what has changed there, which answer is another one then, and which] */
const ROWS = [
  // Asked for ahead of what was found.
  ['lib/data.js', (root) => fs.writeFileSync(`${root}/lib/data.js`, ''), 1, 'lib/data.js'],
  ['lib', (root) => fs.writeFileSync(`${root}/lib/data.js`, ''), 1, 'lib/data.js'],
  ['lib/', (root) => fs.writeFileSync(`${root}/lib/data.js`, ''), 1, 'lib/data.js'],
  ['lib/../lib/./data.js', (root) => fs.writeFileSync(`${root}/lib/data.js`, ''), 1, 'lib/data.js'],
  ['', (root) => fs.writeFileSync(`${root}/lib/data.js`, ''), 1, 'lib/data.js'],
  ['lib/linked.js', retarget, 2, 'lib/other.js'],
  ['target.js', (root) => fs.writeFileSync(`${root}/target.js`, ''), 9, 'target.js'],
  ['lib/dangling.js', (root) => fs.writeFileSync(`${root}/target.js`, ''), 9, 'target.js'],
  [
    'node_modules/plain/package.json',
    (root) => edit(`${root}/node_modules/plain/package.json`, 'entry', 'other'),
    3,
    'node_modules/plain/lib/other.js',
  ],
  [
    'node_modules',
    (root) => edit(`${root}/node_modules/mapped/package.json`, './entry.js', './other.js'),
    5,
    'node_modules/mapped/other.js',
  ],
  // What lies nearer than the package that was found.
  ['lib/node_modules', installNearer, 3, 'lib/node_modules/plain.js'],
  ['lib/node_modules/plain.js', installNearer, 3, 'lib/node_modules/plain.js'],
  ['package.json', (root) => edit(`${root}/package.json`, './lib/inner.js', './lib/other.js'), 7, 'lib/other.js'],
];

for (const [name, change, index, answer] of ROWS) {
  test.serial(`invalidate('${name}')`, async (t) => {
    const root = treeFor(t, TREE);
    const requests = requestsIn(root);
    const expected = answersIn(root).with(index, `${root}/${answer}`);
    const resolvers = [
      resolve,
      createResolver({ mainFields: ['main', 'other'] }).resolve,
      createResolver({ believe: 'until-invalidated' }).resolve,
    ];
    const ask = () => resolvers.map((each) => requests.map(([request, directory]) => each(request, directory)));
    const inAll = (answers) => resolvers.map(() => answers);
    await laterTurn();
    t.deepEqual(ask(), inAll(answersIn(root)));
    change(root);
    t.deepEqual(ask(), inAll(answersIn(root)), 'nobody has said anything, and it is the same turn');
    invalidate(`${root}/${name}`);
    t.deepEqual(ask(), inAll(expected));
  });
}

/** [what is a link, where it leads first and later, who asks for what, and which answer it is then] */
const LINKS = [
  ['lib/linked.js', 'inner.js', 'other.js', ['./linked', 'lib'], 'lib/other.js'],
  ['node_modules/package', 'plain', 'mapped', ['package', 'lib'], 'node_modules/mapped/entry.js'],
];

for (const [name, first, later, [request, from], answer] of LINKS) {
  test.serial(`invalidate() of a link, by a path that leads there through another: ${name}`, async (t) => {
    const root = treeFor(t, TREE);
    fs.symlinkSync(root, `${root}/alias`);
    const retargetTo = (target) => {
      fs.rmSync(`${root}/${name}`, { force: true });
      fs.symlinkSync(target, `${root}/${name}`);
    };
    const resolvers = [resolve, createResolver({ believe: 'until-invalidated' }).resolve];
    const ask = () => resolvers.map((each) => each(request, `${root}/${from}`));
    retargetTo(first);
    await laterTurn();
    ask();
    retargetTo(later);
    invalidate(`${root}/alias/${name}`);
    t.deepEqual(ask(), [`${root}/${answer}`, `${root}/${answer}`]);
  });
}

test.serial('invalidate() of what nothing rests on costs those little that believe until then', async (t) => {
  const root = treeFor(t, TREE);
  const { resolve: believing } = createResolver({ believe: 'until-invalidated' });
  const ask = () => requestsIn(root).map(([request, directory]) => believing(request, directory));
  ask();
  for (const name of ['elsewhere', 'elsewhere/deep.js', 'lib/inner.js/below', 'library']) {
    const before = stats();
    invalidate(`${root}/${name}`);
    t.deepEqual(ask(), answersIn(root));
    // A look at where the path leads, and one at each directory that it was in.
    t.true(stats().systemCalls - before.systemCalls <= 3, `${name}: ${stats().systemCalls - before.systemCalls}`);
  }
});

test.serial('clearCache() forgets everything', async (t) => {
  const root = treeFor(t, TREE);
  const ask = () => requestsIn(root).map(([request, directory]) => resolve(request, directory));
  await laterTurn();
  ask();
  t.true(stats().entries >= requestsIn(root).length);
  const { misses } = stats();
  clearCache();
  t.deepEqual(ask(), answersIn(root));
  t.is(stats().misses - misses, requestsIn(root).length);
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

test('under the hook, both end the turn, and what others planted in Module._pathCache stays', async (t) => {
  const program = `
    const fs = require('node:fs');
    const Module = require('node:module');
    const { clearCache, install, invalidate } = require(process.env.LIBRARY);
    install();
    const find = () => ['./a', './b', './c'].map((request) => require.resolve(request).slice(__dirname.length)).join();
    Module._pathCache['./c\\0' + __dirname] = __dirname + '/planted.js';
    const found = [find()];
    fs.writeFileSync(__dirname + '/a.js', '');
    found.push(find());
    invalidate(__dirname + '/a.js');
    found.push(find());
    fs.writeFileSync(__dirname + '/b.js', '');
    found.push(find());
    clearCache();
    found.push(find());
    console.log(found.join(' '));
  `;
  const root = treeFor(t, {
    'a.json': '',
    'b.json': '',
    'planted.js': '',
    'clock.js': 'const { now } = Date; const start = now(); Date.now = () => start;',
    'app.js': program,
  });
  for (const preloads of [[], ['-r', hook]]) {
    const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
    for (const name of ['a.js', 'b.js']) fs.rmSync(`${root}/${name}`, { force: true });
    const ran = await run(['-r', `${root}/clock.js`, ...preloads, `${root}/app.js`], { env });
    t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
    t.deepEqual(ran.stdout.trim().split(' '), [
      '/a.json,/b.json,/planted.js',
      '/a.json,/b.json,/planted.js',
      '/a.js,/b.json,/planted.js',
      '/a.js,/b.json,/planted.js',
      '/a.js,/b.js,/planted.js',
    ]);
  }
});
