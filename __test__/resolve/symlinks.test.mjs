import test from 'ava';
import { checkRow, failsWith, found, testRows } from '../helpers/cases.mjs';
import { checkInChild } from '../helpers/child_answers.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { checkInTwins, ROOT } from '../helpers/twins.mjs';

const tree = {
  'real/file.js': '',
  'real/index.js': '',
  'real/node_modules/near/index.js': '',
  'store/pkg/package.json': { json: { main: 'lib/entry', exports: undefined } },
  'store/pkg/lib/entry.js': '',
  'store/pkg/lib/other.js': '',
  'store/exporting/package.json': {
    json: { name: 'exporting', exports: { '.': './entry.js', './linked': './linked.js' } },
  },
  'store/exporting/entry.js': '',
  'store/exporting/linked.js': { link: '../../real/file.js' },
  'store/main-link/package.json': { json: { main: 'link.js' } },
  'store/main-link/link.js': { link: '../../real/file.js' },
  'store/json-link/package.json': { link: '../pkg/package.json' },
  'store/json-link/lib/entry.js': '',
  'store/dangling-json/package.json': { link: 'nowhere.json' },
  'store/dangling-json/index.js': '',
  'links/file.js': { link: '../real/file.js' },
  'links/absolute.js': { linkToRoot: 'real/file.js' },
  'links/extension': { link: '../real/file.js' },
  'links/guessed.js': { link: 'extension' },
  'links/chain-1.js': { link: 'chain-2.js' },
  'links/chain-2.js': { linkToRoot: 'links/chain-3.js' },
  'links/chain-3.js': { link: './../links/file.js' },
  'links/folder': { link: '../real' },
  'links/folder-slash': { link: '../real/' },
  'links/dangling.js': { link: 'nowhere.js' },
  'links/dangling.json': '{}',
  'links/loop.js': { link: 'loop.js' },
  'links/loop-a.js': { link: 'loop-b.js' },
  'links/loop-b.js': { link: 'loop-a.js' },
  'links/loop.json': '{}',
  'links/up': { link: '..' },
  'links/here': { link: '.' },
  'links/through-file.js': { link: '../real/file.js/x' },
  'node_modules/pkg': { link: '../store/pkg' },
  'node_modules/exporting': { linkToRoot: 'store/exporting' },
  'node_modules/main-link': { link: '../store/main-link' },
  'node_modules/json-link': { link: '../store/json-link' },
  'node_modules/dangling-json': { link: '../store/dangling-json' },
  'node_modules/dangling': { link: '../store/nowhere' },
  'node_modules/file-link.js': { link: '../real/file.js' },
  'node_modules/@scope': { link: '../scopes/a' },
  'scopes/a/pkg': { link: '../../store/pkg' },
  'scopes/a/own/index.js': '',
  'app/node_modules': { link: '../node_modules' },
  'app/src': { link: '../real' },
  'deep/node_modules': { link: '../nowhere' },
  'looping/node_modules': { link: 'node_modules' },
};

const rows = [
  ['a link to a file', './links/file.js', '', found('real/file.js')],
  ['a link to a file, without its extension', './links/file', '', found('real/file.js')],
  ['a link with an absolute target', './links/absolute', '', found('real/file.js')],
  ['a link without extension', './links/extension', '', found('real/file.js')],
  ['a guessed extension, then links', './links/guessed', '', found('real/file.js')],
  ['a chain of links', './links/chain-1', '', found('real/file.js')],
  ['a link to a directory', './links/folder', '', found('real/index.js')],
  ['a link to a directory whose target ends with a slash', './links/folder-slash', '', found('real/index.js')],
  ['a link to a directory, with a slash', './links/folder/', '', found('real/index.js')],
  ['below a link to a directory', './links/folder/file', '', found('real/file.js')],
  ['a link back up', './links/up/real/file', '', found('real/file.js')],
  ['around a link back up', './links/up/links/up/links/file', '', found('real/file.js')],
  ['a link to .', './links/here/here/here/file', '', found('real/file.js')],
  ['.. after a link is taken from the text', './links/folder/../file', '', found('real/file.js')],
  ['a dangling link is passed over', './links/dangling', '', found('links/dangling.json')],
  ['a dangling link by name', './links/dangling.js', '', failsWith('MODULE_NOT_FOUND')],
  ['a loop is passed over', './links/loop', '', found('links/loop.json')],
  ['a loop of two', './links/loop-a', '', failsWith('MODULE_NOT_FOUND')],
  ['a link through a file', './links/through-file', '', failsWith('MODULE_NOT_FOUND')],
  ['a linked package', 'pkg', '', found('store/pkg/lib/entry.js')],
  ['a file of a linked package', 'pkg/lib/other', '', found('store/pkg/lib/other.js')],
  ['a linked package with exports', 'exporting', '', found('store/exporting/entry.js')],
  ['an exported link', 'exporting/linked', '', found('real/file.js')],
  ['main is a link', 'main-link', '', found('real/file.js')],
  ['package.json is a link', 'json-link', '', found('store/json-link/lib/entry.js')],
  ['package.json is a dangling link', 'dangling-json', '', found('store/dangling-json/index.js')],
  ['a dangling package', 'dangling', '', failsWith('MODULE_NOT_FOUND')],
  ['a linked file in node_modules', 'file-link', '', found('real/file.js')],
  ['a linked scope and a linked package in it', '@scope/pkg', '', found('store/pkg/lib/entry.js')],
  ['a package in a linked scope', '@scope/own', '', found('scopes/a/own/index.js')],
  ['node_modules is a link', 'pkg', 'app', found('store/pkg/lib/entry.js')],
  ['node_modules is a dangling link', 'pkg', 'deep', found('store/pkg/lib/entry.js')],
  ['node_modules is a loop', 'pkg', 'looping', found('store/pkg/lib/entry.js')],
  ['fromDir is taken as it is written', 'near', 'app/src', found('real/node_modules/near/index.js')],
  ['fromDir below a link: .. is taken from the text', '../links/file', 'app', found('real/file.js')],
  ['fromDir is a link: .. is taken from the text', '../node_modules/pkg', 'app/src', found('store/pkg/lib/entry.js')],
  ['a self reference below a link', 'exporting', 'node_modules/exporting', found('store/exporting/entry.js')],
];

