// Random trees for the search for declarations: packages with and without types at several levels, and links.

import fc from 'fast-check';
import { mostly, weighted } from '../differential/generators/names.mjs';
import { TreeBuilder } from '../differential/generators/tree_builder.mjs';

const FILES = [
  'index.d.ts',
  'index.ts',
  'index.tsx',
  'index.js',
  'index.mts',
  'index.json',
  'a.d.ts',
  'a.ts',
  'a.tsx',
  'a.js',
  'a.jsx',
  'a.mjs',
  'a.mts',
  'a.d.mts',
  'a.cjs',
  'a.cts',
  'a.d.cts',
  'a.json',
  'a.d.json.ts',
  'a.css',
  'a.d.css.ts',
  'a.js.d.ts',
  'lib/index.d.ts',
  'lib/index.js',
  'lib/a.d.ts',
  'lib/a.ts',
  'lib/a.js',
  'lib/b.d.ts',
  'types/index.d.ts',
  'types/a.d.ts',
  'types/lib/a.d.ts',
  'new/index.d.ts',
  'new/a.d.ts',
  'new/lib/a.ts',
];
const ODD_FILES = ['a.d.ts/index.d.ts', 'a.b.d.ts', 'a.b.ts', 'a.d.b.ts', 'index/index.ts', 'lib.d.ts', 'a'];

const HOMES = ['', 'app', 'app/src', 'app/node_modules/a', 'node_modules/b/lib'];
const NAMES = ['a', 'b', 'lib', '@s/a', '@s/b', '@types/a', '@types/b', '@types/s__a', '@types/s__b'];
const ODD_NAMES = ['#a', '@s', 'a.b', '@types/@s/a', 'a.ts', 'index'];

const PATHS = ['./index.d.ts', './types/index.d.ts', './types', 'types/', './lib/a', 'lib/a.js', './a.mjs', './a.js'];
const ODD_PATHS = [
  '.',
  './',
  '',
  './missing',
  './gone/index.d.ts',
  '../a/index.d.ts',
  './a.css',
  './a.json',
  'lib\\a',
  './a.ts',
];

const TARGETS = [
  './index.d.ts',
  './index.js',
  './a.js',
  './a.mjs',
  './lib/*.js',
  './*',
  './lib/',
  './types/*.d.ts',
  './lib/a.ts',
];
const ODD_TARGETS = [
  './a.css',
  './a.json',
  './lib',
  './*/a.js',
  '../a/a.js',
  'a',
  '@s/a',
  'b/a',
  '#a',
  '#lib/a',
  './node_modules/x',
  './lib/../a.js',
  './lib\\a.js',
  './',
  '.',
  '..',
  '',
  './a',
  './*/*.js',
];

const CONDITIONS = ['types', 'import', 'require', 'default', 'custom', 'node'];
const ODD_CONDITIONS = ['types@>=5', 'types@<6', 'types@^6 || 5.8', 'types@x', 'types@', 'types@nothing', './a', '.'];

const SUBPATHS = ['.', './a', './a.js', './*', './lib/*', './lib/', './*.js', './lib/a'];
const ODD_SUBPATHS = ['./', './l*b/a', './*a', './lib/*/', './**', './a*a', './types/*', 'a', ''];
const IMPORTS = ['#a', '#lib/*', '#b', '#*', '#lib/', '#/a', '#/*'];

const RANGES = ['*', '>=4.2', '<6', '>=6', '^5', '5.9', '5.9.x || 7', '<=5.8', 'x', '', '5 - 6', 'nothing'];
const PATTERNS = ['*', 'lib/*', 'a', 'index', 'types/*', '*.d.ts', 'l*a', 'index.d.ts', '', 'lib*'];
const MAPPED = [
  'new/*',
  './new/*',
  'types/*',
  'lib/a.d.ts',
  'new',
  './lib/',
  '*',
  'new/index.d.ts',
  '../a/*',
  'a.js',
  '.',
];

