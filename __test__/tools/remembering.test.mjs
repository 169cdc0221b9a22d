// What is remembered of resolution for tools: never longer than a turn, or until it is said that something has changed.

import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { clearCache, createResolver, invalidate, stats } from '../../index.js';
import { treeFor } from '../helpers/tree.mjs';

/** Until the stamps of what was written prove it: file systems keep time in ticks of up to two seconds. */
const settle = () => wait(2100);

const BELIEVE = ['turn', 'until-invalidated', 'nothing'];
const TREE = {
  'package.json': '{}',
  'src/a.ts': '',
  'src/b/index.js': '',
  'node_modules/p/package.json': '{"main":"./a"}',
  'node_modules/p/a.js': '',
  'node_modules/p/b.js': '',
};
const options = { extensions: ['.js', '.ts'] };

test('in a later turn, a file that takes precedence is found', async (t) => {
  const root = treeFor(t, TREE);
  const { sync, async, resolveMany } = createResolver(options);
  const asks = [
    () => sync(`${root}/src`, './a'),
    () => async(`${root}/src`, './a'),
    () => resolveMany([['./a', `${root}/src`]])[0],
  ];
  for (const ask of asks) t.is((await ask()).path, `${root}/src/a.ts`);
  fs.writeFileSync(`${root}/src/a.js`, '');
  await nextTurn();
  for (const ask of asks) t.is((await ask()).path, `${root}/src/a.js`);
  fs.rmSync(`${root}/src/a.js`);
  await nextTurn();
  for (const ask of asks) t.is((await ask()).path, `${root}/src/a.ts`);
});

test('in a later turn, a package.json that says something else is read', async (t) => {
  const root = treeFor(t, TREE);
  const { sync } = createResolver(options);
  t.is(sync(root, 'p').path, `${root}/node_modules/p/a.js`);
  fs.writeFileSync(`${root}/node_modules/p/package.json`, '{"main":"./b.js"}');
  await nextTurn();
  t.is(sync(root, 'p').path, `${root}/node_modules/p/b.js`);
});

test('what was not found is looked for again in the same turn, unless it is believed until invalidated', (t) => {
  const root = treeFor(t, TREE);
  for (const believe of BELIEVE) {
    const { sync } = createResolver({ ...options, believe });
    t.is(sync(root, './late').path, undefined);
    fs.writeFileSync(`${root}/late.js`, '');
    t.is(sync(root, './late').path, believe === 'until-invalidated' ? undefined : `${root}/late.js`, believe);
    invalidate(`${root}/late.js`);
    t.is(sync(root, './late').path, `${root}/late.js`, believe);
    fs.rmSync(`${root}/late.js`);
    clearCache();
  }
});

test('until-invalidated looks at nothing twice', async (t) => {
  const root = treeFor(t, TREE);
  const resolver = createResolver({ ...options, believe: 'until-invalidated' });
  const ask = () => resolver.sync(`${root}/src`, './a').path;
  t.is(ask(), `${root}/src/a.ts`);
  fs.writeFileSync(`${root}/src/a.js`, '');
  await nextTurn();
  t.is(ask(), `${root}/src/a.ts`);
  resolver.invalidate(`${root}/node_modules`);
  t.is(ask(), `${root}/src/a.ts`);
  resolver.invalidate(`${root}/src/a.js`);
  t.is(ask(), `${root}/src/a.js`);
  fs.rmSync(`${root}/src/a.js`);
  await nextTurn();
  resolver.clearCache();
  t.is(ask(), `${root}/src/a.ts`);
});

test('nothing is believed with believe: nothing', (t) => {
  const root = treeFor(t, TREE);
  const { sync } = createResolver({ ...options, believe: 'nothing' });
  t.is(sync(`${root}/src`, './a').path, `${root}/src/a.ts`);
  fs.writeFileSync(`${root}/src/a.js`, '');
  t.is(sync(`${root}/src`, './a').path, `${root}/src/a.js`);
});

test('nobody can change what others get', (t) => {
  const root = treeFor(t, TREE);
  const { sync } = createResolver(options);
  sync(`${root}/src`, './a').path = 'changed';
  t.is(sync(`${root}/src`, './a').path, `${root}/src/a.ts`);
  const failing = createResolver({ ...options, believe: 'until-invalidated' }).sync;
  failing(root, './missing').code = 'changed';
  t.is(failing(root, './missing').code, 'MODULE_NOT_FOUND');
});

test('many calls of async in one go are answered, each with its own', async (t) => {
  const root = treeFor(t, TREE);
  const { async } = createResolver(options);
  const requests = Array.from(
    { length: 300 },
    (_, index) => ['./a', './b', 'p', './missing', `./a?${index}`][index % 5],
  );
  const results = await Promise.all(requests.map((request) => async(`${root}/src`, request)));
  for (const [index, { path: file, query }] of results.entries()) {
    const request = requests[index];
    const expected = { './a': 'src/a.ts', './b': 'src/b/index.js', p: 'node_modules/p/a.js' }[
      request.replace(/\?.*/, '')
    ];
    t.is(file, expected && path.join(root, expected), request);
    if (request.startsWith('./a?')) t.is(query, request.slice(3));
  }
});