testRows(test, tree, rows);

test('every row with --preserve-symlinks', async (t) => {
  const answers = await checkRowsInChild(t, ['--preserve-symlinks']);
  t.deepEqual(answers.get('a link to a file'), 'links/file.js');
  t.deepEqual(answers.get('a chain of links'), 'links/chain-1.js');
  t.deepEqual(answers.get('a linked package'), 'node_modules/pkg/lib/entry.js');
  t.deepEqual(answers.get('a linked package with exports'), 'node_modules/exporting/entry.js');
});

test('every row with NODE_PRESERVE_SYMLINKS=1', async (t) => {
  const answers = await checkRowsInChild(t, [], { NODE_PRESERVE_SYMLINKS: '1' });
  t.deepEqual(answers.get('a link to a file'), 'links/file.js');
});

test('every row with --preserve-symlinks in NODE_OPTIONS', async (t) => {
  const answers = await checkRowsInChild(t, [], { NODE_OPTIONS: '--preserve-symlinks' });
  t.deepEqual(answers.get('a link to a file'), 'links/file.js');
});

test('every row with --preserve-symlinks-main, which is for the main program only', async (t) => {
  const answers = await checkRowsInChild(t, ['--preserve-symlinks-main']);
  t.deepEqual(answers.get('a link to a file'), 'real/file.js');
});

test('every row with --preserve-symlinks and then --no-preserve-symlinks', async (t) => {
  const answers = await checkRowsInChild(t, ['--preserve-symlinks', '--no-preserve-symlinks']);
  t.deepEqual(answers.get('a link to a file'), 'real/file.js');
});

for (const length of [1, 10, 39, 40, 41, 60]) {
  test(`${length} links in a row to a file, and to a directory`, (t) => {
    const links = Array.from({ length }, (_, index) => [`link-${index}`, { link: `link-${index + 1}` }]);
    const folders = Array.from({ length }, (_, index) => [`folder-${index}`, { link: `folder-${index + 1}` }]);
    const chain = {
      [`link-${length}`]: '',
      [`folder-${length}/index.js`]: '',
      ...Object.fromEntries([...links, ...folders]),
    };
    const root = treeFor(t, chain);
    const isTooLong = length > 40;
    checkRow(t, root, './link-0', '', isTooLong ? failsWith('MODULE_NOT_FOUND') : found(`link-${length}`));
    checkRow(t, root, './folder-0', '', isTooLong ? failsWith('MODULE_NOT_FOUND') : found(`folder-${length}/index.js`));
    checkRow(
      t,
      root,
      './folder-0/index',
      '',
      isTooLong ? failsWith('MODULE_NOT_FOUND') : found(`folder-${length}/index.js`),
    );
  });
}

const notUtf8 = [
  [Buffer.from('bad\xff.js', 'latin1'), ''],
  [Buffer.from('bad\xff/index.js', 'latin1'), ''],
  ['file.js', { link: Buffer.from('bad\xff.js', 'latin1') }],
  ['folder', { link: Buffer.from('bad\xff', 'latin1') }],
];

for (const request of ['./file', './file.js', './folder', './folder/index', './folder/']) {
  test(`a link to a name that is not UTF-8, by ${request}`, (t) => {
    // Node stumbles over the name that it can't write as text, and remembers half of the way.
    const { answer } = checkInTwins(t, notUtf8, request, ROOT);
    t.is(answer.error?.code, 'ENOENT');
  });
}

async function checkRowsInChild(t, execArgv, env) {
  const root = treeFor(t, tree);
  const requests = rows.map(([, request, fromDir]) => [request, `${root}/${fromDir}`]);
  const answers = await checkInChild(t, requests, { execArgv, env });
  return new Map(rows.map(([title], index) => [title, answers[index].path?.slice(root.length + 1)]));
}
