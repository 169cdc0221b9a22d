// fast-resolve/rollup in real builds, beside the plugin whose place it takes.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import test from 'ava';
import { removeTree, treeFor, writeTree } from '../helpers/tree.mjs';
import { bundle, resolveAll } from './bundling.mjs';
import { ensureTools, repository, requirePublished, requireTool, toolsModules } from './tools.mjs';

test.before('the bundlers are installed', () => {
  ensureTools();
});

const { SideEffects } = createRequire(import.meta.url)('../../lib/adapters/side_effects.js');
const { fastResolve } = requirePublished('fast-resolve/rollup');

const PACKAGES = ['@mui/material', 'lodash', 'rxjs', 'date-fns', 'viem', 'react-dom/client', 'graphql'];

/** A project that imports packages, each in an entry of its own. */
function writeProject(t, packages) {
  const entries = packages.map((name, index) => [`entry${index}.js`, `export * from '${name}';\n`]);
  return treeFor(t, { ...Object.fromEntries(entries), node_modules: { link: toolsModules } });
}

for (const [what, options, packages, rollupOptions] of [
  ['for browsers', { browser: true, preferBuiltins: false }, PACKAGES, {}],
  ['for Node', { exportConditions: ['node'] }, ['rxjs', 'graphql', 'date-fns', 'react-dom/client'], {}],
  ['with links as they are', { preferBuiltins: true }, ['rxjs', 'graphql'], { preserveSymlinks: true }],
  ['of packages that are named', { resolveOnly: ['rxjs', /^react/] }, ['rxjs', 'react-dom/client', 'lodash'], {}],
]) {
  test.serial(`bundles packages as @rollup/plugin-node-resolve does, byte for byte: ${what}`, async (t) => {
    const root = writeProject(t, packages);
    process.chdir(root);
    t.teardown(() => process.chdir(repository));
    const input = packages.map((_, index) => path.join(root, `entry${index}.js`));
    const ours = await bundle('ours', options, { input, ...rollupOptions });
    const theirs = await bundle('theirs', options, { input, ...rollupOptions });
    t.is(ours.modules, theirs.modules);
    t.true(ours.modules > 100, `${ours.modules} modules`);
    t.deepEqual(ours.warnings, theirs.warnings);
    t.is(ours.files.length, theirs.files.length);
    // Long texts are not printed.
    for (const [index, [name, text]] of ours.files.entries()) {
      t.is(name, theirs.files[index][0]);
      t.true(text === theirs.files[index][1], name);
    }
  });
}

const json = (value) => ({ json: value });

