import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { fastResolve } from '../helpers/oracle.mjs';

const REQUESTS = [
  'a',
  '@s/a',
  'a/b',
  './a',
  '../a',
  '.',
  '..',
  './',
  '../',
  '.a',
  '..a',
  '...',
  '/a',
  '/',
  '',
  ' ',
  '#a',
  '\\a',
  '.\\a',
  'fs',
  'node:fs',
  'fs/',
  'fs/promises',
  'node:nope',
  'node:',
  'test',
  'node:test',
  'a\0',
  '\ud800',
  'caf\u00e9',
];

const DIRECTORIES = [
  '/',
  '//',
  '/a',
  '/a/',
  '/a/b/c',
  '/a/../b',
  '/a//b',
  '/a/./b',
  '/node_modules',
  '/a/node_modules',
  '/a/node_modules/',
  '/a/node_modules/b',
  '/a/node_modules/@s/b/lib',
  '/node_modules/node_modules',
  '/a/node_modules/node_modules/b',
  '/a/xnode_modules/b',
  '/a/node_modulesx/b',
  '/a/node_modules.x',
  '/Node_Modules',
  '/caf\u00e9',
  '/a b',
  '/\ud800',
  '/a\0b',
  '/nope/deeper',
];

for (const request of REQUESTS) {
  test(`the paths for ${JSON.stringify(request)}`, (t) => {
    for (const fromDir of DIRECTORIES) {
      const expected = createRequire(path.join(fromDir, 'any.js')).resolve.paths(request);
      t.deepEqual(fastResolve.resolve.paths(request, fromDir), expected, `from ${fromDir}`);
    }
  });
}

test('a caller may change the answer without harm to the next one', (t) => {
  const first = fastResolve.resolve.paths('a', '/a/b');
  const before = [...first];
  first.length = 0;
  t.deepEqual(fastResolve.resolve.paths('a', '/a/b'), before);
});

test('the global folders are at the end, in the order of Node', (t) => {
  const paths = fastResolve.resolve.paths('a', '/');
  t.deepEqual(paths.slice(0, 1), ['/node_modules']);
  t.true(paths.at(-1).endsWith('/lib/node'));
});
