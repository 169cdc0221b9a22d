// `import` under the hook: what the core answers is what Node answers.

import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import test from 'ava';

import { run } from '../cache/processes.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { FILES, FOUND, FOUND_BY_NODE, NOT_FOUND } from './tree.mjs';

const LEFT = [...FOUND_BY_NODE, ...NOT_FOUND];

const repository = path.resolve(import.meta.dirname, '../..');
const REGISTER = path.join(repository, 'dist/register.js');
const comparing = fileURLToPath(new URL('./comparing.cjs', import.meta.url));

/** Node 20 has no hooks that are called in the thread itself. */
const testHere = Module.registerHooks === undefined ? test.skip : test;

testHere('what the core answers is what Node answers, and what it leaves is left', async (t) => {
  const root = treeFor(t, {
    ...FILES,
    'app.mjs': `
      for (const specifier of ${JSON.stringify([...FOUND, ...LEFT])}) {
        try { await import(specifier); } catch {}
      }
    `,
  });
  const { stdout, stderr, exitCode } = await run(['-r', comparing, 'app.mjs'], { cwd: root, env: { REGISTER } });
  t.is(exitCode, 0, stderr);
  const { same, differences, left } = JSON.parse(stdout);
  t.deepEqual(differences, []);
  t.is(same, FOUND.length);
  t.deepEqual(left, LEFT);
});

testHere('where an option decides on the format of a file, Node is asked', async (t) => {
  const root = treeFor(t, { ...FILES, 'app.mjs': `import './sub/common.js'; import './a.js';` });
  const args = ['--no-experimental-detect-module', '-r', comparing, 'app.mjs'];
  const { stdout, stderr, exitCode } = await run(args, { cwd: root, env: { REGISTER } });
  t.is(exitCode, 0, stderr);
  t.deepEqual(JSON.parse(stdout), { same: 0, differences: [], left: ['./sub/common.js', './a.js'] });
});

testHere('an ES module program resolves by the core: static, dynamic and import.meta.resolve', async (t) => {
  const root = treeFor(t, {
    ...FILES,
    'app.js': `
      import './a.js';
      import './sub/more/deep.js';
      import dep from 'dep';
      await import('exact');
      console.log(dep, import.meta.resolve('index').slice(import.meta.url.lastIndexOf('/')));
      const { stats } = require(process.env.LIBRARY);
      console.log(stats().misses);
    `.replace('require(', `(await import('node:module')).createRequire(import.meta.url)(`),
  });
  const env = { FAST_RESOLVE_WAIT: '0', LIBRARY: path.join(repository, 'index.js') };
  for (const preload of ['-r', '--import']) {
    const { stdout, stderr, exitCode } = await run([preload, REGISTER, 'app.js'], { cwd: root, env });
    t.is(exitCode, 0, stderr);
    t.is(stdout, '1 /node_modules/index/index.js\n7\n');
  }
});

testHere('an import counts as four of the requests that Node answers first, and a require as one', async (t) => {
  const names = ['one', 'two', 'three', 'four', 'five', 'six'];
  const root = treeFor(t, {
    'c.cjs': '',
    ...Object.fromEntries(names.map((name) => [`${name}.mjs`, ''])),
    'app.mjs': `
      import { createRequire } from 'node:module';
      const require = createRequire(import.meta.url);
      require('./c.cjs');
      require('././c.cjs');
      for (const name of ${JSON.stringify(names)}) await import('./' + name + '.mjs');
      console.log(require(process.env.LIBRARY).stats().misses);
    `,
  });
  const misses = async (wait) => {
    const env = { FAST_RESOLVE_WAIT: String(wait), LIBRARY: path.join(repository, 'index.js') };
    return Number((await run(['-r', REGISTER, 'app.mjs'], { cwd: root, env })).stdout);
  };
  // The program itself, and node:module.
  const begun = 4 + 4;
  const answered = await misses(begun);
  t.is(await misses(begun + 1), answered - 1);
  t.is(await misses(begun + 2), answered - 2);
  t.is(await misses(begun + 2 + 4), answered - 3);
  t.is(await misses(begun + 2 + 6 * 4), answered - 8);
});

const { parts } = createRequire(import.meta.url)(REGISTER);

testHere('contexts that are not those of a plain import are left to Node', (t) => {
  const root = treeFor(t, FILES);
  const parentURL = `file://${root}/app.js`;
  const conditions = ['node', 'import', 'module-sync', 'node-addons'];
  const importAttributes = { __proto__: null };
  const ask = (specifier, context) =>
    parts.import_hook.resolveImport(specifier, { parentURL, conditions, importAttributes, ...context }, 'turn');
  t.is(ask('./a.js').url, `file://${root}/a.js`);
  t.is(ask('./a.js', { importAttributes: undefined }), undefined);
  t.is(ask('./a.js', { importAttributes: { __proto__: null, type: 'json' } }), undefined);
  t.is(ask('./a.js', { conditions: [...conditions, 'other'] }), undefined);
  t.is(ask('./a.js', { conditions: conditions.slice(1) }), undefined);
  t.is(ask('./a.js', { conditions: undefined }), undefined);
  t.is(ask('./a.js', { parentURL: undefined }), undefined);
  t.is(ask('./a.js', { parentURL: 'data:text/javascript,1' }), undefined);
  t.is(ask('./a.js', { parentURL: `${parentURL}?query` }), undefined);
  t.is(ask('./a.js', { parentURL: `file://${root}/%61/app.js` }), undefined);
  t.is(ask('../a.js', { parentURL: `file://${root}/sub/./app.js` }), undefined);
  t.is(ask('./a.js', { parentURL: `file://${root}/sub/../app.js` }), undefined);
  t.is(ask('./a.js', { parentURL: `file://${root}//app.js` }), undefined);
  t.is(ask(1), undefined);
});
