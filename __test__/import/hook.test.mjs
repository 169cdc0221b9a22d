// `import` under the hook: what the core answers is what Node answers.

import Module, { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import test from 'ava';

import { run } from '../cache/processes.mjs';
import { treeFor } from '../helpers/tree.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const REGISTER = path.join(repository, 'register.js');
const comparing = fileURLToPath(new URL('./comparing.cjs', import.meta.url));

/** Node 20 has no hooks that are called in the thread itself. */
const testHere = Module.registerHooks === undefined ? test.skip : test;

const json = (value) => ({ json: value });

const FILES = {
  'package.json': json({
    name: 'self',
    type: 'module',
    exports: { './*': './*.js' },
    imports: { '#a': './a.js', '#dep': 'dep', '#query': './a.js?query', '#encoded': './%61.js' },
  }),
  'a.js': 'export default 1;',
  'b.mjs': 'export default 1;',
  'c.cjs': 'module.exports = 1;',
  'd.json': '1',
  'link.js': { link: 'a.js' },
  'dir/index.js': '',
  'dir/.mjs': '',
  'sub/package.json': json({}),
  'sub/detected.js': 'export default 1;',
  'sub/common.js': 'module.exports = 1;',
  'sub/more/deep.js': 'export default 1;',
  'node_modules/dep/package.json': json({ name: 'dep', exports: { import: './i.mjs', require: './r.cjs' } }),
  'node_modules/dep/i.mjs': 'export default 1;',
  'node_modules/dep/r.cjs': '',
  'node_modules/main/package.json': json({ name: 'main', main: './lib' }),
  'node_modules/main/lib.js': 'module.exports = 1;',
  'node_modules/exact/package.json': json({ name: 'exact', main: './lib.js', type: 'module' }),
  'node_modules/exact/lib.js': 'export default 1;',
  'node_modules/index/index.js': 'module.exports = 1;',
  'node_modules/@scope/name/package.json': json({
    name: '@scope/name',
    type: 'commonjs',
    exports: { '.': './x.js', './y/*.js': './z/*.js' },
  }),
  'node_modules/@scope/name/x.js': '',
  'node_modules/@scope/name/z/1.js': '',
};

const FOUND = [
  './a.js',
  './b.mjs',
  './c.cjs',
  './link.js',
  './sub/detected.js',
  './sub/common.js',
  './sub/more/deep.js',
  '#a',
  '#dep',
  'self/a',
  'dep',
  'main',
  'exact',
  'index',
  '@scope/name',
  '@scope/name/y/1.js',
];

/** Node's to answer: whatever has another format, a query, an encoded character or an empty segment, and what is not there. */
const LEFT = [
  './d.json',
  './a.js?query',
  './a.js#hash',
  './%61.js',
  '#query',
  '#encoded',
  './dir',
  './dir/.mjs',
  './a.js/',
  './sub//../a.js',
  '..a.js',
  './missing.js',
  'missing',
  'dep/missing',
  '#missing',
  '@scope',
  'fs',
  'node:fs',
  'data:text/javascript,1',
];

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
    t.is(stdout, '1 /node_modules/index/index.js\n5\n');
  }
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
