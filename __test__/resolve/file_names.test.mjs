import test from 'ava';
import { checkRow, failsWith, found, sameAsNode, testRows } from '../helpers/cases.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { checkInTwins, ROOT } from '../helpers/twins.mjs';

const NAMES = [
  'a b',
  ' leading',
  'trailing ',
  'dots.',
  '...',
  '-dash',
  '~',
  '$&',
  '100%',
  '%61',
  '%2f',
  'a\\b',
  'a:b',
  'a?b',
  'a#b',
  'a*b',
  'a|b',
  'a"b',
  "a'b",
  'a\tb',
  'a\nb',
  'a\rb',
  '\u007f',
  '\u0001',
  'caf\u00e9',
  'cafe\u0301',
  '\u00c5',
  '\u212b',
  'stra\u00dfe',
  '\u0130',
  '\u65e5\u672c',
  '\u{1f600}',
  '\u{10ffff}',
  '\ufeff',
  '\ufffd',
  '\ufffe',
  '\u200b',
  '\u202e',
  '__proto__',
  'constructor',
  'n'.repeat(200),
];

for (const name of NAMES) {
  const label = JSON.stringify(name).slice(0, 30);
  const tree = {
    [`${name}.js`]: '',
    [`folder ${name}/index.js`]: '',
    [`node_modules/x${name}/index.js`]: '',
    [`node_modules/x${name}/${name}.js`]: '',
    'node_modules/exporting/package.json': {
      json: { exports: { './*': './files/*.js', './exact': `./files/${name}.js` } },
    },
    [`node_modules/exporting/files/${name}.js`]: '',
    'linked.js': { link: `${name}.js` },
  };
  testRows(test, tree, [
    [`${label}: a file`, `./${name}.js`, '', found(`${name}.js`)],
    [`${label}: a guessed extension`, `./${name}`, '', found(`${name}.js`)],
    [`${label}: a directory`, `./folder ${name}`, '', found(`folder ${name}/index.js`)],
    [`${label}: from the directory`, '.', `folder ${name}`, found(`folder ${name}/index.js`)],
    [`${label}: a package`, `x${name}`, `folder ${name}`, found(`node_modules/x${name}/index.js`)],
    [`${label}: a file of a package`, `x${name}/${name}`, '', found(`node_modules/x${name}/${name}.js`)],
    [`${label}: through a pattern of exports`, `exporting/${name}`, '', sameAsNode],
    [`${label}: through a target of exports`, 'exporting/exact', '', sameAsNode],
    [`${label}: through a link`, './linked', '', found(`${name}.js`)],
  ]);
}

testRows(
  test,
  { 'caf\u00e9.js': '', 'Upper.js': '', 'Folder/index.js': '', 'node_modules/Name/index.js': '', '\ufffd.js': '' },
  [
    ['another normalisation is another name', './cafe\u0301', '', failsWith('MODULE_NOT_FOUND')],
    ['another case is another name', './upper', '', failsWith('MODULE_NOT_FOUND')],
    ['another case is another directory', './folder', '', failsWith('MODULE_NOT_FOUND')],
    ['another case is another package', 'name', '', failsWith('MODULE_NOT_FOUND')],
    ['a lone surrogate is looked for as U+FFFD', './\ud800', '', sameAsNode],
    ['a lone surrogate in the extension', './\ufffd.\udfffjs', '', failsWith('MODULE_NOT_FOUND')],
    ['a lone surrogate in fromDir', './x', 'a\ud800', failsWith('MODULE_NOT_FOUND')],
    ['a lone surrogate in fromDir, and up', '../Upper', 'a\udc00', found('Upper.js')],
    ['a lone surrogate as a package', '\ud800', '', failsWith('MODULE_NOT_FOUND')],
    ['a reversed surrogate pair', './\udc00\ud800', '', failsWith('MODULE_NOT_FOUND')],
  ],
);

const latin1 = (text) => Buffer.from(text, 'latin1');

const notUtf8 = [
  [latin1('bad\xff.js'), ''],
  [latin1('bad\xff/index.js'), ''],
  [latin1('node_modules/bad\xff/index.js'), ''],
  ['good.js', ''],
  [latin1('long\xe2\x82.js'), ''],
  [latin1('surrogate\xed\xa0\x80.js'), ''],
];

for (const request of [
  './bad\ufffd',
  './bad\ufffd.js',
  './bad\ufffd/',
  'bad\ufffd',
  './bad\u00ff',
  './bad',
  './good',
  './long\ufffd',
  './surrogate\ud800',
  './surrogate\ufffd\ufffd\ufffd',
]) {
  test(`names that are not UTF-8: ${JSON.stringify(request)}`, (t) => {
    const { answer } = checkInTwins(t, notUtf8, request, ROOT);
    t.is(answer.path, request === './good' ? `${ROOT}/good.js` : undefined);
  });
}

test('a name of 255 bytes is found, and a longer one is not', (t) => {
  const longest = 'n'.repeat(255);
  const root = treeFor(t, { [longest]: '', [`${'m'.repeat(252)}.js`]: '' });
  checkRow(t, root, `./${longest}`, '', found(longest));
  checkRow(t, root, `./${longest}n`, '', failsWith('MODULE_NOT_FOUND'));
  checkRow(t, root, `./${'m'.repeat(252)}`, '', found(`${'m'.repeat(252)}.js`));
  checkRow(t, root, `./${'\u00e9'.repeat(128)}`, '', failsWith('MODULE_NOT_FOUND'));
});

test('a path as long as the system takes, and a longer one', (t) => {
  const root = treeFor(t, { 'd/file.js': '', 'd/d/file.js': '' });
  for (const length of [4000, 4090, 4095, 4096, 4097, 5000]) {
    const padding = './'.repeat(length);
    checkRow(t, root, `./${padding}d/file`, '', found('d/file.js'));
    checkRow(t, root, `./${'x'.repeat(200)}/${'d/'.repeat(length / 2)}file`, '', failsWith('MODULE_NOT_FOUND'));
  }
});
