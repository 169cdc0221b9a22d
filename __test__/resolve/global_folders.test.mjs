import path from 'node:path';
import test from 'ava';
import { checkInChild } from '../helpers/child_answers.mjs';
import { treeFor } from '../helpers/tree.mjs';

const tree = {
  'app/node_modules/near/index.js': '',
  'app/node_modules/everywhere/index.js': '',
  'one/everywhere/index.js': '',
  'one/first/index.js': '',
  'one/file.js': '',
  'one/exporting/package.json': { json: { exports: { '.': './entry.js' } } },
  'one/exporting/entry.js': '',
  'one/node_modules/inner/index.js': '',
  'one/@scope/name/index.js': '',
  'two/first/index.js': '',
  'two/second/index.js': '',
  'with space/spaced/index.js': '',
  'caf\u00e9/accented/index.js': '',
  linked: { link: 'two' },
  'home/.node_modules/modern/index.js': '',
  'home/.node_modules/both/index.js': '',
  'home/.node_libraries/both/index.js': '',
  'home/.node_libraries/old/index.js': '',
  'home/node_modules/not-global/index.js': '',
};

const REQUESTS = [
  'near',
  'everywhere',
  'first',
  'second',
  'file',
  'exporting',
  'exporting/entry.js',
  'inner',
  '@scope/name',
  'spaced',
  'accented',
  'modern',
  'both',
  'old',
  'not-global',
  './first',
  'first/',
];

/** [title, environment made from the tree's directory, what some of the requests answer] */
const rows = [
  ['nothing set', () => ({}), { near: 'app/node_modules/near/index.js', first: undefined, modern: undefined }],
  [
    'NODE_PATH with one entry',
    (root) => ({ NODE_PATH: `${root}/one` }),
    {
      first: 'one/first/index.js',
      file: 'one/file.js',
      exporting: 'one/exporting/entry.js',
      everywhere: 'app/node_modules/everywhere/index.js',
      '@scope/name': 'one/@scope/name/index.js',
      inner: undefined,
      './first': undefined,
    },
  ],
  [
    'NODE_PATH with two entries',
    (root) => ({ NODE_PATH: [`${root}/two`, `${root}/one`].join(path.delimiter) }),
    { first: 'two/first/index.js', second: 'two/second/index.js', file: 'one/file.js' },
  ],
  [
    'NODE_PATH with empty entries',
    (root) => ({ NODE_PATH: ['', `${root}/one`, '', '', `${root}/two`, ''].join(path.delimiter) }),
    { first: 'one/first/index.js', second: 'two/second/index.js' },
  ],
  ['NODE_PATH is empty', () => ({ NODE_PATH: '' }), { first: undefined }],
  [
    'NODE_PATH with the same entry twice',
    (root) => ({ NODE_PATH: `${root}/one:${root}/one` }),
    { first: 'one/first/index.js' },
  ],
  ['NODE_PATH with a trailing slash', (root) => ({ NODE_PATH: `${root}/one/` }), { first: 'one/first/index.js' }],
  ['NODE_PATH with dot segments', (root) => ({ NODE_PATH: `${root}/two/../one/.` }), { first: 'one/first/index.js' }],
  ['NODE_PATH with a relative entry', () => ({ NODE_PATH: 'one' }), { first: 'one/first/index.js' }],
  ['NODE_PATH with a dot', () => ({ NODE_PATH: './two' }), { first: 'two/first/index.js' }],
  [
    'NODE_PATH to a directory that does not exist',
    (root) => ({ NODE_PATH: `${root}/nope:${root}/one` }),
    { first: 'one/first/index.js' },
  ],
  [
    'NODE_PATH to a file',
    (root) => ({ NODE_PATH: `${root}/one/file.js:${root}/one` }),
    { first: 'one/first/index.js' },
  ],
  [
    'NODE_PATH to a node_modules directory',
    (root) => ({ NODE_PATH: `${root}/one/node_modules` }),
    { inner: 'one/node_modules/inner/index.js' },
  ],
  ['NODE_PATH through a link', (root) => ({ NODE_PATH: `${root}/linked` }), { second: 'two/second/index.js' }],
  ['NODE_PATH with a space', (root) => ({ NODE_PATH: `${root}/with space` }), { spaced: 'with space/spaced/index.js' }],
  [
    'NODE_PATH beyond ASCII',
    (root) => ({ NODE_PATH: `${root}/caf\u00e9` }),
    { accented: 'caf\u00e9/accented/index.js' },
  ],
  ['NODE_PATH with a tilde', () => ({ NODE_PATH: '~/one' }), { first: undefined }],
  [
    'the folders of HOME',
    (root) => ({ HOME: `${root}/home` }),
    {
      modern: 'home/.node_modules/modern/index.js',
      both: 'home/.node_modules/both/index.js',
      old: 'home/.node_libraries/old/index.js',
      'not-global': undefined,
    },
  ],
  [
    'NODE_PATH comes before the folders of HOME',
    (root) => ({ HOME: `${root}/home`, NODE_PATH: `${root}/home/.node_libraries` }),
    { both: 'home/.node_libraries/both/index.js', modern: 'home/.node_modules/modern/index.js' },
  ],
  [
    'HOME with a trailing slash',
    (root) => ({ HOME: `${root}/home/` }),
    { modern: 'home/.node_modules/modern/index.js' },
  ],
  ['HOME is relative', () => ({ HOME: 'home' }), {}],
  ['HOME is empty', () => ({ HOME: '' }), { modern: undefined }],
];

for (const [title, environmentOf, expected] of rows) {
  test(title, async (t) => {
    const root = treeFor(t, tree);
    const env = { NODE_PATH: '', HOME: `${root}/nowhere`, ...environmentOf(root) };
    const requests = REQUESTS.map((request) => [request, `${root}/app`]);
    const answers = await checkInChild(t, requests, { env, cwd: root });
    for (const [request, name] of Object.entries(expected)) {
      const { path: found } = answers[REQUESTS.indexOf(request)];
      t.is(found, name === undefined ? undefined : `${root}/${name}`, request);
    }
  });
}
