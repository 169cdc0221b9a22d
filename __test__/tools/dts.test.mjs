// resolveDts: the declarations of a module are where TypeScript finds them.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { laterTurn, library } from '../helpers/clock.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { createComparison, typeScripts, VARIANTS } from './dts_oracle.mjs';

const packageJson = (json) => ({ json });

const tree = {
  'package.json': packageJson({
    name: 'self',
    exports: { '.': './src/index.js', './sub': { types: './src/sub.d.ts' }, './only-js': './src/only.js' },
    imports: {
      '#a': './src/a.js',
      '#lib/*': './src/lib/*.js',
      '#/root': './src/a.js',
      '#dep': 'typed',
      '#list': ['./src/missing.js', './src/a.js'],
      '#dir/': './src/lib/',
      '#circle': '#circle',
    },
  }),
  'src/index.ts': '',
  'src/sub.d.ts': '',
  'src/only.js': '',
  'src/a.ts': '',
  'src/a.js': '',
  'src/both.ts': '',
  'src/both.tsx': '',
  'src/both.d.ts': '',
  'src/view.tsx': '',
  'src/declared.d.ts': '',
  'src/declared.js': '',
  'src/module.mts': '',
  'src/module-declared.d.mts': '',
  'src/common.cts': '',
  'src/common-declared.d.cts': '',
  'src/data.json': '{}',
  'src/typed.json': '{}',
  'src/typed.d.json.ts': '',
  'src/style.css': '',
  'src/style.d.css.ts': '',
  'src/page.html': '',
  'src/dotted.name.ts': '',
  'src/hidden.js': '',
  'src/hidden.js.d.ts': '',
  'src/lib/index.d.ts': '',
  'src/lib/b.ts': '',
  'src/lib.ts': '',
  'src/packed/package.json': packageJson({ types: './types/main.d.ts', exports: './none.js' }),
  'src/packed/types/main.d.ts': '',
  'src/packed-js/package.json': packageJson({ main: './main.js' }),
  'src/packed-js/main.js': '',
  'src/packed-js/index.d.ts': '',
  'src/link.ts': { link: 'a.ts' },
  'node_modules/typed/package.json': packageJson({ types: 'types', main: 'main.js' }),
  'node_modules/typed/types/index.d.ts': '',
  'node_modules/typed/sub.d.ts': '',
  'node_modules/typed/sub.js': '',
  'node_modules/typings/package.json': packageJson({ typings: './a.d.ts', types: './b.d.ts' }),
  'node_modules/typings/a.d.ts': '',
  'node_modules/typings/b.d.ts': '',
  'node_modules/mained/package.json': packageJson({ main: './lib/main.js' }),
  'node_modules/mained/lib/main.d.ts': '',
  'node_modules/plain/index.js': '',
  'node_modules/@types/plain/index.d.ts': '',
  'node_modules/@types/plain/sub.d.ts': '',
  'node_modules/@scope/plain/index.js': '',
  'node_modules/@types/scope__plain/package.json': packageJson({ types: 'main' }),
  'node_modules/@types/scope__plain/main.ts': '',
  'node_modules/@types/scope__plain/deep/a.d.ts': '',
  'node_modules/untyped/index.js': '',
  'node_modules/file.d.ts': '',
  'node_modules/json-only/package.json': packageJson({ main: './data.json' }),
  'node_modules/json-only/data.json': '{}',
  'node_modules/near-js/index.d.ts': '',
  'src/node_modules/near-js/index.js': '',
  'node_modules/exporting/package.json': packageJson({
    types: './never.d.ts',
    exports: {
      '.': { 'types@>=99': './future.d.ts', 'types@<99': './now.d.ts', default: './index.js' },
      './conditions': { require: './require.cjs', import: './import.mjs' },
      './custom': { custom: './custom.d.ts', default: './index.js' },
      './fallback': { types: './missing.d.ts', import: './index.js' },
      './null': null,
      './null-first': { types: null, default: './index.js' },
      './typed': { types: './index.d.ts', default: './other.js' },
      './star/*': './lib/*.js',
      './star/secret/*': null,
      './*.css': './lib/*.css',
      './folder/': './lib/',
      './list': [null, './index.js'],
      './json': './data.json',
      './js': './only.js',
      './outside': '../typed/sub.d.ts',
      './inner': './node_modules/x/index.d.ts',
    },
  }),
  ...Object.fromEntries(
    ['never.d.ts', 'now.d.ts', 'index.d.ts', 'index.js', 'require.d.cts', 'import.d.mts', 'custom.d.ts'].map((name) => [
      `node_modules/exporting/${name}`,
      '',
    ]),
  ),
  'node_modules/exporting/lib/a.d.ts': '',
  'node_modules/exporting/lib/secret/a.d.ts': '',
  'node_modules/exporting/lib/a.d.css.ts': '',
  'node_modules/exporting/data.json': '{}',
  'node_modules/exporting/only.js': '',
  'node_modules/exporting/sub/package.json': packageJson({ types: './x.d.ts' }),
  'node_modules/exporting/sub/x.d.ts': '',
  'node_modules/exporting-nothing/package.json': packageJson({ exports: {} }),
  'node_modules/exporting-nothing/index.d.ts': '',
  'node_modules/@types/exporting-nothing/index.d.ts': '',
  'node_modules/nested/package.json': packageJson({ types: './a.d.ts' }),
  'node_modules/nested/a.d.ts': '',
  'node_modules/nested/sub/package.json': packageJson({ types: '../types/sub.d.ts' }),
  'node_modules/nested/types/sub.d.ts': '',
  'node_modules/versioned/package.json': packageJson({
    types: './index.d.ts',
    typesVersions: {
      '>=99': { '*': ['future/*'] },
      'not a range': { '*': ['never/*'] },
      '>=4.2': { exact: ['now/exact.d.ts'], 'lib/*': ['now/lib/*', 'now/other/*'], '*': ['now/*'] },
      '*': { '*': ['old/*'] },
    },
  }),
  'node_modules/versioned/index.d.ts': '',
  'node_modules/versioned/now/index.d.ts': '',
  'node_modules/versioned/now/exact.d.ts': '',
  'node_modules/versioned/now/other/a.d.ts': '',
  'node_modules/versioned/now/sub/index.d.ts': '',
  'node_modules/versioned/old/old.d.ts': '',
  'node_modules/mapped-away/package.json': packageJson({
    types: './gone/index.d.ts',
    typesVersions: { '*': { '*': ['there/*'] } },
  }),
  'node_modules/mapped-away/there/gone/index.d.ts': '',
  'node_modules/malformed/package.json': '{ "types": ',
  'node_modules/malformed/index.d.ts': '',
  'node_modules/linked': { link: '../store/linked' },
  'store/linked/package.json': packageJson({ types: './index.d.ts' }),
  'store/linked/index.d.ts': '',
};

