// Odd programs that start again: until the core is loaded, they are given a snapshot's answers by the early hook, and go on as without one.

import fs from 'node:fs';
import path from 'node:path';

import test from 'ava';

import { hook, newDirectory, run, settledTrees } from '../cache/processes.mjs';
import { copyPackage } from '../helpers/package-copy.mjs';
import { removeTree, treeFor } from '../helpers/tree.mjs';

const modules = { 'package.json': '{}', 'a.js': '', 'b.js': '', 'c.js': '' };

const PROGRAMS = {
  'a file that was loaded and is gone, in a later turn': `
    const fs = require('fs');
    const path = require('path');
    const { tmpdir } = require('os');
    require('./a');
    const directory = fs.realpathSync(fs.mkdtempSync(path.join(tmpdir(), 'gone-')));
    const file = path.join(directory, 'm.js');
    fs.writeFileSync(file, '');
    require(file);
    fs.rmSync(directory, { recursive: true });
    setTimeout(() => {
      try { console.log(require.resolve(file) === file); } catch (error) { console.log(error.code); }
    }, 1);
  `,
  'a cache of paths that throws for some keys': `
    const Module = require('module');
    require('./a');
    const real = Module._pathCache;
    real['./c\\0' + __dirname] = __dirname + '/b.js';
    Module._pathCache = new Proxy(real, {
      get(target, key) {
        if (key === '.js') throw new Error('unexpected key');
        return target[key];
      },
    });
    console.log(require.resolve('./c') === __dirname + '/b.js');
  `,
};

/** What `stats().hook` says at the end of programs under the hook. */
const STATES = {
  'a program that recurses too deep where the core is loaded': `
    require('./a');
    function dive() {
      try { dive(); } catch {}
      try { require.resolve('./b', { paths: [__dirname] }); } catch {}
    }
    dive();
    require.resolve('./c');
  `,
};

/** What an earlier preload does. */
const PRELOADS = {
  'process.argv is gone': 'process.argv = undefined;',
  'Buffer is gone': 'globalThis.Buffer = undefined;',
  'process.hrtime.bigint throws': "process.hrtime.bigint = () => { throw new Error('no time'); };",
  'process.execArgv is gone': 'process.execArgv = undefined;',
  'process.execArgv has a NUL in it': "process.execArgv.push('x\\0y');",
  'nothing can be compiled, and warnings throw': `
    globalThis.eval = () => {};
    require('vm').Script = class {};
    process.emitWarning = () => { throw new Error('no warnings'); };
  `,
};

/** Tells at the end whether an addon was loaded. */
const LOADED = `
  const isAddon = (file) => file.endsWith('.node');
  process.on('exit', () => console.log(process.report.getReport().sharedObjects.some(isAddon)));
`;

let trees;

test.before(async () => {
  const tree = (source) => ({ ...modules, 'app.js': source });
  const all = { ...PROGRAMS, ...STATES, plain: "require('./a'); console.log('app');" };
  trees = await settledTrees(Object.fromEntries(Object.entries(all).map(([name, source]) => [name, tree(source)])));
});

test.after.always(() => {
  for (const tree of Object.values(trees)) removeTree(tree);
});

/** The first leaves a snapshot, the second keeps V8's code in it, and the third begins with both. */
const ROUNDS = 3;

async function sameAsStock(t, options, file) {
  const stock = await run([...options, file]);
  const directory = newDirectory(t);
  for (let round = 0; round < ROUNDS; round++) {
    const ran = await run([...options, '-r', hook, file], { env: { FAST_RESOLVE_CACHE: directory } });
    t.deepEqual(ran, stock, `round ${round}`);
  }
  return stock;
}

for (const name of Object.keys(PROGRAMS)) {
  test(name, async (t) => {
    // That something went wrong, the core says.
    const { stdout } = await sameAsStock(t, ['--no-warnings'], path.join(trees[name], 'app.js'));
    t.is(stdout, 'true\n');
  });
}

for (const name of Object.keys(STATES)) {
  test(`after ${name} the hook answers`, async (t) => {
    const file = path.join(
      treeFor(t, {
        'end.cjs': "process.on('exit', () => console.log(require(process.env.LIBRARY).stats().hook.state));",
      }),
      'end.cjs',
    );
    const directory = newDirectory(t);
    for (let round = 0; round < ROUNDS; round++) {
      const env = { FAST_RESOLVE_CACHE: directory };
      const { stdout, stderr } = await run(['-r', hook, '-r', file, path.join(trees[name], 'app.js')], { env });
      t.deepEqual({ stdout, stderr }, { stdout: 'answering\n', stderr: '' }, `round ${round}`);
    }
  });
}

