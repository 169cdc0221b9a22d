// What an answer depends on besides the disk. There is one snapshot for each program and command line; what else differs makes it
// one that was made for other options, and the next one takes its place.

import path from 'node:path';
import test from 'ava';
import { removeTree } from '../helpers/tree.mjs';
import { ask, namesIn, newDirectory, run, settledTrees } from './processes.mjs';

const tree = {
  'package.json': '{}',
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
  ['conditions', () => ({ env: { NODE_OPTIONS: '-C custom' } }), 'mapped', 'node_modules/mapped/custom.js'],
  ['an extension', () => ({ extension: '.special' }), './special', 'special.special'],
  ['-C', () => ({ execArgv: ['-C', 'custom'] }), 'mapped', 'node_modules/mapped/custom.js'],
  ['--preserve-symlinks', () => ({ execArgv: ['--preserve-symlinks'] }), './link', 'link.js'],
];

let root;

test.before(async () => {
  ({ root } = await settledTrees({ root: tree }));
});

test.after.always(() => removeTree(root));

test('a snapshot that was made for other options is not used, and replaced', async (t) => {
  const directory = newDirectory(t);
  const requests = ROWS.map(([, , request]) => [request, root]);
  const askWith = ({ env, ...others }) =>
    ask(t, requests, { directory, env: { HOME: `${root}/nowhere`, ...env }, ...others });
  const files = new Set();
  for (const [index, [title, start, , answer]] of ROWS.entries()) {
    const isOfItsOwn = index === 0 || start(root).execArgv !== undefined;
    for (const state of [isOfItsOwn ? 'none' : 'ignored', 'used']) {
      const { answers, stats } = await askWith(start(root));
      t.is(answers[index], path.join(root, answer), title);
      t.is(stats.snapshot.state, state, title);
      if (state === 'ignored') t.regex(stats.snapshot.reason, /other options/, title);
      files.add(stats.snapshot.path);
    }
  }
  t.is(files.size, 3, 'the command line is part of the name');
  t.is(namesIn(directory).length, files.size);
});

test('each program has one of its own', async (t) => {
  const [one, other] = ['one', 'other'].map((name) => `${root}/${name}.cjs`);
  const directory = newDirectory(t);
  const env = { FAST_RESOLVE_CACHE: directory, REQUEST_ROOT: root };
  const program = `
    process.argv[1] = process.env.PROGRAM;
    const { resolve, stats } = require(process.env.LIBRARY);
    resolve('./a', process.env.REQUEST_ROOT);
    console.log(stats().snapshot.state);
  `;
  const states = [];
  for (const name of [one, other, one, other]) {
    const { stdout } = await run(['-e', program], { env: { ...env, PROGRAM: name } });
    states.push(stdout.trim());
  }
  t.deepEqual(states, ['none', 'none', 'used', 'used']);
  t.is(namesIn(directory).length, 2);
});

test('options that come later have another', async (t) => {
  const directory = newDirectory(t);
  const program = `
    const { resolve, stats } = require(process.env.LIBRARY);
    const answers = [resolve('./a', process.env.REQUEST_ROOT)];
    require.extensions['.special'] = require.extensions['.js'];
    answers.push(resolve('./special', process.env.REQUEST_ROOT));
    console.log(JSON.stringify({ answers, misses: stats().misses }));
  `;
  const ask = async () => {
    const { stdout } = await run(['-e', program], { env: { FAST_RESOLVE_CACHE: directory, REQUEST_ROOT: root } });
    return JSON.parse(stdout);
  };
  const answers = [`${root}/a.js`, `${root}/special.special`];
  t.deepEqual(await ask(), { answers, misses: 2 });
  const [first, second] = namesIn(directory).toReversed();
  const end = '.fast-resolve.snapshot';
  t.true(first.endsWith(end));
  const ofProgram = first.slice(0, -end.length);
  t.is(second.slice(0, ofProgram.length), ofProgram, 'they belong to the same program');
  t.regex(second.slice(ofProgram.length), /^-[0-9a-f]{16}\.fast-resolve\.snapshot$/);
  t.deepEqual(await ask(), { answers, misses: 0 });
});