const path = mostly(PATHS, ODD_PATHS);

/** A target of `exports` or `imports`: a text, or others below conditions and in lists. */
const target = fc.letrec((tie) => ({
  target: weighted(
    [8, mostly(TARGETS, ODD_TARGETS)],
    [1, fc.constantFrom(null, false, 1)],
    [1, fc.array(tie('target'), { maxLength: 3 })],
    [3, fc.dictionary(mostly(CONDITIONS, ODD_CONDITIONS), tie('target'), { maxKeys: 4, noNullPrototype: true })],
  ),
})).target;

const dictionary = (keys, values, minKeys = 0) =>
  fc.dictionary(keys, values, { minKeys, maxKeys: 4, noNullPrototype: true });

const exported = weighted(
  [2, target.filter((value) => value !== null)],
  [3, dictionary(mostly(SUBPATHS, ODD_SUBPATHS), target, 1)],
);

const rarely = (arbitrary, freq) => fc.option(arbitrary, { nil: undefined, freq });

const manifest = weighted(
  [
    12,
    fc
      .record({
        name: fc.option(mostly(NAMES, ODD_NAMES), { nil: undefined }),
        types: rarely(path, 1),
        typings: weighted([3, fc.constant(undefined)], [1, path]),
        main: rarely(path, 1),
        exports: rarely(exported, 1),
        imports: rarely(dictionary(fc.constantFrom(...IMPORTS), target), 1),
        typesVersions: rarely(
          dictionary(
            fc.constantFrom(...RANGES),
            dictionary(fc.constantFrom(...PATTERNS), fc.array(fc.constantFrom(...MAPPED), { maxLength: 2 }), 1),
            1,
          ),
          1,
        ),
        type: rarely(fc.constantFrom('module', 'commonjs'), 1),
      })
      .map((value) => JSON.stringify(value)),
  ],
  [1, fc.constantFrom('', '{', '[]', 'null', '{"types": 1, "main": null, "exports": false, "name": ""}')],
);

const files = fc.array(mostly(FILES, ODD_FILES), { minLength: 1, maxLength: 10 });

const packageInTree = fc.record({
  home: fc.constantFrom(...HOMES),
  name: fc.option(mostly(NAMES, ODD_NAMES), { nil: undefined, freq: 5 }),
  manifest: rarely(manifest, 4),
  nested: rarely(fc.tuple(fc.constantFrom('lib', 'types', 'new', 'lib/a'), manifest), 1),
  files,
});

/** A file or a directory that moves elsewhere, with a link in its place. */
const link = fc.record({ subject: fc.nat(), cutLevels: fc.nat({ max: 2 }), absolute: fc.boolean() });

/** Trees as lists of [name, entry] for tree.mjs. */
export const typedTree = fc
  .record({
    packages: fc.array(packageInTree, { minLength: 2, maxLength: 8 }),
    links: weighted([2, fc.constant([])], [1, fc.array(link, { maxLength: 3 })]),
  })
  .map(({ packages, links }) => {
    const builder = new TreeBuilder();
    for (const { home, name, manifest: text, nested, files: names } of packages) {
      const above = home === '' ? '' : `${home}/`;
      const directory = name === undefined ? home : `${above}node_modules/${name}`;
      if (text !== undefined) builder.add(directory, 'package.json', text);
      for (const file of names) builder.add(directory, file, '');
      if (nested !== undefined) builder.add(directory, `${nested[0]}/package.json`, nested[1]);
    }
    for (const { subject, cutLevels, absolute } of links) {
      const names = builder.textNames();
      const segments = names[subject % names.length].split('/');
      const replaced = segments.slice(0, Math.max(1, segments.length - cutLevels)).join('/');
      builder.replaceByLink(replaced, { chainLength: 1, absolute, isStoreUtf8: true });
    }
    return builder.entries();
  });
