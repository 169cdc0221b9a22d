// Each answer has its reasons: the directories and package.json files that it rests on.

import { createRequire } from 'node:module';
import test from 'ava';
import { removeTree } from '../helpers/tree.mjs';
import { newDirectory, run, settledTrees } from './processes.mjs';
import { PROJECT } from './trees.mjs';

const { native } = createRequire(import.meta.url)('../../dist/core.js').parts.addon;

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
  believe: 'turn',
};

/** [request, directory, the reasons, with `~` for the tree] */
const ROWS = [
  // That there is no lib/package.json, data or data.js, the stamp of lib proves.
  ['./data', 'lib', ['directory ~/lib', 'contents ~/package.json']],
  ['./linked.js', 'lib', ['directory ~/lib', 'contents ~/package.json']],
  ['./dangling', 'lib', ['directory ~', 'directory ~/lib', 'contents ~/package.json']],
  [
    'plain',
    'lib',
    [
      'contents ~/node_modules/plain/package.json',
      'contents ~/package.json',
      'directory ~/lib',
      'directory ~/node_modules/plain/lib',
    ],
  ],
  [
    'mapped',
    'lib',
    [
      'contents ~/node_modules/mapped/package.json',
      'contents ~/package.json',
      'directory ~/lib',
      'directory ~/node_modules/mapped',
    ],
  ],
  ['#inner', '', ['contents ~/package.json', 'directory ~/lib']],
  ['project', 'lib', ['contents ~/package.json', 'directory ~', 'directory ~/lib']],
];

/** What is added to the number of an answer that was asked for before. */
const AGAIN = 2;

/** The turns of this file; each answer is asked for twice in one, since what is asked for once has no number. */
let turn = 1;

function reasonsOf(resolver, request, directory) {
  const from = directory === '' ? root : `${root}/${directory}`;
  turn += 1;
  const number = native.enterDirectory(resolver.number(), from);
  const [, again] = [1, 2].map(() => native.resolve(resolver.number(), number, request, turn));
  const reasons = resolver.reasons(again >= AGAIN ? again - AGAIN : 1e6);
  return reasons?.map((line) => line.replaceAll(root, '~')).sort();
}

for (const [request, directory, expected] of ROWS) {
  test(`of ${request}`, (t) => {
    const resolver = new native.Resolver(OPTIONS);
    const reasons = reasonsOf(resolver, request, directory);
    for (const reason of expected) t.true(reasons.includes(reason), `${reason} in\n${reasons.join('\n')}`);
    // What else there is: directories that must not have become links.
    const others = reasons.filter((reason) => !expected.includes(reason));
    t.deepEqual(
      others.filter((reason) => !/^(?:real )?directory ~/.test(reason)),
      [],
    );
  });
}

test('there are none without an answer, and none where nothing is remembered', (t) => {
  const resolver = new native.Resolver(OPTIONS);
  t.is(resolver.reasons(0), null);
  t.falsy(reasonsOf(resolver, './nowhere', 'lib'));
  const looking = new native.Resolver({ ...OPTIONS, believe: 'nothing' });
  t.falsy(reasonsOf(looking, './data', 'lib'));
});

test('an answer holds as long as nobody has touched its reasons, whatever number it has', (t) => {
  const resolver = new native.Resolver(OPTIONS);
  turn += 1;
  const directory = native.enterDirectory(resolver.number(), `${root}/lib`);
  const ask = () => native.resolve(resolver.number(), directory, './data', turn);
  t.is(ask(), `${root}/lib/data.json`);
  const number = ask() - AGAIN;
  t.is(native.pathOf(resolver.number(), number), `${root}/lib/data.json`);
  t.true(native.holds(resolver.number(), number, turn));
  t.true(native.holds(resolver.number(), number, turn + 1));
  t.false(native.holds(resolver.number(), number + 1, turn), 'a number that nobody was given');
  t.false(native.holds(1e6, number, turn), 'a resolver that there is not');
  t.is(native.resolve(1e6, directory, './data', turn), 0, 'Node is asked then');
  t.is(native.resolve(resolver.number(), directory + 1, './data', turn), 0, 'nor for a directory that there is not');
});

test('an answer from a snapshot has the reasons that it was found with', async (t) => {
  const env = { FAST_RESOLVE_CACHE: newDirectory(t), ROOT: root };
  const program = `
    const { resolve, stats } = require(process.env.LIBRARY);
    const { runtime } = require(process.env.LIBRARY + '/dist/core.js').parts;
    const reasons = [['./linked', '/lib'], ['plain', '/lib'], ['mapped/one', '']].map(([request, directory]) => {
      const from = process.env.ROOT + directory;
      resolve(request, from);
      resolve(request, from);
      return runtime.getCurrentAnswers('turn').reasons(from, request).sort();
    });
    console.log(JSON.stringify({ reasons, misses: stats().misses }));
  `;
  const runs = [await run(['-e', program], { env }), await run(['-e', program], { env })];
  const [first, second] = runs.map(({ stdout }) => JSON.parse(stdout));
  t.deepEqual([first.misses, second.misses], [3, 0]);
  t.true(first.reasons.every((lines) => lines.length >= 2));
  t.deepEqual(second.reasons, first.reasons);
});