/** What is asked for from `src/index.ts`, and the answer for each: a name in the tree, or `null` where there are no declarations. */
const rows = {
  './a': 'src/a.ts',
  './a.js': 'src/a.ts',
  './a.jsx': 'src/a.ts',
  './a.ts': 'src/a.ts',
  './both': 'src/both.ts',
  './both.jsx': 'src/both.tsx',
  './view.js': 'src/view.tsx',
  './declared.js': 'src/declared.d.ts',
  './declared.d.ts': 'src/declared.d.ts',
  './declared.mjs': null,
  './module.mjs': 'src/module.mts',
  './module': null,
  './module-declared.mjs': 'src/module-declared.d.mts',
  './common.cjs': 'src/common.cts',
  './common-declared.cjs': 'src/common-declared.d.cts',
  './data.json': 'src/data.json',
  './data': null,
  './typed.json': 'src/typed.d.json.ts',
  './style.css': 'src/style.d.css.ts',
  './page.html': null,
  './dotted.name': 'src/dotted.name.ts',
  './hidden.js': null,
  './lib': 'src/lib.ts',
  './lib/': 'src/lib/index.d.ts',
  './lib/b': 'src/lib/b.ts',
  '.': 'src/index.ts',
  '..': null,
  './packed': 'src/packed/types/main.d.ts',
  './packed-js': null,
  './link': 'src/a.ts',
  './missing': null,
  self: 'src/index.ts',
  'self/sub': 'src/sub.d.ts',
  'self/only-js': null,
  'self/none': null,
  '#a': 'src/a.ts',
  '#lib/b': 'src/lib/b.ts',
  '#/root': ['6', 'src/a.ts'],
  '#dep': 'node_modules/typed/types/index.d.ts',
  '#list': 'src/a.ts',
  '#dir/b.js': 'src/lib/b.ts',
  '#circle': null,
  '#none': null,
  typed: 'node_modules/typed/types/index.d.ts',
  'typed/': 'node_modules/typed/types/index.d.ts',
  'typed/sub': 'node_modules/typed/sub.d.ts',
  'typed/sub.js': 'node_modules/typed/sub.d.ts',
  typings: 'node_modules/typings/a.d.ts',
  mained: 'node_modules/mained/lib/main.d.ts',
  plain: 'node_modules/@types/plain/index.d.ts',
  'plain/sub': 'node_modules/@types/plain/sub.d.ts',
  '@scope/plain': 'node_modules/@types/scope__plain/main.ts',
  '@scope/plain/deep/a': 'node_modules/@types/scope__plain/deep/a.d.ts',
  untyped: null,
  file: 'node_modules/file.d.ts',
  'json-only': 'node_modules/json-only/data.json',
  'near-js': 'node_modules/near-js/index.d.ts',
  exporting: 'node_modules/exporting/now.d.ts',
  'exporting/conditions': 'node_modules/exporting/import.d.mts',
  'exporting/custom': 'node_modules/exporting/index.d.ts',
  'exporting/fallback': 'node_modules/exporting/index.d.ts',
  'exporting/null': null,
  'exporting/null-first': ['5', 'node_modules/exporting/index.d.ts'],
  'exporting/typed': 'node_modules/exporting/index.d.ts',
  'exporting/star/a': 'node_modules/exporting/lib/a.d.ts',
  'exporting/star/secret/a': null,
  'exporting/a.css': 'node_modules/exporting/lib/a.d.css.ts',
  'exporting/folder/a.js': 'node_modules/exporting/lib/a.d.ts',
  'exporting/list': ['5', 'node_modules/exporting/index.d.ts'],
  'exporting/json': 'node_modules/exporting/data.json',
  'exporting/js': null,
  'exporting/outside': null,
  'exporting/inner': null,
  'exporting/sub': null,
  'exporting-nothing': 'node_modules/@types/exporting-nothing/index.d.ts',
  nested: 'node_modules/nested/a.d.ts',
  'nested/sub': 'node_modules/nested/types/sub.d.ts',
  versioned: 'node_modules/versioned/now/index.d.ts',
  'versioned/exact': 'node_modules/versioned/now/exact.d.ts',
  'versioned/lib/a': 'node_modules/versioned/now/other/a.d.ts',
  // The paths of a package count for its directories, too: `index` is looked for in `now/sub/now`.
  'versioned/sub': null,
  'versioned/old': null,
  'mapped-away': null,
  malformed: 'node_modules/malformed/index.d.ts',
  linked: 'store/linked/index.d.ts',
  'node:fs': null,
  fs: null,
  'file:///a': null,
  '': null,
};

