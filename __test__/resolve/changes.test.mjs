// What changes on disk between two questions. What was not found is looked for again, at once. What was found is believed in its
// turn; from then on, an answer is what a Node finds that starts now. With `believe: 'nothing'` it always is.

import fs from 'node:fs';
import test from 'ava';
import { checkRow, failsWith, found } from '../helpers/cases.mjs';
import { answersInChild } from '../helpers/child_answers.mjs';
import { LONGEST_TURN, laterTurn, letPass } from '../helpers/clock.mjs';
import { fastResolve, ourAnswer } from '../helpers/oracle.mjs';
import { treeFor } from '../helpers/tree.mjs';

test('a file that appears', (t) => {
  const root = treeFor(t, {});
  checkRow(t, root, './late', '', failsWith('MODULE_NOT_FOUND'));
  fs.writeFileSync(`${root}/late.js`, '');
  checkRow(t, root, './late', '', found('late.js'));
});

test('a package that appears', (t) => {
  const root = treeFor(t, { 'app/src/': null });
  checkRow(t, root, 'late', 'app/src', failsWith('MODULE_NOT_FOUND'));
  fs.mkdirSync(`${root}/node_modules`);
  fs.writeFileSync(`${root}/node_modules/late.js`, '');
  checkRow(t, root, 'late', 'app/src', found('node_modules/late.js'));
});

/** [title, tree, request, the answer before, the change, the answer after it] */
const CHANGES = [
  [
    'a package that appears nearer',
    { 'package.json': '{}', 'node_modules/late.js': '', 'app/src/': null },
    'late',
    'node_modules/late.js',
    (root) => {
      fs.mkdirSync(`${root}/app/node_modules/late`, { recursive: true });
      fs.writeFileSync(`${root}/app/node_modules/late/index.js`, '');
    },
    'app/node_modules/late/index.js',
  ],
  [
    'a package with exports that appears nearer',
    {
      'node_modules/late/package.json': { json: { exports: './a.js' } },
      'node_modules/late/a.js': '',
      'app/src/': null,
    },
    'late',
    'node_modules/late/a.js',
    (root) => fs.cpSync(`${root}/node_modules`, `${root}/app/node_modules`, { recursive: true }),
    'app/node_modules/late/a.js',
  ],
  [
    'a file that appears under a name that is tried earlier',
    { 'app/src/a.json': '' },
    './a',
    'app/src/a.json',
    (root) => fs.writeFileSync(`${root}/app/src/a.js`, ''),
    'app/src/a.js',
  ],
  [
    'a file that goes',
    { 'app/src/a.js': '', 'app/src/a/index.js': '' },
    './a',
    'app/src/a.js',
    (root) => fs.unlinkSync(`${root}/app/src/a.js`),
    'app/src/a/index.js',
  ],
  [
    'a package.json that is edited',
    {
      'node_modules/dep/package.json': '{"main":"one"}',
      'node_modules/dep/one.js': '',
      'node_modules/dep/two.js': '',
      'app/src/': null,
    },
    'dep',
    'node_modules/dep/one.js',
    (root) => fs.writeFileSync(`${root}/node_modules/dep/package.json`, '{"main":"two"}'),
    'node_modules/dep/two.js',
  ],
  [
    'a link that is pointed elsewhere',
    { 'one.js': '', 'two/three.js': '', 'app/src/link.js': { link: '../../one.js' } },
    './link',
    'one.js',
    (root) => {
      fs.unlinkSync(`${root}/app/src/link.js`);
      fs.symlinkSync('../../two/three.js', `${root}/app/src/link.js`);
    },
    'two/three.js',
  ],
];

/** What ends a turn, or what is believed in it. */
const ENDS = [
  ['in a later turn', () => laterTurn()],
  ['after 250 ms', () => letPass(LONGEST_TURN)],
  ['after a clock that was set back', () => letPass(-LONGEST_TURN)],
  ['after invalidate() of anything', () => fastResolve.invalidate('/nowhere')],
  ['after clearCache()', () => fastResolve.clearCache()],
];

const OPTIONS = { mainFields: ['main', 'other'] };