test('what was looked at is told', (t) => {
  const root = treeFor(t, TREE);
  const { sync } = createResolver(options);
  sync(`${root}/src`, './a');
  const context = { fileDependencies: new Set(), missingDependencies: new Set() };
  t.is(sync(`${root}/src`, './a', context).path, `${root}/src/a.ts`);
  t.true(context.fileDependencies.has(`${root}/src/a.ts`));
  t.true(context.missingDependencies.has(`${root}/src/a.js`));
  t.true(context.missingDependencies.has(`${root}/src/a`));
  t.true(context.fileDependencies.has(`${root}/package.json`));
  const packages = { fileDependencies: new Set() };
  sync(`${root}/src`, 'p', packages);
  t.true(packages.fileDependencies.has(`${root}/node_modules/p/package.json`));
});

test('cloneWithOptions has the new options alone', (t) => {
  const root = treeFor(t, TREE);
  const resolver = createResolver({ extensions: ['.ts'], alias: { x: './a' } });
  t.is(resolver.sync(`${root}/src`, 'x').path, `${root}/src/a.ts`);
  const clone = resolver.cloneWithOptions({ extensions: ['.ts'] });
  t.is(clone.sync(`${root}/src`, './a').path, `${root}/src/a.ts`);
  t.is(clone.sync(`${root}/src`, 'x').path, undefined);
});

test('resolve() and resolveImport() refuse what Node has no option for', (t) => {
  const resolver = createResolver({ alias: {} });
  for (const name of ['resolve', 'resolveImport']) {
    t.throws(() => resolver[name]('x', '/'), { code: 'FAST_RESOLVE_OPTION_NOT_OF_NODE', message: /'alias'/ });
  }
  const nodes = createResolver({ conditionNames: ['require'], symlinks: false });
  t.is(nodes.resolve('fs', '/'), 'fs');
});

test('a directory with a NUL fails alone, and those that wait with it are answered', async (t) => {
  const root = treeFor(t, TREE);
  const { async, sync } = createResolver(options);
  const good = async(`${root}/src`, './a');
  await t.throwsAsync(async(`${root}/a\0b`, './a'), { code: 'ERR_INVALID_ARG_VALUE' });
  t.is((await good).path, `${root}/src/a.ts`);
  t.throws(() => sync(`${root}/a\0b`, './a'), { code: 'ERR_INVALID_ARG_VALUE' });
});

test('resolveMany answers as at one moment, where something has changed in the turn', async (t) => {
  const root = treeFor(t, { 'one/k': '', 'two/x.js': '', 'three/x.js': '', 'src/a.js': '' });
  await settle();
  const { sync, resolveMany } = createResolver({
    alias: { x: ['one', 'two', 'three'].map((name) => `${root}/${name}/x.js`) },
  });
  const ask = () => resolveMany([['x', `${root}/src`]])[0].path;
  t.is(ask(), `${root}/two/x.js`);
  await nextTurn();
  sync(`${root}/src`, `${root}/one/k`);
  fs.renameSync(`${root}/two/x.js`, `${root}/one/x.js`);
  t.is(ask(), `${root}/one/x.js`);
});

test('links on the way are told to a watcher', (t) => {
  const root = treeFor(t, { 'real/x.js': '', link: { link: 'real' }, 'f.js': { link: 'real/x.js' } });
  const context = { fileDependencies: new Set() };
  const { sync } = createResolver();
  sync(root, './link/x', context);
  sync(root, './f', context);
  for (const name of ['link', 'real/x.js', 'f.js']) t.true(context.fileDependencies.has(`${root}/${name}`), name);
});

test.serial('a request that is not found is looked for twice at most, however many are asked', async (t) => {
  const root = treeFor(t, TREE);
  const { async, resolveMany } = createResolver(options);
  const missesOf = async (ask) => {
    const before = stats().misses;
    await ask();
    return stats().misses - before;
  };
  const requests = Array.from({ length: 50 }, (_, index) => `./missing${index}`);
  t.true((await missesOf(() => resolveMany(requests.map((request) => [request, root])))) <= 100);
  t.true((await missesOf(() => Promise.all(requests.map((request) => async(root, request))))) <= 50);
});

test('sync answers as at one moment, where something has changed in the turn', async (t) => {
  const root = treeFor(t, { ...TREE, 'app/b.js': '' });
  await settle();
  const { sync } = createResolver();
  t.is(sync(`${root}/app`, 'p').path, `${root}/node_modules/p/a.js`);
  await nextTurn();
  t.is(sync(`${root}/app`, './b').path, `${root}/app/b.js`, 'from here on, what app has is believed in this turn');
  fs.mkdirSync(`${root}/app/node_modules/p`, { recursive: true });
  fs.writeFileSync(`${root}/app/node_modules/p/index.js`, '');
  fs.writeFileSync(`${root}/node_modules/p/package.json`, '{"main":"./b.js"}');
  t.is(sync(`${root}/app`, 'p').path, `${root}/app/node_modules/p/index.js`);
});

test.serial('what was forgotten and is still so is looked at once, however many answers rest on it', async (t) => {
  const names = Array.from({ length: 30 }, (_value, index) => `file${index}`);
  const root = treeFor(t, Object.fromEntries(names.map((name) => [`src/${name}.js`, ''])));
  const { sync } = createResolver();
  const resolveAll = () => {
    const before = stats().systemCalls;
    for (const name of names) t.is(sync(`${root}/src`, `./${name}.js`).path, `${root}/src/${name}.js`);
    return stats().systemCalls - before;
  };
  const first = resolveAll();
  await nextTurn();
  invalidate(`${root}/src/file0.js`);
  t.true(resolveAll() <= first);
});
