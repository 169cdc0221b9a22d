// What an answer depends on besides the disk: another snapshot for each.

import path from 'node:path';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { ask, namesIn, newDirectory } from './processes.mjs';

const tree = {
  'a.js': '',
  'a.special': '',
  'paths/only.js': '',
  'home/.node_modules/only.js': '',
  'other/': null,
  'link.js': { link: 'a.js' },
  'node_modules/mapped/package.json': { json: { exports: { custom: './custom.js', default: './default.js' } } },
  'node_modules/mapped/custom.js': '',
  'node_modules/mapped/default.js': '',
  'special.special': '',
};

const nothing = () => ({});

/** [title, how the process is started, a request whose answer depends on it or on nothing, that answer] */
const ROWS = [
  ['nothing', nothing, 'mapped', 'node_modules/mapped/default.js'],
  ['NODE_PATH', (root) => ({ env: { NODE_PATH: `${root}/paths` } }), 'only', 'paths/only.js'],
  ['HOME', (root) => ({ env: { HOME: `${root}/home` } }), 'only', 'home/.node_modules/only.js'],
  ['another HOME', (root) => ({ env: { HOME: `${root}/other` } }), './a', 'a.js'],
  ['-C', () => ({ execArgv: ['-C', 'custom'] }), 'mapped', 'node_modules/mapped/custom.js'],
  ['--preserve-symlinks', () => ({ execArgv: ['--preserve-symlinks'] }), './link', 'link.js'],
  ['an extension', () => ({ extension: '.special' }), './special', 'special.special'],
];

test('what differs has a snapshot of its own, and what is the same has the same', async (t) => {
  const root = treeFor(t, tree);
  const directory = newDirectory(t);
  const requests = ROWS.map(([, , request]) => [request, root]);
  const askWith = ({ env, ...others }) =>
    ask(t, requests, { directory, env: { HOME: `${root}/nowhere`, ...env }, ...others });
  const files = new Map();
  for (const [index, [title, start, , answer]] of ROWS.entries()) {
    for (const state of ['none', 'used']) {
      const { answers, stats } = await askWith(start(root));
      t.is(answers[index], path.join(root, answer), title);
      t.is(stats.snapshot.state, state, title);
      files.set(title, stats.snapshot.path);
    }
  }
  t.is(new Set(files.values()).size, ROWS.length);
  t.is(namesIn(directory).length, ROWS.length);

  const sameConditions = await askWith({ env: { NODE_OPTIONS: '--conditions=custom' } });
  t.is(sameConditions.stats.snapshot.path, files.get('-C'));
  t.is(sameConditions.stats.snapshot.state, 'used');
});
