// The vocabulary of the generated trees and requests. It is small, so that a request often meets a file.

import fc from 'fast-check';

const NFC = 'caf\u00e9';
const NFD = 'cafe\u0301';
const LONGEST_NAME = 'n'.repeat(255);

const PACKAGE_NAMES = ['a', 'b', 'lib', '@s/a', '@s/b'];

const ODD_PACKAGE_NAMES = [
  'a.b',
  'a b',
  'A',
  NFC,
  NFD,
  '100%',
  'a%2fb',
  '%61',
  'a\\b',
  'a:b',
  'a*',
  '*',
  'a?b',
  'a#b',
  '..foo',
  '.hidden',
  '...',
  'dots.',
  '#x',
  '#x/a',
  '@s',
  '@',
  '@s/a.js',
  '@s/.dot',
  '@s/a%b',
  'node_modules',
  'index.js',
  'package.json',
  'fs',
  'fs/promises',
  'node:fs',
  'test',
  'sqlite',
  '__proto__',
  'constructor',
  '\u{1f600}',
  'line\nbreak',
];

const FILE_NAMES = [
  'index.js',
  'index.json',
  'index.node',
  'main.js',
  'a',
  'a.js',
  'a.json',
  'a.node',
  'a.mjs',
  'a.cjs',
  'lib/index.js',
  'lib/a.js',
  'lib/b.json',
  'lib/x.mjs',
  'lib/deep/a.js',
  'lib/deep/x.js',
  'dir/index.js',
  'dir/index.json',
  'dir/main.js',
  'b/x.js',
];

const ODD_FILE_NAMES = [
  'a b.js',
  `${NFC}.js`,
  `${NFD}.js`,
  'A.js',
  'a%2ejs',
  '%61.js',
  'lib%2fa.js',
  '%2e%2e/x.js',
  'a?q.js',
  'a.js?q',
  'a#h.js',
  'a*.js',
  '*',
  'a\\b.js',
  '.js',
  '.json',
  '..js',
  '...',
  '..foo/a.js',
  'a..js',
  'a.js.js',
  'a.js/index.js',
  'index/index.js',
  'index.js/index.js',
  'empty/',
  'node_modules.js',
  'node_modules/x.js',
  'lib/node_modules/a.js',
  '#x.js',
  '[',
  '\u{1f600}.js',
  'line\nbreak.js',
  'undefined',
  'null',
  '__proto__.js',
  `${LONGEST_NAME}`,
  Buffer.from('bad\xff.js', 'latin1'),
  Buffer.from('bad\xff/index.js', 'latin1'),
];

export const packageName = mostly(PACKAGE_NAMES, ODD_PACKAGE_NAMES);

export const fileName = mostly(FILE_NAMES, ODD_FILE_NAMES);

/** One of the usual words four times out of five, else one of the odd ones. */
export function mostly(usual, odd) {
  return fc.oneof(
    { arbitrary: fc.constantFrom(...usual), weight: 4 },
    { arbitrary: fc.constantFrom(...odd), weight: 1 },
  );
}

/** Weighted choice: [[3, arbitrary], [1, arbitrary], …]. */
export function weighted(...choices) {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
