import test from 'ava';
import { failsWith, sameAsNode, testRows } from '../helpers/cases.mjs';

const VALID = [
  './a.js',
  './lib/a.js',
  './a.mjs',
  './.hidden.js',
  './..foo/a.js',
  './a..js',
  './a b.js',
  './caf\u00e9.js',
  './\u{1f600}.js',
  './a.js?query',
  './a.js#hash',
  './a%20b.js',
  './%61.js',
  './a%2ejs',
];

/** What these answer is Node's affair: some warn, some find a file, and versions differ. */
const ODD = [
  './lib//a.js',
  './/a.js',
  './lib/',
  './',
  './lib',
  './lib\\a.js',
  './lib\\..\\a.js',
  './lib%2fa.js',
  './lib%5Ca.js',
  './%zz.js',
  './%',
  './%ff.js',
  './%00.js',
  './a\0.js',
  './a\n.js',
  './a\t.js',
  './ a.js',
  './a.js ',
  './\ud800.js',
  './cafe\u0301.js',
  './*',
  './a*.js',
  './missing.js',
  `./${'x'.repeat(300)}`,
  `./${'d/'.repeat(3000)}a.js`,
];

const INVALID = [
  '',
  ' ',
  '.',
  '..',
  '../a.js',
  'a.js',
  'lib/a.js',
  '/a.js',
  '//a.js',
  '.\\a.js',
  'a',
  'dep',
  '@scope/dep',
  'fs',
  'node:fs',
  '#a',
  '*',
  'http://host/a.js',
  'file:///a.js',
  'data:text/javascript,1',
  './../a.js',
  './lib/../a.js',
  './lib/../../a.js',
  './lib/./a.js',
  './lib/.',
  './lib/..',
  './.',
  './..',
  './node_modules/dep/index.js',
  './lib/node_modules/a.js',
  './node_modules',
  './NODE_MODULES/a.js',
  './%2e%2e/a.js',
  './%2E/a.js',
  './lib/.%2e/a.js',
  './n%6fde_modules/a.js',
  '.\ufeff/a.js',
];

const NOT_STRINGS = [false, true, 0, 1, -1.5, 1e300];

/** The tree with one target as the entry of a package, and as the value of a key of `imports`. */
function treeWith(target) {
  const files = [
    'a.js',
    'a.mjs',
    'a b.js',
    'a',
    'caf\u00e9.js',
    '\u{1f600}.js',
    '.hidden.js',
    '..foo/a.js',
    'a..js',
    'lib/a.js',
    'lib/index.js',
    'lib\\a.js',
    '%61.js',
  ];
  return {
    'app/package.json': { json: { imports: { '#target': target, '#list': [target], '#star-*': target } } },
    ...Object.fromEntries(files.map((file) => [`app/${file}`, ''])),
    'node_modules/pkg/package.json': { json: { exports: { '.': target, './list': [target], './star-*': target } } },
    ...Object.fromEntries(files.map((file) => [`node_modules/pkg/${file}`, ''])),
    'node_modules/dep/index.js': '',
    'node_modules/@scope/dep/index.js': '',
    'a.js': '',
  };
}

function exportRows(targets, expected) {
  return targets.map((target) => [treeWith(target), `exports, target ${shorten(target)}`, 'pkg', '', expected]);
}

function otherRows(targets) {
  return targets.flatMap((target) => [
    [treeWith(target), `exports, target ${shorten(target)} in an array`, 'pkg/list', '', sameAsNode],
    [treeWith(target), `exports, target ${shorten(target)} of a pattern`, 'pkg/star-a', '', sameAsNode],
    [treeWith(target), `imports, target ${shorten(target)}`, '#target', 'app', sameAsNode],
    [treeWith(target), `imports, target ${shorten(target)} in an array`, '#list', 'app', sameAsNode],
    [treeWith(target), `imports, target ${shorten(target)} of a pattern`, '#star-a', 'app', sameAsNode],
  ]);
}

const rows = [
  ...exportRows(VALID, { kind: 'sameAsNode' }),
  ...exportRows(ODD, sameAsNode),
  ...exportRows(INVALID, failsWith('ERR_INVALID_PACKAGE_TARGET')),
  ...exportRows(NOT_STRINGS, failsWith('ERR_INVALID_PACKAGE_TARGET')),
  ...otherRows([...VALID, ...ODD, ...INVALID, ...NOT_STRINGS]),
];

for (const [tree, ...row] of rows) testRows(test, tree, [row]);

function shorten(target) {
  const text = JSON.stringify(target);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
}