const TREE = {
  'package.json': json({ name: 'root', sideEffects: false, browser: { './swapped.js': './for-browsers.js' } }),
  'entry.js': 'export default 1;\n',
  'swapped.js': '',
  'for-browsers.js': '',
  'src/main.ts': '',
  'src/typed.ts': '',
  'src/view.tsx': '',
  'src/module.mts': '',
  'src/both.js': '',
  'src/both.mjs': '',
  'src/data.json': '{}',
  'src/folder/index.js': '',
  'src/with#mark.js': '',
  'linked.js': { link: 'src/both.js' },
  'node_modules/plain/package.json': json({
    name: 'plain',
    main: 'main.js',
    module: './module.js',
    sideEffects: ['*.css'],
  }),
  'node_modules/plain/main.js': 'module.exports = 1;\n',
  'node_modules/plain/module.js': 'export default 1;\n',
  'node_modules/plain/style.css': '',
  'node_modules/plain/sub/package.json': json({ main: 'sub.js', sideEffects: true }),
  'node_modules/plain/sub/sub.js': '',
  'node_modules/exporting/package.json': json({
    name: 'exporting',
    exports: {
      '.': { import: './esm/index.js', require: './cjs/index.js' },
      './deep/*': './deep/*.js',
      './inner': './esm/inner.js',
      './gone': './gone.js',
      './private/*': null,
      './mode': { development: './development.js', production: './production.js' },
      './browser': { browser: './browser.js', default: './default.js' },
    },
    imports: { '#inner': './esm/inner.js', '#plain': 'plain', '#none': null },
    sideEffects: ['./esm/index.js', 'deep/**'],
  }),
  'node_modules/exporting/esm/package.json': json({ type: 'module' }),
  ...Object.fromEntries(
    [
      'esm/index',
      'esm/inner',
      'cjs/index',
      'deep/a',
      'deep/b/c',
      'development',
      'production',
      'browser',
      'default',
    ].map((name) => [`node_modules/exporting/${name}.js`, '']),
  ),
  'node_modules/for-browsers/package.json': json({
    name: 'for-browsers',
    main: './index.js',
    browser: {
      './index.js': './browser.js',
      fs: false,
      stream: 'plain',
      './left-out': false,
      './swapped': './other.js',
    },
  }),
  'node_modules/for-browsers/index.js': '',
  'node_modules/for-browsers/browser.js': '',
  'node_modules/for-browsers/left-out.js': '',
  'node_modules/for-browsers/swapped.js': '',
  'node_modules/for-browsers/other.js': '',
  'node_modules/browser-main/package.json': json({ name: 'browser-main', main: 'main.js', browser: 'browser.js' }),
  'node_modules/browser-main/main.js': '',
  'node_modules/browser-main/browser.js': '',
  'node_modules/assert/package.json': json({ name: 'assert', main: 'assert.js' }),
  'node_modules/assert/assert.js': '',
  'node_modules/nested/package.json': json({ name: 'nested', main: 'nested.js' }),
  'node_modules/nested/nested.js': '',
  'node_modules/nested/node_modules/plain/package.json': json({ name: 'plain', main: 'inner.js' }),
  'node_modules/nested/node_modules/plain/inner.js': 'export const inner = 1;\n',
  'node_modules/workspace': { link: '../packages/workspace' },
  'packages/workspace/package.json': json({ name: 'workspace', module: 'index.js', sideEffects: false }),
  'packages/workspace/index.js': '',
  'elsewhere/only-here/index.js': '',
  'own_modules/own/index.js': '',
};

const MAIN = 'src/main.ts';
const REQUIRE = { custom: { 'node-resolve': { isRequire: true } } };
const REQUESTS = [
  ...[
    './typed.js',
    './view.js',
    './view.jsx',
    './module.mjs',
    './typed',
    './both',
    './data',
    './folder',
    './folder/',
    './gone',
  ],
  ...[
    '../linked.js',
    '../swapped.js',
    '../swapped',
    './both.js?query',
    './both?a=b',
    './with#mark.js',
    './both.js#mark',
  ],
  ...['plain', 'plain/main', 'plain/style.css', 'plain/sub', 'plain/gone', 'plain?x', 'gone', 'root', '.', '..'],
  ...[
    'exporting',
    'exporting/inner',
    'exporting/deep/a',
    'exporting/deep/b/c',
    'exporting/private/x',
    'exporting/other',
  ],
  ...[
    'exporting/mode',
    'exporting/browser',
    'exporting/package.json',
    'for-browsers',
    'browser-main',
    'workspace',
    'nested',
  ],
  ...['fs', 'node:fs', 'fs/promises', 'assert', 'stream', 'only-here', 'own', '@scope/gone', 'https://a/b.js'],
]
  .flatMap((request) => [
    [request, MAIN],
    [request, MAIN, REQUIRE],
  ])
  .concat([
    ['entry', undefined],
    ['src/both.js', undefined],
    ['plain', undefined],
    ['./entry.js', undefined],
    ['#inner', 'node_modules/exporting/cjs/index.js'],
    ['#plain', 'node_modules/exporting/cjs/index.js'],
    ['#none', 'node_modules/exporting/cjs/index.js'],
    ['#gone', 'node_modules/exporting/cjs/index.js'],
    ['exporting/deep/a', 'node_modules/exporting/cjs/index.js'],
    ['./inner.js', 'node_modules/exporting/esm/index.js'],
    ['plain', 'node_modules/nested/nested.js'],
    ['\0virtual', MAIN],
    ['./both.js', '\0virtual'],
  ]);
