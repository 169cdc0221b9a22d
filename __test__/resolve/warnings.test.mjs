import test from 'ava';
import { nodeMajor } from '../helpers/cases.mjs';
import { checkInChild } from '../helpers/child_answers.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { checkInTwins, ROOT } from '../helpers/twins.mjs';

const tree = {
  'node_modules/bad-main/package.json': { json: { main: 'missing.js' } },
  'node_modules/bad-main/index.js': '',
  'node_modules/good-main/package.json': { json: { main: 'index' } },
  'node_modules/good-main/index.js': '',
  'node_modules/empty-main/package.json': { json: { main: '' } },
  'node_modules/empty-main/index.js': '',
  'node_modules/pattern/package.json': { json: { name: 'pattern', exports: { './*': './*', './lib/*': './lib/*' } } },
  'node_modules/pattern/a.js': '',
  'node_modules/pattern/lib/a.js': '',
  'node_modules/double/package.json': {
    json: {
      exports: { '.': './lib//a.js', './*': './lib//*', './array': ['./lib//a.js'] },
      imports: { '#a': './lib//a.js' },
    },
  },
  'node_modules/double/lib/a.js': '',
  'node_modules/legacy-index/package.json': { json: { type: 'module' } },
  'node_modules/legacy-index/index.js': '',
  'node_modules/legacy-guessed/package.json': { json: { type: 'module', main: 'index' } },
  'node_modules/legacy-guessed/index.js': '',
  'node_modules/legacy-exact/package.json': { json: { type: 'module', main: 'index.js' } },
  'node_modules/legacy-exact/index.js': '',
  'node_modules/legacy-commonjs/package.json': { json: { main: 'index' } },
  'node_modules/legacy-commonjs/index.js': '',
  'node_modules/legacy-nested/package.json': { json: { main: 'lib/index' } },
  'node_modules/legacy-nested/lib/index.js': '',
  'node_modules/legacy-nested/lib/package.json': { json: { type: 'module' } },
  'node_modules/legacy-mjs/package.json': { json: { main: 'index.mjs' } },
  'node_modules/legacy-mjs/index.mjs': '',
  'node_modules/legacy-broken/package.json': { json: { main: 'lib/index.js' } },
  'node_modules/legacy-broken/lib/index.js': '',
  'node_modules/legacy-broken/lib/package.json': '',
  'app/package.json': { json: { imports: { '#legacy-*': 'legacy-*' } } },
};

/** [request, directory, codes of the warnings] */
const rows = [
  ['bad-main', ROOT, ['DEP0128']],
  ['bad-main/', ROOT, ['DEP0128']],
  ['./node_modules/bad-main', ROOT, ['DEP0128']],
  ['.', `${ROOT}/node_modules/bad-main`, ['DEP0128']],
  [`${ROOT}/node_modules/bad-main`, ROOT, ['DEP0128']],
  ['bad-main/index', ROOT, []],
  ['good-main', ROOT, []],
  ['empty-main', ROOT, []],
  ['pattern/a.js', ROOT, []],
  ['pattern/lib/', ROOT, undefined],
  ['pattern/nope/', ROOT, undefined],
  ['pattern//a.js', ROOT, ['DEP0166']],
  ['pattern/lib//a.js', ROOT, ['DEP0166']],
  ['pattern//a.js', `${ROOT}/node_modules/pattern`, ['DEP0166']],
  ['double', ROOT, ['DEP0166']],
  ['double/a.js', ROOT, ['DEP0166']],
  ['double/array', ROOT, ['DEP0166']],
  ['#a', `${ROOT}/node_modules/double`, ['DEP0166']],
  ['#legacy-index', `${ROOT}/app`, ['DEP0151']],
  ['#legacy-guessed', `${ROOT}/app`, ['DEP0151']],
  ['#legacy-exact', `${ROOT}/app`, []],
  ['#legacy-commonjs', `${ROOT}/app`, []],
  ['#legacy-nested', `${ROOT}/app`, ['DEP0151']],
  ['#legacy-mjs', `${ROOT}/app`, []],
  ['#legacy-broken', `${ROOT}/app`, []],
  ['legacy-index', `${ROOT}/app`, []],
];

for (const [request, fromDir, codes] of rows) {
  test(`${request} from ${fromDir}`, (t) => {
    const { warnings } = checkInTwins(t, tree, request, fromDir);
    if (codes !== undefined)
      t.deepEqual(
        warnings.map(({ code }) => code),
        codes,
      );
  });
}

test('the warning of a trailing slash is among those that are compared', (t) => {
  const { warnings } = checkInTwins(t, tree, 'pattern/lib/', ROOT);
  t.true(
    warnings.some(({ code }) => code === 'DEP0155'),
    `on Node ${nodeMajor}`,
  );
});

test('--no-deprecation silences what is silenced in Node', async (t) => {
  const root = treeFor(t, tree);
  const requests = rows.map(([request, fromDir]) => [request.replace(ROOT, root), fromDir.replace(ROOT, root)]);
  t.is((await checkInChild(t, requests, { execArgv: ['--no-deprecation'] })).length, rows.length);
});
