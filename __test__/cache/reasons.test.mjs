// Each answer has its reasons: everything that was looked at on the way.

import { createRequire } from 'node:module';
import test from 'ava';
import { removeTree } from '../helpers/tree.mjs';
import { newDirectory, run, settledTrees } from './processes.mjs';
import { PROJECT } from './trees.mjs';

const { native } = createRequire(import.meta.url)('../../dist/fast-resolve.js').parts.internals;

let root;

test.before(async () => {
  ({ root } = await settledTrees({ root: PROJECT }));
});

test.after.always(() => removeTree(root));

const OPTIONS = {
  conditions: ['require', 'node'],
  extensions: ['.js', '.json'],
  mainFields: ['main'],
  preserveSymlinks: false,
  globalPaths: [],
  slashImports: false,
  builtins: ['fs'],
  askNode: true,
  isFresh: false,
};

/** [request, directory, the reasons, with `~` for the tree] */
const ROWS = [
  [
    './data',
    'lib',
    [
      'absent ~/lib/package.json',
      'contents ~/package.json',
      'absent ~/lib/data',
      'absent ~/lib/data.js',
      'real file ~/lib/data.json',
    ],
  ],
  [
    './linked.js',
    'lib',
    [
      'absent ~/lib/package.json',
      'contents ~/package.json',
      'file ~/lib/linked.js',
      'real directory ~/lib',
      'link ~/lib/linked.js -> inner.js',
      'real file ~/lib/inner.js',
    ],
  ],
];

/** What must be among the reasons, and what the last is. */
const NAMES = [
  [
    'plain',
    'lib',
    ['absent ~/lib/node_modules', 'contents ~/node_modules/plain/package.json'],
    'real file ~/node_modules/plain/lib/entry.js',
  ],
  [
    'mapped',
    'lib',
    ['absent ~/lib/node_modules', 'contents ~/node_modules/mapped/package.json'],
    'real file ~/node_modules/mapped/entry.js',
  ],
  ['#inner', 'lib', ['contents ~/package.json'], 'real file ~/lib/inner.js'],
  ['project', 'lib', ['contents ~/package.json'], 'real file ~/main.js'],
];

function reasonsOf(resolver, request, directory) {
  const filename = `${root}/${directory}/any.js`;
  resolver.resolve(request, filename);
  return resolver.reasons(request, filename)?.map((line) => line.replaceAll(root, '~'));
}

test.serial('of paths, in order', (t) => {
  native.clearCache();
  const resolver = new native.Resolver(OPTIONS);
  for (const [request, directory, expected] of ROWS) {
    t.deepEqual(new Set(reasonsOf(resolver, request, directory)), new Set(expected), request);
    t.is(reasonsOf(resolver, request, directory).at(-1), expected.at(-1));
  }
});

test.serial('of names', (t) => {
  const resolver = new native.Resolver(OPTIONS);
  for (const [request, directory, expected, last] of NAMES) {
    const reasons = reasonsOf(resolver, request, directory);
    for (const reason of expected) t.true(reasons.includes(reason), `${request}: ${reason} in ${reasons}`);
    t.is(reasons.at(-1), last);
  }
});

test.serial('there are none without an answer, and none where nothing is remembered', (t) => {
  const resolver = new native.Resolver(OPTIONS);
  const fresh = new native.Resolver({ ...OPTIONS, isFresh: true });
  t.is(resolver.reasons('./never-asked', `${root}/any.js`), null);
  t.is(resolver.reasons('./data', 'not a path'), null);
  t.falsy(reasonsOf(resolver, './nowhere', 'lib'));
  t.falsy(reasonsOf(fresh, './data', 'lib'));
});

test('an answer from a snapshot has the reasons that it was found with', async (t) => {
  const env = { FAST_RESOLVE_CACHE: newDirectory(t), ROOT: root };
  const program = `
    const { resolve, stats } = require(process.env.LIBRARY);
    const { getDefaultResolver } = require(process.env.LIBRARY + '/lib/runtime.js');
    const reasons = [['./linked', '/lib'], ['plain', '/lib'], ['mapped/one', '/']].map(([request, directory]) => {
      resolve(request, process.env.ROOT + directory);
      return getDefaultResolver(request).reasons(request, process.env.ROOT + directory + '/any.js');
    });
    console.log(JSON.stringify({ reasons, misses: stats().misses }));
  `;
  const runs = [await run(['-e', program], { env }), await run(['-e', program], { env })];
  const [first, second] = runs.map(({ stdout }) => JSON.parse(stdout));
  t.deepEqual([first.misses, second.misses], [3, 0]);
  t.true(first.reasons.every((lines) => lines.length > 2));
  t.deepEqual(second.reasons, first.reasons);
});
