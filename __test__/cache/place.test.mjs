// Where the snapshot is kept.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { ask, hook, namesIn, newDirectory, onlySnapshotIn, run, settledTrees } from './processes.mjs';

const program = `
  if (process.env.ASKER_QUESTION) {
    require(process.env.LIBRARY + '/__test__/cache/asker.cjs');
  } else {
    const isWaiting = () => require('module')._resolveFilename.toString().includes('wait()');
    console.log(isWaiting());
  }
`;

const tree = {
  'asked/package.json': '{}',
  'asked/a.js': '',
  'home/': null,
  'xdg/': null,
  'app/package.json': '{}',
  'app/node_modules/.cache/': null,
  'app/node_modules/tool/package.json': '{}',
  'app/node_modules/tool/bin/cli.js': program,
  'app/node_modules/tool/node_modules/dep/cli.js': program,
  'app/src/deep/main.js': program,
  'app/packages/inner/package.json': '{}',
  'app/packages/inner/main.js': program,
  'app/packages/inner/node_modules/.cache/': null,
  'new/package.json': '{}',
  'new/main.js': program,
  'new/node_modules/dep.js': '',
  'bare/package.json': '{}',
  'bare/main.js': program,
  'loose/main.js': program,
  'linked/package.json': '{}',
  'linked/main.js': program,
  'linked/node_modules': { link: '../app/node_modules' },
  'away/package.json': '{}',
  'away/main.js': program,
  'away/node_modules/.cache': { link: '../../app/node_modules/.cache' },
};

const OF_APP = 'app/node_modules/.cache/fast-resolve';
const OF_USER = 'xdg/fast-resolve';
const homeIs = (root) => ({ HOME: `${root}/home` });
const bothAre = (root) => ({ HOME: `${root}/home`, XDG_CACHE_HOME: `${root}/xdg` });
const neitherIs = () => ({});

/** [title, program, environment, where the snapshot is to be; undefined for nowhere] */
const ROWS = [
  ['in node_modules/.cache of the package that the program belongs to', 'app/src/deep/main.js', bothAre, OF_APP],
  [
    'in node_modules/.cache of the nearest package',
    'app/packages/inner/main.js',
    bothAre,
    'app/packages/inner/node_modules/.cache/fast-resolve',
  ],
  ['for a tool, where it is installed', 'app/node_modules/tool/bin/cli.js', bothAre, OF_APP],
  [
    'for a tool of a tool, where the first is installed',
    'app/node_modules/tool/node_modules/dep/cli.js',
    bothAre,
    OF_APP,
  ],
  ["in the user's cache, where node_modules has no .cache", 'new/main.js', bothAre, OF_USER],
  ['in a new .cache without a home', 'new/main.js', neitherIs, 'new/node_modules/.cache/fast-resolve'],
  ["in the user's cache, where the package has no node_modules", 'bare/main.js', bothAre, OF_USER],
  ["in the user's cache, where there is no package", 'loose/main.js', bothAre, OF_USER],
  ["in the user's cache, where node_modules is a link", 'linked/main.js', bothAre, OF_USER],
  ["in the user's cache, where node_modules/.cache is a link", 'away/main.js', bothAre, OF_USER],
  ['in ~/.cache without XDG_CACHE_HOME', 'bare/main.js', homeIs, 'home/.cache/fast-resolve'],
  [
    'in ~/.cache with an empty one',
    'bare/main.js',
    (root) => ({ ...homeIs(root), XDG_CACHE_HOME: '' }),
    'home/.cache/fast-resolve',
  ],
  [
    'nowhere with one that is no absolute path',
    'bare/main.js',
    (root) => ({ ...homeIs(root), XDG_CACHE_HOME: 'xdg' }),
    undefined,
  ],
  ['nowhere without a home and node_modules', 'bare/main.js', neitherIs, undefined],
  [
    'nowhere, when told so',
    'app/src/deep/main.js',
    (root) => ({ ...bothAre(root), FAST_RESOLVE_CACHE: '0' }),
    undefined,
  ],
  [
    'in a directory that is named',
    'app/src/deep/main.js',
    (root) => ({ ...bothAre(root), FAST_RESOLVE_CACHE: `${root}/named/deep` }),
    'named/deep',
  ],
  [
    'in one that is named from where the program runs',
    'app/src/deep/main.js',
    (root) => ({ ...bothAre(root), FAST_RESOLVE_CACHE: '../here' }),
    'here',
  ],
];

let roots = {};

test.before(async () => {
  roots = await settledTrees(Object.fromEntries(ROWS.map(([title]) => [title, tree])));
});

test.after.always(() => {
  for (const root of Object.values(roots)) removeTree(root);
});

