// The values of `exports` and `imports`, legal and illegal, as JSON text.

import fc from 'fast-check';
import { jsonArray, jsonConstants, jsonObject, jsonString } from './json_text.mjs';
import { mostly, weighted } from './names.mjs';

const CONDITIONS = ['node', 'require', 'import', 'default', 'module-sync', 'node-addons', 'types', 'development'];

const ODD_CONDITIONS = [
  '',
  '0',
  '1',
  '10',
  '-1',
  '1.5',
  '4294967295',
  '__proto__',
  'constructor',
  'Node',
  './a',
  'a.js',
];

const SUBPATHS = [
  '.',
  './a',
  './a.js',
  './lib/a.js',
  './*',
  './*.js',
  './lib/*',
  './lib/*.js',
  './lib/*/a.js',
  './dir/*',
  './package.json',
];

const ODD_SUBPATHS = [
  './',
  './lib/',
  './/',
  './/*',
  './**',
  './*/*',
  './lib/*/*.js',
  './a*',
  './a.*',
  './*a.js',
  './l*b/a.js',
  './../*',
  './a%2ejs',
  './%61.js',
  './a b.js',
  './caf\u00e9.js',
  './node_modules/*',
  './a\\b.js',
  './lib/\ud800',
  './__proto__',
  '..',
  '../a',
  '.a',
  'a',
  '',
  '0',
  '#a',
];

const IMPORT_NAMES = ['#a', '#a.js', '#lib/a.js', '#lib/*', '#lib/*.js', '#*', '#dep', '#dep/*'];

const ODD_IMPORT_NAMES = [
  '#',
  '#/',
  '#/a',
  '#/*',
  '#lib/',
  '#*/*',
  '#a*',
  '#*.js',
  '##',
  '#.',
  '#..',
  '#\ud800',
  'a',
  '',
  '0',
  './a',
];

const TARGETS = [
  './a.js',
  './index.js',
  './main.js',
  './a',
  './lib/a.js',
  './lib/*',
  './*',
  './*.js',
  './lib/*.js',
  './lib/*/a.js',
  './dir/index.js',
  './a.mjs',
];

const ODD_TARGETS = [
  '.',
  './',
  '..',
  '../',
  '../a.js',
  './../a.js',
  './lib/../a.js',
  './lib/../../a.js',
  './lib/./a.js',
  './lib//a.js',
  './/a.js',
  './lib/',
  './lib',
  './dir',
  './dir/',
  './missing.js',
  './node_modules/b/index.js',
  './lib/node_modules/a.js',
  './NODE_MODULES/a.js',
  './n%6fde_modules/a.js',
  './%2e%2e/a.js',
  './lib/%2E/a.js',
  './lib%2fa.js',
  './lib%5Ca.js',
  './a%2ejs',
  './%61.js',
  './%zz.js',
  './%',
  './%ff.js',
  './a%00.js',
  './a%20b.js',
  './a b.js',
  './ a.js',
  './a.js ',
  './a.js?q=1',
  './a.js#h',
  './a?q.js',
  './a#h.js',
  './*?q',
  './*#h',
  './lib\\a.js',
  '.\\a.js',
  './\\a.js',
  './lib\\..\\a.js',
  './caf\u00e9.js',
  './cafe\u0301.js',
  './\ud800.js',
  './a\u0000.js',
  './a\tb.js',
  './line\nbreak.js',
  './*/*',
  './*/../*',
  './lib/*/',
  './**',
  '*',
  '/a.js',
  '//host/a.js',
  'a.js',
  'lib/a.js',
  '',
  ' ',
  '[',
  '{',
  '[1]',
  '{"a":1}',
  '__proto__',
];

const BARE_TARGETS = [
  'a',
  'b',
  'a/lib/a.js',
  'lib/*',
  '@s/a',
  '@s/b/a.js',
  'fs',
  'node:fs',
  'fs/promises',
  'node:test',
  'test',
];

const ODD_BARE_TARGETS = [
  'a/',
  'a//a.js',
  'a/../b',
  'a/.',
  'b/./a.js',
  'a%2fb',
  'a%b',
  'a\\b',
  '.a',
  '..foo',
  '@',
  '@s',
  '@s/',
  '@s/a/*',
  '*',
  '#a',
  '#dep',
  '#lib/a.js',
  'node:nope',
  'node:',
  'http://host/a.js',
  'file:///a.js',
  'file:a',
  'data:text/javascript,1',
  'a:b',
  'c:\\a.js',
  'caf\u00e9',
  'a b',
  '../a',
  '/a',
];

const target = jsonString(mostly(TARGETS, ODD_TARGETS));

const importTarget = jsonString(
  weighted(
    [4, mostly(TARGETS, ODD_TARGETS)],
    [3, fc.constantFrom(...BARE_TARGETS)],
    [2, fc.constantFrom(...ODD_BARE_TARGETS)],
  ),
);

const condition = jsonString(weighted([9, fc.constantFrom(...CONDITIONS)], [1, fc.constantFrom(...ODD_CONDITIONS)]));

const notATarget = jsonConstants(null, null, false, true, 0, 1, -1.5, 1e300, {}, []);

function targetTree(leaf) {
  return fc.letrec((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 7, arbitrary: leaf },
      { weight: 1, arbitrary: notATarget },
      { weight: 3, arbitrary: jsonObject(condition, tie('node'), { maxLength: 4 }) },
      { weight: 2, arbitrary: jsonArray(tie('node'), { maxLength: 3 }) },
    ),
  })).node;
}

const exportsTarget = targetTree(target);
const importsTarget = targetTree(importTarget);
const subpath = jsonString(mostly(SUBPATHS, ODD_SUBPATHS));
const wellFormedSubpath = jsonString(fc.constantFrom(...SUBPATHS));
const wellFormedTarget = jsonString(fc.constantFrom(...TARGETS));
const wellFormedImportTarget = jsonString(fc.constantFrom(...TARGETS, ...TARGETS, ...BARE_TARGETS));
const importName = jsonString(mostly(IMPORT_NAMES, ODD_IMPORT_NAMES));

export const exportsValue = weighted(
  [3, jsonObject(wellFormedSubpath, wellFormedTarget, { minLength: 1, maxLength: 5 })],
  [4, jsonObject(subpath, exportsTarget, { maxLength: 6 })],
  [2, exportsTarget],
  [1, jsonObject(fc.oneof(subpath, condition), exportsTarget, { maxLength: 3 })],
);

export const importsValue = weighted(
  [4, jsonObject(jsonString(fc.constantFrom(...IMPORT_NAMES)), wellFormedImportTarget, { minLength: 1, maxLength: 6 })],
  [6, jsonObject(importName, importsTarget, { minLength: 1, maxLength: 6 })],
  [1, jsonObject(fc.oneof(importName, condition), importsTarget, { maxLength: 3 })],
  [1, importsTarget],
);
