// What changes on disk between two questions: the answer is that of a Node that starts now.

import fs from 'node:fs';
import test from 'ava';
import { checkRow, failsWith, found } from '../helpers/cases.mjs';
import { answersInChild } from '../helpers/child_answers.mjs';
import { ourAnswer } from '../helpers/oracle.mjs';
import { treeFor } from '../helpers/tree.mjs';

test('a file that appears', (t) => {
  const root = treeFor(t, {});
  checkRow(t, root, './late', '', failsWith('MODULE_NOT_FOUND'));
  fs.writeFileSync(`${root}/late.js`, '');
  checkRow(t, root, './late', '', found('late.js'));
});

test('a package that appears, and one that appears nearer', (t) => {
  const root = treeFor(t, { 'app/src/': null });
  checkRow(t, root, 'late', 'app/src', failsWith('MODULE_NOT_FOUND'));
  fs.mkdirSync(`${root}/node_modules`);
  fs.writeFileSync(`${root}/node_modules/late.js`, '');
  checkRow(t, root, 'late', 'app/src', found('node_modules/late.js'));
  fs.mkdirSync(`${root}/app/node_modules/late`, { recursive: true });
  fs.writeFileSync(`${root}/app/node_modules/late/index.js`, '');
  checkRow(t, root, 'late', 'app/src', found('app/node_modules/late/index.js'));
});

test('a file that appears under a name that is tried earlier', (t) => {
  const root = treeFor(t, { 'a.json': '' });
  checkRow(t, root, './a', '', found('a.json'));
  fs.writeFileSync(`${root}/a.js`, '');
  checkRow(t, root, './a', '', found('a.js'));
});

test('a file that goes', (t) => {
  const root = treeFor(t, { 'a.js': '', 'a/index.js': '' });
  checkRow(t, root, './a', '', found('a.js'));
  fs.unlinkSync(`${root}/a.js`);
  checkRow(t, root, './a', '', found('a/index.js'));
});

test('a link that is pointed elsewhere', async (t) => {
  const root = treeFor(t, { 'one.js': '', 'two/three.js': '', 'link.js': { link: 'one.js' } });
  t.deepEqual(ourAnswer('./link', root), { path: `${root}/one.js` });
  fs.unlinkSync(`${root}/link.js`);
  fs.symlinkSync('two/three.js', `${root}/link.js`);
  t.deepEqual(ourAnswer('./link', root), { path: `${root}/two/three.js` });
  const [{ node }] = await answersInChild([['./link', root]]);
  t.deepEqual(node.answer, { path: `${root}/two/three.js` });
});
