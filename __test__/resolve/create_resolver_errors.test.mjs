// A resolver with options words its errors itself: in Node's words, as far as Node's versions agree on them.

import path from 'node:path';
import test from 'ava';
import { fastResolve, nodeAnswer, ourAnswer } from '../helpers/oracle.mjs';
import { treeFor } from '../helpers/tree.mjs';

const { resolve } = fastResolve.createResolver({ builtins: true });

const tree = {
  'app/package.json': {
    json: {
      name: 'app',
      exports: { '.': './no.js', './x': 'bad', './null': null, './inner': './node_modules/x' },
      imports: {
        '#missing': './missing.js',
        '#null': null,
        '#bare-missing': 'nope',
        '#outside': '../out',
        '#not-exported': 'mapped/none',
        '#absolute': '/abs',
        '#number': 7,
        '#object': { import: './a.js' },
        '#builtin': 'fs',
        '#p*': './x*',
      },
    },
  },
  'node_modules/mapped/package.json': {
    json: {
      exports: {
        '.': './gone.js',
        './bare': 'a.js',
        './import': { import: './b.js' },
        './pattern/*': './c/*.js',
        './array': ['x', 'y'],
        './false': false,
        './numeric': { 0: './a' },
        './encoded': './a%2fb',
        './empty': '',
      },
    },
  },
  'node_modules/mixed/package.json': { json: { exports: { '.': './a', b: './b' } } },
  'node_modules/no-main/package.json': { json: { main: 'gone' } },
  'node_modules/malformed/package.json': '{',
  'node_modules/main-target/package.json': { json: { exports: 'a.js' } },
};

const requests = [
  ...['app', 'app/x', 'app/null', 'app/inner', 'app/other'],
  ...['#missing', '#null', '#bare-missing', '#outside', '#not-exported', '#absolute', '#number', '#object', '#builtin'],
  ...['#other', '#', '#/x', '#x/', '#p/../x'],
  ...[
    'mapped',
    'mapped/bare',
    'mapped/import',
    'mapped/other',
    'mapped/pattern/../x',
    'mapped/pattern/y',
    'mapped/array',
  ],
  ...['mapped/false', 'mapped/numeric', 'mapped/encoded', 'mapped/empty'],
  ...['mixed', 'no-main', 'no-main/nope', 'malformed', 'main-target', 'nope', './nope', 'node:nope'],
];

for (const request of requests) {
  test(`the error for ${request}`, (t) => {
    const root = treeFor(t, tree);
    const fromDir = path.join(root, 'app');
    const ours = ourAnswer(request, fromDir, resolve).error;
    t.deepEqual(ours, expectedError(nodeAnswer(request, fromDir).error, path.join(root, 'node_modules/malformed')));
  });
}

const LOOPING = { link: 'package.json' };
const LONG = 'x'.repeat(300);

/** What nobody can read: links that lead back to themselves, and names that are too long. */
const unreadable = {
  loop: { linkToRoot: 'loop' },
  'node_modules/dep/index.js': '',
  'node_modules/looping/package.json': LOOPING,
  'node_modules/looping/index.js': '',
  'node_modules/looping/x.js': '',
  'app/package.json': LOOPING,
  'app/index.js': '',
  'app/x.js': '',
  'app/below/package.json': LOOPING,
  'app/deep/file.js': '',
  'whole/package.json': { json: { name: 'whole', exports: './file.js' } },
  'whole/file.js': '',
  'whole/below/package.json': LOOPING,
  'malformed/package.json': '{',
  'malformed/below/package.json': LOOPING,
  'plain/file.js': '',
};

const UNREADABLE = [
  ...['dep', './x', '.', '#x', '../plain/file.js'].map((request) => ['app', request]),
  ...['looping', 'looping/x', '../app', '../app/', '../node_modules/looping', LONG].map((request) => [
    'plain',
    request,
  ]),
  ...['loop', 'loop/a', 'loop/a/b', 'app/deep', 'app/below', 'whole/below', 'whole', 'node_modules/looping', LONG].map(
    (from) => [from, 'dep'],
  ),
  ...[`${LONG}/below`, 'app/below/node_modules/none'].map((from) => [from, 'dep']),
  ...['whole', 'whole/below'].map((from) => [from, 'whole']),
];

for (const fresh of [false, true]) {
  const resolver = fastResolve.createResolver({ builtins: true, fresh });
  for (const [from, request] of UNREADABLE) {
    const title = `${from.replace(LONG, '…')} asks for ${request.replace(LONG, '…')}, fresh: ${fresh}`;
    test(`what can't be read: ${title}`, (t) => {
      const root = treeFor(t, unreadable);
      const fromDir = path.join(root, from);
      t.deepEqual(ourAnswer(request, fromDir, resolver.resolve), nodeAnswer(request, fromDir));
    });
  }
}

test('one that is malformed comes before those that can’t be read', (t) => {
  const root = treeFor(t, unreadable);
  const fromDir = path.join(root, 'malformed/below');
  const node = nodeAnswer('dep', fromDir).error;
  t.deepEqual(ourAnswer('dep', fromDir, resolve).error, expectedError(node, path.join(root, 'malformed')));
});

/** Node's error, but for the two things that its versions tell differently (docs/differences.md). */
function expectedError(error, malformed) {
  if (error.name === 'SyntaxError') {
    const message = `Invalid package config ${malformed}/package.json.`;
    return { name: 'Error', code: 'ERR_INVALID_PACKAGE_CONFIG', message };
  }
  // Later Nodes name the directory of the package where a target is missing; earlier ones its package.json.
  const isDirectory = error.path !== undefined && path.basename(error.path) !== 'package.json';
  return isDirectory ? { ...error, path: path.join(error.path, 'package.json') } : error;
}