/** In a package with a browser field. rollup's other plugin knows of it only when it has led there before. */
const IN_PACKAGE = ['fs', 'stream', 'path', './left-out', './swapped', './index.js'].map((request) => [
  request,
  'node_modules/for-browsers/browser.js',
]);

const OPTIONS = {
  'no options': {},
  browser: { browser: true },
  'browser without core modules': { browser: true, preferBuiltins: false },
  'main fields': { mainFields: ['main', 'module'] },
  'the browser among the main fields': { mainFields: ['module', 'browser', 'main'] },
  'core modules first': { preferBuiltins: true },
  'some core modules': { preferBuiltins: (request) => request !== 'assert' },
  conditions: { exportConditions: ['development', 'other'] },
  extensions: { extensions: ['.ts', '.tsx', '.mts', '.js', '.json'] },
  dedupe: { dedupe: ['plain'] },
  'dedupe by a function': { dedupe: (request) => request.startsWith('plain') },
  'only some packages': { resolveOnly: ['plain', /^exp/] },
  'only what a function says': { resolveOnly: (name) => name !== 'plain' },
  'modules only': { modulesOnly: true },
  'other directories': { moduleDirectories: ['node_modules', 'own_modules'] },
  'the root has side effects': { ignoreSideEffectsForRoot: true },
};

/** The answers that are not the same, and the numbers of warnings where these are not. */
function differencesOf(ours, theirs) {
  const different = ours.answers
    .map((answer, index) => ({ ours: answer, theirs: theirs.answers[index] }))
    .filter(({ ours: actual, theirs: expected }) => !isDeepStrictEqual(actual, expected));
  return ours.warnings.length === theirs.warnings.length
    ? different
    : [...different, { ours: ours.warnings, theirs: theirs.warnings }];
}

let root;
test.before('the tree is written', () => {
  root = writeTree(TREE);
});
test.after.always('the tree is removed', () => {
  process.chdir(repository);
  if (root !== undefined) removeTree(root);
});

for (const [name, options] of Object.entries(OPTIONS)) {
  test.serial(`answers as @rollup/plugin-node-resolve does: ${name}`, async (t) => {
    process.chdir(root);
    const isForBrowsers = options.browser === true || options.mainFields?.includes('browser');
    const requests = isForBrowsers ? [...REQUESTS, ...IN_PACKAGE] : REQUESTS;
    const ours = await resolveAll('ours', { ...options }, root, requests);
    const theirs = await resolveAll('theirs', { ...options }, root, requests);
    t.deepEqual(differencesOf(ours, theirs), []);
    t.true(ours.answers.filter(({ id }) => id !== null).length > 20);
  });
}

test.serial('directories of packages, the root and the jail are as given', async (t) => {
  process.chdir(repository);
  const options = { rootDir: root, modulePaths: [path.join(root, 'elsewhere')], jail: path.join(root, 'elsewhere') };
  const requests = [
    ['only-here', MAIN],
    ['plain', MAIN],
    ['entry', undefined],
  ];
  const ours = await resolveAll('ours', { ...options }, root, requests);
  t.deepEqual(ours, await resolveAll('theirs', { ...options }, root, requests));
  t.deepEqual(
    ours.answers.map(({ id }) => id),
    [path.join(root, 'elsewhere/only-here/index.js'), null, null],
  );
});

