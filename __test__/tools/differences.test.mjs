// The rows of docs/tools.md, "Where resolvers of tools differ": what each of them answers.

import test from 'ava';
import { createResolver } from '../../index.js';
import { treeFor } from '../helpers/tree.mjs';
import { createPeers, ensurePeers, outcomeOf } from './peers.mjs';

const json = (value) => ({ json: value });

/** From ROOT, a request; what enhanced-resolve, oxc-resolver and `sync` answer. */
const ROWS = {
  'a file called index': {
    tree: { 'a/index': '' },
    request: './a',
    answers: ['a/index', undefined, undefined],
  },
  'a file called index.vue, by mainFiles': {
    tree: { 'a/index.vue': '' },
    options: { mainFiles: ['index.vue'] },
    request: './a',
    answers: ['a/index.vue', undefined, 'a/index.vue'],
  },
  'a main with a slash that is a file': {
    tree: { 'node_modules/p/package.json': json({ main: './lib/' }), 'node_modules/p/lib': '' },
    request: 'p',
    answers: [undefined, 'node_modules/p/lib', 'node_modules/p/lib'],
  },
  'a file beside a directory': {
    tree: { 'node_modules/a.js': '', 'node_modules/a/index.js': '' },
    request: 'a',
    answers: ['node_modules/a.js', 'node_modules/a/index.js', 'node_modules/a.js'],
  },
  'a file beside a directory with exports': {
    tree: {
      'node_modules/a.js': '',
      'node_modules/a/package.json': json({ exports: './b.js' }),
      'node_modules/a/b.js': '',
    },
    request: 'a',
    answers: ['node_modules/a.js', 'node_modules/a/b.js', 'node_modules/a/b.js'],
  },
  'several names in modules': {
    tree: { 'node_modules/a/index.js': '', 'b/web_modules/a/index.js': '', 'b/c.js': '' },
    options: { modules: ['node_modules', 'web_modules'] },
    from: 'b',
    request: 'a',
    answers: ['b/web_modules/a/index.js', 'node_modules/a/index.js', 'b/web_modules/a/index.js'],
  },
  'extensionAlias and main': {
    tree: { 'node_modules/p/package.json': json({ main: './a.js' }), 'node_modules/p/a.js': '' },
    options: { extensionAlias: { '.js': ['.ts'] } },
    request: 'p',
    answers: ['node_modules/p/a.js', undefined, 'node_modules/p/a.js'],
  },
  'restrictions to a directory': {
    tree: { 'a/b.js': '' },
    options: { restrictions: ['ROOT/a'] },
    request: './a/b',
    answers: ['a/b.js', undefined, 'a/b.js'],
  },
  'exports with a folder': {
    tree: { 'node_modules/p/package.json': json({ exports: { './lib/': './src/' } }), 'node_modules/p/src/a.js': '' },
    request: 'p/lib/a.js',
    answers: ['node_modules/p/src/a.js', 'node_modules/p/src/a.js', undefined],
  },
  'an error of a package, and fallback': {
    tree: { 'node_modules/p/package.json': json({ exports: {} }), 'b.js': '' },
    options: { fallback: { p: ['ROOT/b.js'] } },
    request: 'p',
    answers: [undefined, 'b.js', undefined],
  },
  'an alias in vain, and fallback': {
    tree: { 'b.js': '' },
    options: { alias: { p: ['ROOT/missing'] }, fallback: { p: ['ROOT/b.js'] } },
    request: 'p',
    answers: ['b.js', undefined, 'b.js'],
  },
};

test.before(ensurePeers);

for (const [title, { tree, options = {}, from = '.', request, answers }] of Object.entries(ROWS)) {
  test(title, (t) => {
    const root = treeFor(t, { 'package.json': '{}', ...tree });
    const placed = JSON.parse(JSON.stringify(options).replaceAll('ROOT', root));
    const peers = createPeers(placed);
    const directory = from === '.' ? root : `${root}/${from}`;
    const found = [
      peers['enhanced-resolve'](directory, request),
      peers['oxc-resolver'](directory, request),
      outcomeOf(createResolver(placed).sync(directory, request)),
    ];
    t.deepEqual(
      found.map((file) => file?.slice(root.length + 1)),
      answers,
    );
  });
}

test('packageJsonPath of a package behind a link', (t) => {
  const root = treeFor(t, {
    'packages/a/package.json': '{}',
    'packages/a/index.js': '',
    'node_modules/a': { link: '../packages/a' },
  });
  t.is(createResolver().sync(root, 'a').packageJsonPath, `${root}/packages/a/package.json`);
});