for (const ts of typeScripts) {
  test(`TypeScript ${ts.version}: what each request leads to`, (t) => {
    const root = treeFor(t, tree);
    const compare = createComparison(ts);
    for (const [request, expected] of Object.entries(rows)) {
      const { ours, theirs } = compare(request, path.join(root, 'src/index.ts'));
      t.is(ours, theirs, request);
      const [major, file] = Array.isArray(expected) ? expected : [ts.versionMajorMinor[0], expected];
      const isFound = file !== null && major === ts.versionMajorMinor[0];
      if (isFound) t.is(ours, path.join(root, file), request);
      else t.regex(ours, /^(?:nothing|endless|javascript .*)$/, request);
    }
  });

  for (const variant of VARIANTS.slice(1)) {
    test(`TypeScript ${ts.version}: the same with ${JSON.stringify(variant.ours)}`, (t) => {
      const root = treeFor(t, tree);
      const compare = createComparison(ts, variant);
      for (const request of [...Object.keys(rows), path.join(root, 'src/a'), path.join(root, 'src/lib/')]) {
        for (const file of ['src/index.ts', 'src/lib/b.ts', 'node_modules/exporting/index.js', 'none/x.ts']) {
          const { ours, theirs } = compare(request, path.join(root, file));
          t.is(ours, theirs, `${request} from ${file}`);
        }
      }
    });
  }
}

test('an answer has the shape of those of sync', (t) => {
  const root = treeFor(t, tree);
  const resolver = library.createResolver({ moduleType: true });
  const file = path.join(root, 'src/index.ts');
  t.deepEqual(resolver.resolveDts(file, './module.mjs'), {
    path: path.join(root, 'src/module.mts'),
    query: '',
    packageJsonPath: path.join(root, 'package.json'),
    moduleType: 'module',
  });
  t.deepEqual(resolver.resolveDts(file, 'untyped'), {
    error: `Cannot find declarations of module 'untyped' from '${root}/src': it is '${root}/node_modules/untyped/index.js'`,
    code: 'MODULE_NOT_FOUND',
  });
  t.deepEqual(resolver.resolveDts(file, 'none'), {
    error: `Cannot find module 'none' from '${root}/src'`,
    code: 'MODULE_NOT_FOUND',
  });
  t.is(resolver.resolveDts(file, '#circle').code, 'FAST_RESOLVE_RECURSION');
});

