import { inspect } from 'node:util';
import test from 'ava';
import { check, fastResolve } from '../helpers/oracle.mjs';
import { treeFor } from '../helpers/tree.mjs';

const NOT_STRINGS = [
  undefined,
  null,
  0,
  1n,
  true,
  {},
  [],
  ['fs'],
  Symbol('fs'),
  () => 'fs',
  new String('fs'),
  Buffer.from('fs'),
  new URL('file:///a'),
];

for (const value of NOT_STRINGS) {
  test(`${inspect(value)} for a request`, (t) => {
    // Node's own message for the request; for the directory there is no Node to ask.
    const { error } = check(t, value, '/');
    t.like(error, { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' });
    t.throws(() => fastResolve.resolve.paths(value, '/'), { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' });
  });

  test(`${inspect(value)} for a directory`, (t) => {
    const expected = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE', message: /"fromDir"/ };
    t.throws(() => fastResolve.resolve('./a', value), expected);
    t.throws(() => fastResolve.resolve('fs', value), expected);
    t.throws(() => fastResolve.resolve.paths('a', value), expected);
  });
}

for (const directory of ['', '.', '..', 'a', './a', '../a', '~/a', ' /a', 'C:\\a', '\\a', 'file:///a']) {
  test(`the directory ${JSON.stringify(directory)} is not absolute`, (t) => {
    const expected = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE', message: /fromDir/ };
    t.throws(() => fastResolve.resolve('./a', directory), expected);
    t.throws(() => fastResolve.resolve('fs', directory), expected);
    t.throws(() => fastResolve.resolve.paths('a', directory), expected);
  });
}

const tree = {
  'a.js': '',
  'index.js': '',
  'a/index.js': '',
  'package.json': {
    json: {
      name: 'self',
      exports: { '.': './a.js', './*': './*' },
      imports: { '#a': './a.js', '#*': './*', '#dep/*': 'dep/*' },
    },
  },
  'node_modules/dep/index.js': '',
  'node_modules/exporting/package.json': { json: { exports: { './*': './*.js', './*/x': './*' } } },
  'node_modules/exporting/a.js': '',
};

const STARTS = ['', './', '../', '/', '#', 'dep/', 'exporting/', 'self/', 'node:', 'fs', '@s/', '#dep/'];

for (const start of STARTS) {
  const label = JSON.stringify(start);

  test(`NUL bytes after ${label}`, (t) => {
    const root = treeFor(t, tree);
    for (const rest of [
      '\0',
      'a\0',
      '\0a',
      'a\0.js',
      'a.js\0',
      'a.js\0x',
      'a/\0',
      'a\0/index.js',
      '\0/\0',
      'a.js\0/../a.js',
      '../\0',
    ])
      check(t, start + rest, root);
  });

  test(`lone surrogates after ${label}`, (t) => {
    const root = treeFor(t, tree);
    for (const rest of [
      '\ud800',
      '\udc00',
      'a\ud800',
      '\udfffa.js',
      '\udc00\ud800',
      '\ud83d/\ude00',
      'a/\ud800/../index.js',
      '../\ud800',
    ])
      check(t, start + rest, root);
  });

  test(`a megabyte after ${label}`, (t) => {
    const root = treeFor(t, tree);
    const megabyte = 1024 * 1024;
    for (const unit of [
      'a',
      'a/',
      '/',
      './',
      '%2e',
      '\\',
      '@',
      '#',
      '*',
      '.',
      '\u00e9',
      '\ud800',
      '\0',
      ' ',
      '\n',
      'node_modules/',
    ]) {
      check(t, start + unit.repeat(megabyte / unit.length), root);
    }
    // Node takes minutes for a megabyte of these.
    check(t, start + '../'.repeat(20_000), root);
  });
}

test('control characters and other oddities', (t) => {
  const root = treeFor(t, tree);
  for (let code = 0; code < 0x100; code++) {
    const character = String.fromCharCode(code);
    for (const request of [
      character,
      `./${character}`,
      `./a${character}`,
      `${character}/a`,
      `exporting/${character}a`,
      `#${character}`,
    ])
      check(t, request, root);
  }
});

test('odd directories', (t) => {
  const root = treeFor(t, tree);
  const directories = [
    '/',
    '//',
    '///a',
    '/..',
    `${root}/\0`,
    `${root}\0`,
    `${root}/a\0b/c`,
    `${root}/\ud800`,
    `${root}/${'d/'.repeat(1000)}`,
    `${root}/${'x'.repeat(1024 * 1024)}`,
    `${root}/${'./'.repeat(1000)}`,
    `${root}/a.js`,
    '/dev/null',
    '/proc/self/fd',
    `${root}/%00`,
    `${root}/?`,
    `${root}/#`,
    `${root}/a b`,
    `${root}/\n`,
  ];
  for (const directory of directories) {
    for (const request of ['./a', '../a', '.', 'dep', 'exporting/a', 'self', '#a', '#nope', 'fs', '', '/'])
      check(t, request, directory);
  }
});
