// What changes on disk between two questions. What was not found is looked for again. What was found may be repeated, as
// this process's Node repeats it, or is what a Node finds that starts now; with `fresh` it is always the latter.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'ava';
import { checkRow, failsWith, found } from '../helpers/cases.mjs';
import { answersInChild } from '../helpers/child_answers.mjs';
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

for (const [title, tree, request, before, change, after] of CHANGES) {
  test(title, async (t) => {
    const root = treeFor(t, tree);
    const asker = `${root}/app/src`;
    const fresh = fastResolve.createResolver({ fresh: true });
    const freshWithOptions = fastResolve.createResolver({ fresh: true, mainFields: ['main', 'other'] });
    const node = createRequire(`${asker}/any.js`);
    const was = { path: `${root}/${before}` };
    for (const resolve of [fastResolve.resolve, fresh.resolve, freshWithOptions.resolve]) {
      t.deepEqual(ourAnswer(request, asker, resolve), was);
    }
    t.is(node.resolve(request), was.path);

    change(root);
    const repeated = fastResolve.resolve(request, asker);
    const nodesAnswers = [node.resolve(request), `${root}/${after}`];
    t.true(nodesAnswers.includes(repeated), `${repeated} is none of ${nodesAnswers}`);
    const is = { path: `${root}/${after}` };
    t.deepEqual(ourAnswer(request, asker, fresh.resolve), is);
    t.deepEqual(ourAnswer(request, asker, freshWithOptions.resolve), is);

    const [inNewProcess] = await answersInChild([[request, asker]]);
    t.deepEqual([inNewProcess.node.answer, inNewProcess.ours.answer], [is, is]);
  });
}

/**
 * [title, request, a later package.json, what a Node finds then that starts now]: this process's Node goes by the first one,
 * and keeps what it finds, so that it would never give what is nearer for a while.
 */
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
  test(`what Node may have kept where a Node that starts now ${title} is compared with what comes later`, (t) => {
    const root = treeFor(t, {
      'node_modules/dep/package.json': '{ "main": "first" }',
      'node_modules/dep/first.js': '',
      'node_modules/dep/lib/util.js': '',
      'app/spare/dep/lib/util.js': '',
      'app/spare/dep/index.js': '',
    });
    const app = `${root}/app`;
    const resolve = () => ourAnswer(request, app).path?.slice(root.length + 1);
    t.is(ourAnswer('dep/first', app).path, `${root}/node_modules/dep/first.js`);
    fs.writeFileSync(`${root}/node_modules/dep/package.json`, JSON.stringify(later));
    t.is(resolve(), found);
    fs.renameSync(`${app}/spare`, `${app}/node_modules`);
    t.regex(resolve(), /^app\/node_modules\/dep\//);
    fs.renameSync(`${app}/node_modules`, `${app}/spare`);
    t.is(resolve(), found);
  });
}