for (const [title, name, environment, place] of ROWS) {
  test(title, async (t) => {
    const root = roots[title];
    const options = { program: `${root}/${name}`, env: environment(root), cwd: `${root}/home` };
    const askAgain = () => ask(t, [['./a', `${root}/asked`]], options);
    t.is((await waitsForRequests(t, options)).trim(), 'true', 'there is nothing to find yet');
    const first = await askAgain();
    t.deepEqual(directoriesOfSnapshots(root), place === undefined ? [] : [`${root}/${place}`]);
    t.is(first.stats.snapshot.state, place === undefined ? 'off' : 'none');
    const second = await askAgain();
    t.is(second.stats.snapshot.state, place === undefined ? 'off' : 'used');
    // More than one, where the machine is so slow that the turn ends before the answer is given.
    t.is(second.stats.hits.snapshot > 0, place !== undefined);
    t.is((await waitsForRequests(t, options)).trim(), String(place === undefined), 'the preload finds it');
  });
}

for (const place of ['true', 'false', '1', 'cache', '.cache']) {
  test(`FAST_RESOLVE_CACHE=${place} is no directory, as one warning says`, async (t) => {
    const root = treeFor(t, { 'package.json': '{}', 'a.js': '', 'node_modules/.cache/': null });
    const main = `
      const { install, resolve, stats } = require(process.env.LIBRARY);
      install();
      require.extensions['.other'] = require.extensions['.js'];
      console.log(resolve('./a', __dirname), stats().snapshot.state);
    `;
    fs.writeFileSync(`${root}/main.js`, main);
    const { exitCode, stdout, stderr } = await run(['-r', hook, 'main.js'], {
      cwd: root,
      env: { FAST_RESOLVE_CACHE: place },
    });
    t.is(exitCode, 0, stderr);
    t.is(stdout, `${root}/a.js off\n`);
    t.is(stderr.match(/FastResolveWarning/g)?.length, 1);
    t.true(stderr.includes(`not "${place}": no snapshot`));
    t.deepEqual(fs.readdirSync(root).sort(), ['a.js', 'main.js', 'node_modules', 'package.json']);
    t.deepEqual(fs.readdirSync(`${root}/node_modules/.cache`), []);
  });
}

/** Whether the preload still waits when the program begins: where it finds a snapshot, it comes in at once. */
async function waitsForRequests(t, { program: file, env, cwd }) {
  // Here it is no part of the command line, to which the snapshot belongs.
  const preload = { NODE_OPTIONS: `-r ${hook}`, FAST_RESOLVE_WAIT: '' };
  const { exitCode, stdout, stderr } = await run([file], { env: { ...env, ...preload }, cwd });
  t.deepEqual([exitCode, stderr], [0, '']);
  return stdout;
}

/** Node 20 follows links on the way down, so that one place may have two paths. */
function directoriesOfSnapshots(root) {
  const names = fs.readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.snapshot'));
  return [...new Set(names.map((name) => path.dirname(fs.realpathSync(path.join(root, name)))))];
}

test('only the user may look at it', async (t) => {
  const root = roots[ROWS[0][0]];
  const directory = newDirectory(t);
  const mask = process.umask(0);
  t.teardown(() => process.umask(mask));
  await ask(t, [['./a', `${root}/asked`]], { directory });
  t.is(fs.statSync(directory).mode & 0o777, 0o700);
  t.is(fs.statSync(onlySnapshotIn(t, directory)).mode & 0o777, 0o600);
});

test('a place that can not be written to is none, and that is no matter', async (t) => {
  const asked = `${roots[ROWS[0][0]]}/asked`;
  const root = treeFor(t, { file: '' });
  for (const directory of [`${root}/file`, `${root}/file/below`, '/proc/nowhere', `/dev/null/cache`]) {
    const { answers } = await ask(t, [['./a', asked]], { directory });
    t.deepEqual(answers, [`${asked}/a.js`]);
    t.deepEqual(namesIn(root), ['file']);
  }
});

test('a value that is neither is warned of once, however many threads resolve', async (t) => {
  const root = treeFor(t, {
    'a.js': '',
    'app.js': `
      const { Worker, isMainThread } = require('node:worker_threads');
      require(process.env.LIBRARY).resolve('./a', __dirname);
      if (isMainThread) for (let count = 0; count < 2; count++) new Worker(__filename);
    `,
  });
  const { exitCode, stderr } = await run([path.join(root, 'app.js')], { env: { FAST_RESOLVE_CACHE: 'true' } });
  t.is(exitCode, 0);
  t.is(stderr.split('no snapshot is read or written').length - 1, 1, stderr);
});
