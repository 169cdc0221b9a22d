// What changes between two processes: the second one answers as a Node does that starts now.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'ava';
import { removeTree, writeTree } from '../helpers/tree.mjs';
import { ask, makeYoung, namesIn, newDirectory, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

/** Writes what is as long as what was there, and takes the time back. */
function editUnseen(file, from, to) {
  const { atime, mtime, size } = fs.statSync(file);
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace(from, to));
  fs.utimesSync(file, atime, mtime);
  if (fs.statSync(file).size !== size) throw new Error('that could be seen');
}

/** [title, the change, what becomes of it: [index of the request, the answer below the tree or a code]] */
const CHANGES = [
  ['nothing', () => {}],
  [
    'a file under a name that is tried earlier',
    (root) => fs.writeFileSync(`${root}/lib/data.js`, ''),
    [1, '/lib/data.js'],
  ],
  ['a file that is gone', (root) => fs.unlinkSync(`${root}/lib/data.json`), [1, 'MODULE_NOT_FOUND']],
  ['a directory in place of the file', replaceByDirectory, [1, '/lib/data.json/index.js']],
  ['a link that leads elsewhere', retarget, [2, '/lib/data.json']],
  ['a file where a link led nowhere', (root) => fs.writeFileSync(`${root}/target.js`, ''), [9, '/target.js']],
  ['a package that is nearer', installNearer, [3, '/lib/node_modules/plain.js']],
  ['a package with exports that is nearer', installMapped, [5, '/lib/node_modules/mapped/index.js']],
  [
    'a package.json of the same length and time',
    (root) => editUnseen(`${root}/node_modules/plain/package.json`, 'entry', 'other'),
    [3, '/node_modules/plain/lib/other.js'],
  ],
  [
    'exports of the same length and time',
    (root) => editUnseen(`${root}/node_modules/mapped/package.json`, './entry.js', './other.js'),
    [5, '/node_modules/mapped/other.js'],
  ],
  [
    'imports of the same length and time',
    (root) => editUnseen(`${root}/package.json`, './lib/inner.js', './lib/other.js'),
    [7, '/lib/other.js'],
  ],
  [
    'another name of the package',
    (root) => editUnseen(`${root}/package.json`, '"project"', '"another"'),
    [8, 'MODULE_NOT_FOUND'],
  ],
  ['a file of the same name in place of the target', (root) => rewrite(`${root}/lib/inner.js`)],
];

const tree = {
  ...PROJECT,
  'lib/other.js': '',
  'node_modules/plain/lib/other.js': '',
  'node_modules/mapped/other.js': '',
};

const places = { settled: {}, young: {} };

test.before(async () => {
  const trees = Object.fromEntries(CHANGES.map(([title]) => [title, tree]));
  places.settled = await settledTrees({ ...trees, partly: tree });
});

test.after.always(() => {
  for (const root of Object.values(places).flatMap(Object.values)) removeTree(root);
});

for (const age of ['settled', 'young']) {
  for (const [title, change, ...outcomes] of CHANGES) {
    test(`${title}, in a tree that is ${age}`, async (t) => {
      places[age][title] ??= youngTree();
      const root = places[age][title];
      const directory = newDirectory(t);
      const requests = requestsIn(root);
      t.deepEqual((await ask(t, requests, { directory })).answers, answersIn(root));
      t.is(namesIn(directory).length, age === 'settled' ? 1 : 0, 'what nobody could prove is not written');
      change(root);
      const expected = answersIn(root);
      for (const [index, outcome] of outcomes) expected[index] = outcome.startsWith('/') ? root + outcome : outcome;
      t.deepEqual(requests.map(nodesAnswer), expected);
      const second = await ask(t, requests, { directory });
      t.deepEqual(second.answers, expected);
      if (age === 'settled') t.is(second.stats.snapshot.state, 'used');
      if (age === 'settled' && title === 'nothing') t.is(second.stats.misses, 0);
      const third = await ask(t, requests, { directory });
      t.deepEqual(third.answers, expected);
    });
  }
}

test('of a tree that is young in part, the rest is kept', async (t) => {
  const { partly } = places.settled;
  const directory = newDirectory(t);
  const requests = requestsIn(partly);
  makeYoung(`${partly}/node_modules/mapped/files`);
  makeYoung(`${partly}/node_modules/plain/package.json`);
  await ask(t, requests, { directory });
  const second = await ask(t, requests, { directory });
  t.deepEqual(second.answers, answersIn(partly));
  // What rests on these: mapped/one lies there, and what is asked of plain is looked for in its package.json.
  t.is(second.stats.snapshot.entries, requests.length - 3);
});

function youngTree() {
  const root = writeTree(tree);
  for (const name of fs.readdirSync(root, { recursive: true })) makeYoung(`${root}/${name}`);
  makeYoung(root);
  return root;
}

/** This process's Node has never been asked before the change. */
function nodesAnswer([request, directory]) {
  try {
    return createRequire(`${directory}/any.js`).resolve(request);
  } catch ({ code }) {
    return code;
  }
}

function replaceByDirectory(root) {
  fs.unlinkSync(`${root}/lib/data.json`);
  fs.mkdirSync(`${root}/lib/data.json`);
  fs.writeFileSync(`${root}/lib/data.json/index.js`, '');
  fs.symlinkSync('data.json', `${root}/lib/data`);
}

function retarget(root) {
  fs.unlinkSync(`${root}/lib/linked.js`);
  fs.symlinkSync('data.json', `${root}/lib/linked.js`);
}

function installNearer(root) {
  fs.mkdirSync(`${root}/lib/node_modules`);
  fs.writeFileSync(`${root}/lib/node_modules/plain.js`, '');
}

function installMapped(root) {
  fs.mkdirSync(`${root}/lib/node_modules/mapped`, { recursive: true });
  fs.writeFileSync(`${root}/lib/node_modules/mapped/index.js`, '');
}

function rewrite(file) {
  fs.writeFileSync(`${file}.new`, 'module.exports = 1;');
  fs.renameSync(`${file}.new`, file);
}