for (const [title, tree, request, before, change, after] of CHANGES) {
  for (const [when, end] of ENDS) {
    test.serial(`${title}, seen ${when}`, async (t) => {
      const root = treeFor(t, tree);
      const asker = `${root}/app/src`;
      const { createResolver, resolve } = fastResolve;
      const believing = [resolve, createResolver(OPTIONS).resolve];
      const looking = [{ fresh: true }, { ...OPTIONS, believe: 'nothing' }].map(
        (options) => createResolver(options).resolve,
      );
      const answersOf = (resolvers) => resolvers.map((each) => ourAnswer(request, asker, each));
      const was = { path: `${root}/${before}` };
      const is = { path: `${root}/${after}` };
      await laterTurn();
      t.deepEqual(answersOf([...believing, ...looking]), Array(4).fill(was));

      change(root);
      letPass(LONGEST_TURN - 1);
      t.deepEqual(answersOf(looking), [is, is]);
      t.deepEqual(answersOf(believing), [was, was], 'in a turn, what was found is believed');
      await end();
      t.deepEqual(answersOf(believing), [is, is]);
    });
  }

  test.serial(`${title}, seen by a new process`, async (t) => {
    const root = treeFor(t, tree);
    change(root);
    const is = { path: `${root}/${after}` };
    const [inNewProcess] = await answersInChild([[request, `${root}/app/src`]]);
    t.deepEqual([inNewProcess.node.answer, inNewProcess.ours.answer], [is, is]);
  });
}

test.serial('what was not found is looked for again in the same turn, whatever it was to be', async (t) => {
  const root = treeFor(t, { 'node_modules/dep/package.json': { json: { exports: { './a': './a.js' } } } });
  const requests = ['./file', './directory', 'dep/a', 'late'];
  const files = ['file.js', 'directory/index.js', 'node_modules/dep/a.js', 'node_modules/late.js'];
  for (const { resolve } of [fastResolve, fastResolve.createResolver(OPTIONS)]) {
    const answers = () => requests.map((request) => ourAnswer(request, root, resolve));
    await laterTurn();
    t.deepEqual(
      answers().map(({ error }) => error?.code),
      Array(files.length).fill('MODULE_NOT_FOUND'),
    );
    fs.mkdirSync(`${root}/directory`);
    for (const name of files) fs.writeFileSync(`${root}/${name}`, '');
    t.deepEqual(
      answers(),
      files.map((name) => ({ path: `${root}/${name}` })),
    );
    for (const name of files) fs.unlinkSync(`${root}/${name}`);
    fs.rmdirSync(`${root}/directory`);
  }
});

/** [title, request, a later package.json, what a Node finds then that starts now] */
const LATER_PACKAGES = [
  [
    'finds the same by exports',
    'dep/lib/util',
    { exports: { './lib/*': './lib/*.js' } },
    'node_modules/dep/lib/util.js',
  ],
  ['finds nothing', 'dep', { main: 'gone' }, undefined],
];

for (const [title, request, later, found] of LATER_PACKAGES) {
  test.serial(
    `a package.json with which a Node that starts now ${title}, and what comes nearer and goes again`,
    async (t) => {
      const root = treeFor(t, {
        'node_modules/dep/package.json': '{ "main": "first" }',
        'node_modules/dep/first.js': '',
        'node_modules/dep/lib/util.js': '',
        'app/spare/dep/lib/util.js': '',
        'app/spare/dep/index.js': '',
      });
      const app = `${root}/app`;
      const resolve = async () => {
        await laterTurn();
        return ourAnswer(request, app).path?.slice(root.length + 1);
      };
      t.is(ourAnswer('dep/first', app).path, `${root}/node_modules/dep/first.js`);
      fs.writeFileSync(`${root}/node_modules/dep/package.json`, JSON.stringify(later));
      t.is(await resolve(), found);
      fs.renameSync(`${app}/spare`, `${app}/node_modules`);
      t.regex(await resolve(), /^app\/node_modules\/dep\//);
      fs.renameSync(`${app}/node_modules`, `${app}/spare`);
      t.is(await resolve(), found);
    },
  );
}