for (const [name, source] of Object.entries(PRELOADS)) {
  test(`an earlier preload: ${name}`, async (t) => {
    const earlier = path.join(treeFor(t, { 'earlier.cjs': source }), 'earlier.cjs');
    await sameAsStock(t, ['-r', earlier], path.join(trees.plain, 'app.js'));
  });
}

const names = Array.from({ length: 30 }, (_, index) => (index < 15 ? `m${index}` : `sub/m${index}`));
const found = (count, changed) => names.slice(0, count).map((name) => (name === changed ? `/${name}` : `/${name}.js`));

/** In later turns, a few answers are proved one by one, and more at once; then a file comes that takes precedence. */
const laterTurns = (count, changed) => `
  const fs = require('node:fs');
  const names = ${JSON.stringify(names)};
  const ask = (count) => names.slice(0, count).map((name) => require.resolve('./' + name).slice(__dirname.length));
  const told = [ask(30)];
  const turns = process.env.CALM ? [] : [
    () => ask(3),
    () => ask(30),
    () => (fs.writeFileSync(__dirname + '/${changed}', ''), ask(${count})),
    () => (fs.rmSync(__dirname + '/${changed}'), ask(30)),
  ];
  const next = () => setTimeout(() => {
    const turn = turns.shift();
    if (turn === undefined) return console.log(JSON.stringify(told));
    told.push(turn());
    next();
  }, 1);
  next();
`;

test('in later turns, each answer is what a Node would find then', async (t) => {
  const files = { 'package.json': '{}', ...Object.fromEntries(names.map((name) => [`${name}.js`, ''])) };
  const later = await settledTrees({
    few: { ...files, 'app.js': laterTurns(5, 'm4') },
    many: { ...files, 'app.js': laterTurns(30, 'sub/m20') },
  });
  t.teardown(() => Object.values(later).forEach(removeTree));
  for (const [name, count, changed] of [
    ['few', 5, 'm4'],
    ['many', 30, 'sub/m20'],
  ]) {
    const expected = [found(30), found(3), found(30), found(count, changed), found(30)];
    const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
    const start = async (others) =>
      JSON.parse((await run(['-r', hook, path.join(later[name], 'app.js')], { env: { ...env, ...others } })).stdout);
    for (let round = 1; round < ROUNDS; round++) t.deepEqual(await start({ CALM: '1' }), expected.slice(0, 1));
    t.deepEqual(await start(), expected, name);
  }
});

test('where what an addon gives is frozen, the hook answers', async (t) => {
  const source = `
    const { dlopen } = process;
    process.dlopen = (module, ...rest) => {
      dlopen.call(process, module, ...rest);
      Object.freeze(module.exports);
    };
    process.on('exit', () => console.log(require(process.env.LIBRARY).stats().hook.state));
  `;
  const earlier = path.join(treeFor(t, { 'earlier.cjs': source }), 'earlier.cjs');
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  for (let round = 0; round < ROUNDS; round++) {
    const { stdout, stderr } = await run(['-r', earlier, '-r', hook, path.join(trees.plain, 'app.js')], { env });
    t.deepEqual({ stdout, stderr }, { stdout: 'app\nanswering\n', stderr: '' }, `round ${round}`);
  }
});

test('no addon is taken from beside a package that is not installed', async (t) => {
  const directory = treeFor(t, {});
  const copy = path.join(directory, 'fast-resolve');
  await copyPackage(copy);
  const preload = path.join(copy, 'dist/register.js');
  const end = path.join(treeFor(t, { 'end.cjs': LOADED }), 'end.cjs');
  const env = { FAST_RESOLVE_CACHE: newDirectory(t), NODE_NO_WARNINGS: '1' };
  const start = async () => (await run(['-r', preload, '-r', end, path.join(trees.plain, 'app.js')], { env })).stdout;
  for (let round = 0; round < ROUNDS; round++) t.is(await start(), 'app\ntrue\n');
  const [addon] = fs.readdirSync(copy).filter((name) => name.endsWith('.node'));
  const beside = path.join(directory, addon.replace(/^fast-resolve\.(.*)\.node$/, 'fast-resolve-$1'));
  fs.mkdirSync(beside);
  fs.renameSync(path.join(copy, addon), path.join(beside, addon));
  t.is(await start(), 'app\nfalse\n');
});
