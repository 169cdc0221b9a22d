// Where the snapshot is kept.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { ask, namesIn, newDirectory, onlySnapshotIn } from './processes.mjs';

const program = `require(process.env.LIBRARY + '/__test__/cache/asker.cjs');`;

const tree = {
  'home/': null,
  'xdg/': null,
  'app/package.json': '{}',
  'app/node_modules/tool/package.json': '{}',
  'app/node_modules/tool/bin/cli.js': program,
  'app/node_modules/tool/node_modules/dep/cli.js': program,
  'app/src/deep/main.js': program,
  'app/packages/inner/package.json': '{}',
  'app/packages/inner/main.js': program,
  'app/packages/inner/node_modules/dep.js': '',
  'bare/package.json': '{}',
  'bare/main.js': program,
  'loose/main.js': program,
  'linked/package.json': '{}',
  'linked/main.js': program,
  'linked/node_modules': { link: '../app/node_modules' },
};

const OF_APP = 'app/node_modules/.cache/fast-resolve';
const homeIs = (root) => ({ HOME: `${root}/home` });
const bothAre = (root) => ({ HOME: `${root}/home`, XDG_CACHE_HOME: `${root}/xdg` });

/** [title, program, environment, where the snapshot is to be; undefined for nowhere] */
const ROWS = [
  ['in node_modules of the package that the program belongs to', 'app/src/deep/main.js', bothAre, OF_APP],
  [
    'in node_modules of the nearest package',
    'app/packages/inner/main.js',
    bothAre,
    `app/packages/inner/${OF_APP.slice(4)}`,
  ],
  ['for a tool, where it is installed', 'app/node_modules/tool/bin/cli.js', bothAre, OF_APP],
  [
    'for a tool of a tool, where the first is installed',
    'app/node_modules/tool/node_modules/dep/cli.js',
    bothAre,
    OF_APP,
  ],
  ["in the user's cache, where the package has no node_modules", 'bare/main.js', bothAre, 'xdg/fast-resolve'],
  ["in the user's cache, where there is no package", 'loose/main.js', bothAre, 'xdg/fast-resolve'],
  ["in the user's cache, where node_modules is a link", 'linked/main.js', bothAre, 'xdg/fast-resolve'],
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
  ['nowhere without a home', 'bare/main.js', () => ({}), undefined],
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

for (const [title, name, environment, place] of ROWS) {
  test(title, async (t) => {
    // A file of its own, so that its stamp need not be old.
    const root = treeFor(t, tree);
    const options = { program: `${root}/${name}`, env: environment(root), cwd: `${root}/home` };
    const first = await ask(t, [['./main.js', `${root}/loose`]], options);
    t.deepEqual(directoriesOfSnapshots(root), place === undefined ? [] : [`${root}/${place}`]);
    const { state } = first.stats.snapshot;
    t.is(state, place === undefined ? 'off' : 'none');
    const second = await ask(t, [['./main.js', `${root}/loose`]], options);
    t.is(second.stats.snapshot.state, place === undefined ? 'off' : 'used');
    t.is(second.stats.hits.snapshot, place === undefined ? 0 : 1);
  });
}

/** Node 20 follows links on the way down, so that one place may have two paths. */
function directoriesOfSnapshots(root) {
  const names = fs.readdirSync(root, { recursive: true }).filter((name) => name.endsWith('.snapshot'));
  return [...new Set(names.map((name) => path.dirname(fs.realpathSync(path.join(root, name)))))];
}

test('only the user may look at it', async (t) => {
  const root = treeFor(t, { 'a.js': '' });
  const directory = newDirectory(t);
  const mask = process.umask(0);
  t.teardown(() => process.umask(mask));
  await ask(t, [['./a', root]], { directory });
  t.is(fs.statSync(directory).mode & 0o777, 0o700);
  t.is(fs.statSync(onlySnapshotIn(t, directory)).mode & 0o777, 0o600);
});

test('a place that can not be written to is none, and that is no matter', async (t) => {
  const root = treeFor(t, { 'a.js': '', file: '' });
  for (const directory of [`${root}/file`, `${root}/file/below`, '/proc/nowhere', `/dev/null/cache`]) {
    const { answers } = await ask(t, [['./a', root]], { directory });
    t.deepEqual(answers, [`${root}/a.js`]);
    t.deepEqual(namesIn(root), ['a.js', 'file']);
  }
});
