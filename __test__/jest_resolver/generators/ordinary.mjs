// Random trees of ordinary packages, and requests for them. The names are few, so that most requests meet something;
// the trees that Node is compared over are odd, and most requests in them are left to jest.

import fc from 'fast-check';
import { ROOT } from '../../helpers/twins.mjs';

const NAMES = ['a', 'b', '@s/c'];

const DIRECTORIES = [
  '',
  'src',
  'src/lib',
  'packages/a',
  'packages/a/lib',
  'packages/b',
  'node_modules/a',
  'node_modules/a/lib',
  'node_modules/a/node_modules/b',
  'node_modules/a/node_modules/@s/c',
  'node_modules/b',
  'node_modules/@s/c',
  'src/node_modules/a',
  'src/node_modules/b',
];

const FILES = [
  'index.js',
  'index.json',
  'a.js',
  'a.json',
  'a.native.js',
  'lib.js',
  'lib/index.js',
  'lib/a.js',
  'lib/b.json',
  'lib/deep/index.js',
  'lib/deep/a.js',
  'feature/a.js',
  'feature/b.js',
  '.hidden.js',
];

const MAINS = [
  'a.js',
  './lib/a.js',
  './index.js',

  'a.js',
  './a',
  './a.js',
  'lib',
  './lib/',
  'lib/index',
  './lib/deep',
  'missing',
  '.',
  './',
  '../b',
  '',
  5,
  null,
];

const TARGETS = [
  './a.js',
  './index.js',
  './lib/a.js',
  './lib/index.js',
  './missing.js',
  './lib',
  './a',
  'a.js',
  './../a/a.js',
  null,
  ['./a.js', './lib/a.js'],
];

const PATTERN_TARGETS = ['./lib/*.js', './lib/*', './*.js', './*', './feature/*.js', './feature/*/a.js', null];

const CONDITIONS = ['require', 'import', 'node', 'default', 'browser', 'types'];

const KEYS = ['.', './a', './a.js', './lib', './package.json', './feature/a'];

const PATTERN_KEYS = ['./*', './lib/*', './feature/*', './*.js', './feature/*.js', './lib/', './', './*/a', './lib/d*'];

const SUBPATHS = [
  '',
  '',
  '',
  '/a',
  '/a.js',
  '/lib',
  '/lib/a',
  '/lib/a.js',
  '/lib/deep',
  '/feature/a',
  '/feature/b.js',
  '/package.json',
  '/package',
  '/a/a',
  '/b',
  '/index',
  '/lib/',
  '/missing',
];

const RELATIVE = [
  './a',
  './a.js',
  './lib',
  './lib/a',
  './lib/deep',
  './index',
  '../a',
  '../lib',
  '../lib/a.js',
  '../../a',
  '../..',
  '..',
  '.',
  './',
  './lib/',
  './.hidden',
  '../node_modules/a',
  './node_modules/b/lib',
  '../src/lib',
  './missing',
];

function targetTree(leaves) {
  return fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small' },
      { weight: 4, arbitrary: fc.constantFrom(...leaves) },
      { weight: 2, arbitrary: fc.dictionary(fc.constantFrom(...CONDITIONS), tie('node'), { minKeys: 1, maxKeys: 3 }) },
    ),
  })).node;
}

const exportsMap = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...KEYS), targetTree(TARGETS), { maxKeys: 4 }),
    fc.dictionary(fc.constantFrom(...PATTERN_KEYS), targetTree(PATTERN_TARGETS), { maxKeys: 2 }),
  )
  .map(([exact, patterns]) => ({ ...exact, ...patterns }));

const manifest = fc
  .record(
    {
      name: fc.constantFrom(...NAMES),
      main: fc.constantFrom(...MAINS),
      exports: fc.oneof(exportsMap, exportsMap, targetTree(TARGETS)),
    },
    { requiredKeys: [] },
  )
  .map((value) => JSON.stringify(value));

/** A directory with most of the files, and mostly with a package.json. */
const filledDirectory = (where) =>
  fc.tuple(
    fc.constant(where),
    fc.subarray(FILES, { minLength: FILES.length / 2 }),
    fc.option(manifest, { freq: 5, nil: undefined }),
    fc.option(manifest, { freq: 1, nil: undefined }),
  );

const filledDirectories = fc
  .subarray(DIRECTORIES, { minLength: DIRECTORIES.length / 2 })
  .chain((chosen) => fc.tuple(...chosen.map(filledDirectory)));

/** Packages that are links into the workspace. */
const links = fc.subarray([
  ['node_modules/a', { link: '../packages/a' }],
  ['node_modules/@s/c', { link: '../../packages/b' }],
  ['src/lib', { link: '../packages/a/lib' }],
  ['packages/b/a.js', { link: 'index.js' }],
]);

/** Trees as lists of [name, entry] for tree.mjs. */
const tree = fc.tuple(filledDirectories, fc.oneof(fc.constant([]), links)).map(([filled, linked]) => {
  const entries = new Map(filled.flatMap(entriesOf));
  const isBehindLink = (name) => linked.some(([link]) => name === link || name.startsWith(`${link}/`));
  return [...[...entries].filter(([name]) => !isBehindLink(name)), ...linked];
});

function entriesOf([where, files, own, nested]) {
  const prefix = where === '' ? '' : `${where}/`;
  return [
    ...files.map((file) => [`${prefix}${file}`, '']),
    ...(own === undefined ? [] : [[`${prefix}package.json`, own]]),
    ...(nested === undefined ? [] : [[`${prefix}lib/package.json`, nested]]),
  ];
}

/** A tree with requests [request, fromDir] for it, both with ROOT in place of its directory. */
export const ordinaryExample = (requestCount) =>
  tree.chain((entries) => {
    const directories = DIRECTORIES.filter((where) => entries.some(([name]) => name.startsWith(`${where}/`)));
    const request = fc.tuple(requestText(directories), fc.constantFrom(...directories).map(inRoot));
    return fc.tuple(fc.constant(entries), fc.array(request, { minLength: requestCount, maxLength: requestCount }));
  });

function requestText(directories) {
  const bare = fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...SUBPATHS)).map((parts) => parts.join(''));
  const absolute = fc.tuple(fc.constantFrom(...directories), fc.constantFrom(...FILES, ...FILES.map(withoutExtension)));
  return fc.oneof(
    { weight: 3, arbitrary: bare },
    { weight: 2, arbitrary: fc.constantFrom(...RELATIVE) },
    { weight: 1, arbitrary: absolute.map(([where, name]) => `${inRoot(where)}/${name}`) },
  );
}

function inRoot(name) {
  return name === '' ? ROOT : `${ROOT}/${name}`;
}

function withoutExtension(name) {
  return name.replace(/\..*$/, '');
}