test.serial('other plugins may make external what was found, and add to it', async (t) => {
  process.chdir(root);
  const seen = [];
  const other = {
    name: 'other',
    resolveId(source, _importer, { custom }) {
      seen.push([path.basename(source), custom !== undefined && Object.keys(custom).length > 0]);
      if (source.endsWith('module.js')) return { id: source, external: true };
      return source.endsWith('index.js') && path.isAbsolute(source) ? { id: source, meta: { other: 1 } } : null;
    },
  };
  const answers = [];
  const asking = {
    name: 'asking',
    async buildStart() {
      for (const request of ['plain', 'exporting']) answers.push(await this.resolve(request, path.join(root, MAIN)));
    },
  };
  const build = await requireTool('rollup').rollup({
    input: path.join(root, 'entry.js'),
    plugins: [asking, other, fastResolve()],
  });
  await build.close();
  t.true(answers[0].external);
  t.deepEqual(answers[1].meta, { other: 1 });
  t.is(answers[1].id, path.join(root, 'node_modules/exporting/esm/index.js'));
  t.true(seen.some(([name, isHandedOn]) => name === 'index.js' && isHandedOn));
});

test('a new build sees what has changed', async (t) => {
  const place = treeFor(t, { 'main.js': '', 'a.js': '', 'entry.js': '' });
  const find = async () => (await resolveAll('ours', { rootDir: place }, place, [['./a', 'main.js']])).answers[0].id;
  t.is(await find(), path.join(place, 'a.js'));
  fs.writeFileSync(path.join(place, 'a.mjs'), '');
  t.is(await find(), path.join(place, 'a.mjs'));
});

test('patterns of sideEffects match as those of @rollup/pluginutils do', (t) => {
  const { createFilter } = createRequire(requireTool.resolve('@rollup/plugin-node-resolve'))('@rollup/pluginutils');
  const files = [
    'a.js',
    'a.css',
    'src/a.js',
    'src/a.css',
    'src/b/c.js',
    'src/b/c.d.js',
    'esm/x.mjs',
    'a+b.js',
    'src/.hidden.js',
    'src/[x].js',
  ];
  const patterns = [
    ...[
      '*.css',
      '**/*.css',
      './a.js',
      'a.js',
      'src/*',
      './src/*.js',
      'src/**',
      'src/**/*.js',
      '**',
      '**/b/*',
      'src/b/?.js',
      './src/**/c.js',
    ],
    ...[
      'src/*.{js,css}',
      '*.{css,mjs}',
      '{src,esm}/*',
      'src/[ab].js',
      'src/[!a].js',
      'a+b.js',
      './*.js',
      'src',
      'src/',
      'gone.js',
      '*.d.js',
    ],
    ...['src/b/../a.js', './src/{a,b/c}.js', 'src/a.{js', '**/{a,x}.*'],
  ];
  const place = treeFor(t, Object.fromEntries(files.map((name) => [name, ''])));
  const different = [];
  let matched = 0;
  for (const pattern of patterns) {
    fs.writeFileSync(path.join(place, 'package.json'), JSON.stringify({ sideEffects: [pattern] }));
    const sideEffects = new SideEffects();
    const filter = createFilter([pattern.includes('/') ? pattern : `**/${pattern}`], null, { resolve: place });
    for (const name of files) {
      const [actual, expected] = [sideEffects.of(path.join(place, name)), filter(path.join(place, name))];
      if (actual !== expected) different.push({ pattern, name, actual, expected });
      if (actual) matched++;
    }
  }
  t.deepEqual(different, []);
  t.true(matched > 50, `${matched}`);
});

test('an empty list of sideEffects says that there are none', (t) => {
  const place = treeFor(t, { 'package.json': json({ sideEffects: [] }), 'a.js': '' });
  t.false(new SideEffects().of(path.join(place, 'a.js')));
  t.is(new SideEffects(place).of(path.join(place, 'a.js')), null, 'unless it is the root, and that is to be ignored');
});

test('options that are wrong are named', (t) => {
  for (const [options, message] of [
    [{ customResolveOptions: {} }, /options\.customResolveOptions/],
    [{ mainFields: [] }, /options\.mainFields/],
    [{ moduleDirectories: ['a/b'] }, /options\.moduleDirectories/],
  ]) {
    t.throws(() => fastResolve(options), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE', message });
  }
  t.throws(() => fastResolve(1), { code: 'ERR_INVALID_ARG_TYPE' });
});