test('declarations and files are remembered apart', (t) => {
  const root = treeFor(t, tree);
  const resolver = library.createResolver({ believe: 'until-invalidated' });
  const file = path.join(root, 'src/index.ts');
  for (const _again of [1, 2]) {
    t.is(resolver.resolveFile(file, './a').path, path.join(root, 'src/a.js'));
    t.is(resolver.resolveDts(file, './a').path, path.join(root, 'src/a.ts'));
  }
});

test('in a later turn, an answer is what TypeScript finds then', async (t) => {
  const root = treeFor(t, {
    'src/index.ts': '',
    'src/b.d.ts': '',
    'node_modules/a/index.js': '',
    'node_modules/@types/a/index.d.ts': '',
  });
  const compare = createComparison(typeScripts[1]);
  const check = async (expected) => {
    await laterTurn();
    for (const [request, file] of Object.entries(expected)) {
      const { ours, theirs } = compare(request, path.join(root, 'src/index.ts'));
      t.is(ours, theirs, request);
      t.is(ours, path.join(root, file), request);
    }
  };
  await check({ a: 'node_modules/@types/a/index.d.ts', './b': 'src/b.d.ts' });
  fs.writeFileSync(path.join(root, 'src/b.ts'), '');
  fs.writeFileSync(path.join(root, 'node_modules/a/package.json'), '{"types":"./main"}');
  fs.writeFileSync(path.join(root, 'node_modules/a/main.d.ts'), '');
  await check({ a: 'node_modules/a/main.d.ts', './b': 'src/b.ts' });
  fs.rmSync(path.join(root, 'src/b.ts'));
  fs.mkdirSync(path.join(root, 'src/node_modules/a'), { recursive: true });
  fs.writeFileSync(path.join(root, 'src/node_modules/a.ts'), '');
  await check({ a: 'src/node_modules/a.ts', './b': 'src/b.d.ts' });
});

test('a directory with a NUL is refused', (t) => {
  const resolver = library.createResolver();
  t.throws(() => resolver.resolveDts('/a\0b/c.ts', './d'), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' });
  t.throws(() => resolver.sync('/a\0b', './d'), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' });
});

test('where packages lie is told by the options modules and paths, and not by NODE_PATH', (t) => {
  const root = treeFor(t, {
    'vendor/a/index.d.ts': '',
    'far/b/index.d.ts': '',
    'node-path/c/index.d.ts': '',
    'vendor/@types/d/index.d.ts': '',
  });
  const before = process.env.NODE_PATH;
  process.env.NODE_PATH = path.join(root, 'node-path');
  t.teardown(() => {
    if (before === undefined) delete process.env.NODE_PATH;
    else process.env.NODE_PATH = before;
  });
  const resolver = library.createResolver({ modules: ['vendor'], paths: [path.join(root, 'far')] });
  const find = (request) => resolver.resolveDts(path.join(root, 'src/x.ts'), request).path;
  t.is(find('a'), path.join(root, 'vendor/a/index.d.ts'));
  t.is(find('b'), path.join(root, 'far/b/index.d.ts'));
  t.is(find('c'), undefined);
  t.is(find('d'), path.join(root, 'vendor/@types/d/index.d.ts'));
});

test('arguments and options that are not as described are refused', (t) => {
  const resolver = library.createResolver();
  t.throws(() => resolver.resolveDts('a.ts', './a'), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' });
  t.throws(() => resolver.resolveDts(1, './a'), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  t.throws(() => resolver.resolveDts('/a.ts', 1), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  const create = (typescriptVersion) => () => library.createResolver({ typescriptVersion });
  for (const version of ['5', 'latest', '5.x', '5.9.3.1', '05.1', '5.9-beta', '']) {
    t.throws(create(version), { code: 'ERR_INVALID_ARG_VALUE', message: /typescriptVersion/ }, version);
  }
  t.throws(create(5.9), { code: 'ERR_INVALID_ARG_TYPE', message: /typescriptVersion/ });
  for (const version of ['5.9', '5.9.3', '6.0.0-beta', '7.0.0-dev.20260101']) {
    t.is(create(version)().resolveDts('/none.ts', './none').code, 'MODULE_NOT_FOUND', version);
  }
});
