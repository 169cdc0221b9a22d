import path from 'node:path';
import test from 'ava';
import { countEvidence } from '../../bench/lib/evidence.mjs';
import { treeFor } from '../helpers/tree.mjs';

const files = {
  'package.json': '{}',
  'app/app.js': '',
  'app/lib/inner.js': '',
  'app/node_modules/other/index.js': '',
  'app/lib/node_modules/@scope/other/index.js': '',
  'node_modules/with-main/package.json': '{}',
  'node_modules/with-main/lib/main.js': '',
  'node_modules/@scope/name/package.json': '{}',
  'node_modules/@scope/name/index.js': '',
};

const countIn = (t, ...calls) => {
  const root = treeFor(t, files);
  const file = (name) => path.join(root, name);
  const counted = countEvidence(
    calls.map(([request, from, answer]) => [request, file(from), answer === null ? request : file(answer)]),
  );
  // What lies above the tree is not the tree's.
  const above = root.split(path.sep).length - 1;
  return [counted.directories - above, counted.packageJsons];
};

test('a relative request rests on the directories down to both files', (t) => {
  t.deepEqual(countIn(t, ['./lib/inner', 'app/app.js', 'app/lib/inner.js']), [3, 1]);
});

test('a name rests on the directories that were searched, too', (t) => {
  // The root, app, its node_modules, the root's, with-main, its lib.
  t.deepEqual(countIn(t, ['with-main', 'app/app.js', 'node_modules/with-main/lib/main.js']), [6, 2]);
  // The root, app, app/lib, its node_modules and the scope therein, app's node_modules, the root's, the scope, the package.
  t.deepEqual(countIn(t, ['@scope/name', 'app/lib/inner.js', 'node_modules/@scope/name/index.js']), [9, 2]);
});

test('each counts once, and a core module rests on nothing', (t) => {
  const twice = [
    ['./lib/inner', 'app/app.js', 'app/lib/inner.js'],
    ['../app', 'app/lib/inner.js', 'app/app.js'],
  ];
  t.deepEqual(countIn(t, ...twice, ['fs', 'node_modules/with-main/lib/main.js', null]), [3, 1]);
});
