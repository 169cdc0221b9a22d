// With the preload, a thread looks at what the snapshot rests on while the hook is being loaded.

import fs from 'node:fs';
import test from 'ava';
import { hook, newDirectory, run, settledTrees } from './processes.mjs';

const tree = {
  'package.json': '{}',
  'lib/index.js': '',
  'app.mjs': `
    import fs from 'node:fs';
    import { createRequire } from 'node:module';
    await new Promise((resolve) => setImmediate(resolve));
    if (process.env.TO_WRITE) fs.writeFileSync(process.env.TO_WRITE, '');
    console.log(createRequire(import.meta.url).resolve('./lib'));
  `,
  'app.cjs': `
    console.log(require.resolve('./lib'));
  `,
};
const COUNT = 40;
/** Asks for many modules in a later turn. */
const many = {
  'package.json': '{}',
  ...Object.fromEntries(Array.from({ length: COUNT }, (_, index) => [`lib/${index}/index.js`, ''])),
  'app.cjs': `
    const fs = require('node:fs');
    const askAll = () => Array.from({ length: ${COUNT} }, (_, index) => require.resolve('./lib/' + index));
    const { stats } = require(process.env.LIBRARY);
    setTimeout(() => {
      if (process.env.TO_WRITE) fs.writeFileSync(process.env.TO_WRITE, '');
      const before = stats().hits.snapshot;
      console.log(JSON.stringify(askAll()));
      console.log(stats().hits.snapshot - before);
    }, 1);
  `,
};
const roots = await settledTrees({ between: tree, later: tree, unchanged: tree, many, changed: many });

const start = async (t, app, env) => {
  const { stdout, stderr } = await run(['-r', hook, app], { env });
  t.is(stderr, '');
  return stdout.trim();
};

test('what has changed since the last process is seen', async (t) => {
  const root = roots.between;
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  t.is(await start(t, `${root}/app.cjs`, env), `${root}/lib/index.js`);
  t.is(fs.readdirSync(env.FAST_RESOLVE_CACHE).length, 1);
  fs.writeFileSync(`${root}/lib.js`, '');
  t.is(await start(t, `${root}/app.cjs`, env), `${root}/lib.js`);
});

test('what was looked at counts in the turn of the start alone', async (t) => {
  const root = roots.later;
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  t.is(await start(t, `${root}/app.mjs`, env), `${root}/lib/index.js`);
  t.is(fs.readdirSync(env.FAST_RESOLVE_CACHE).length, 1);
  // The program goes on in a later turn than the preload.
  t.is(await start(t, `${root}/app.mjs`, { ...env, TO_WRITE: `${root}/lib.js` }), `${root}/lib.js`);
});

test('where nothing has changed, the snapshot answers', async (t) => {
  const root = roots.unchanged;
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  const program = `
    require('${root}/app.cjs');
    console.log(JSON.stringify(require(process.env.LIBRARY).stats()));
  `;
  fs.writeFileSync(`${root}/main.cjs`, program);
  await start(t, `${root}/main.cjs`, env);
  const [path, stats] = (await start(t, `${root}/main.cjs`, env)).split('\n');
  t.is(path, `${root}/lib/index.js`);
  t.is(JSON.parse(stats).snapshot.state, 'used');
  t.true(JSON.parse(stats).hits.thread > 0);
});

const answersOf = (root, changed) =>
  Array.from({ length: COUNT }, (_, index) => `${root}/lib/${index}${index === changed ? '.js' : '/index.js'}`);

test('a later turn that asks for many answers has all that they rest on looked at at once', async (t) => {
  const root = roots.many;
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  await start(t, `${root}/app.cjs`, env);
  const [answers, proved] = (await start(t, `${root}/app.cjs`, env)).split('\n');
  t.deepEqual(JSON.parse(answers), answersOf(root));
  // Some one by one, and then all answers of the snapshot.
  t.true(Number(proved) > COUNT, proved);
});

test('one of many answers that has changed in a later turn is seen', async (t) => {
  const root = roots.changed;
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  await start(t, `${root}/app.cjs`, env);
  const changed = COUNT - 5;
  const [answers] = (await start(t, `${root}/app.cjs`, { ...env, TO_WRITE: `${root}/lib/${changed}.js` })).split('\n');
  t.deepEqual(JSON.parse(answers), answersOf(root, changed));
});
