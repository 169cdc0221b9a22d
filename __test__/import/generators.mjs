// Specifiers as an `import` has them, and the modules that they are in, for the random trees of the differential tests of `require`.

import fc from 'fast-check';

import { layout } from '../differential/generators/layout.mjs';
import { mostly, weighted } from '../differential/generators/names.mjs';
import { requestsFor } from '../differential/generators/requests.mjs';
import { isLink, pairsOf } from '../helpers/tree.mjs';
import { ROOT } from '../helpers/twins.mjs';

/** Files with each of the extensions that Node knows, and some that it does not. */
const FILES = [
  'x.mjs',
  'x.cjs',
  'x.js',
  'x.json',
  'x.wasm',
  'x.node',
  'x.ts',
  'x.mts',
  'x.cts',
  'x.jsx',
  'x',
  'X.MJS',
  'lib/index.mjs',
  'my_node_modules/x.js',
  'my_node_modules/package.json/x.js',
  'my_node_modules/typed/x.js',
  'a+b@1,2=3;$&!(x).js',
  'a:b.js',
  "it's.js",
  'a[1].js',
  'a^b|c`d.js',
  'a~.js',
  'a{b}.js',
  'a<b>"c".js',
  'x.js/x.js',
  '.mjs',
  '.cjs/x.js',
  'x.',
  'x.js.',
  'x.JS',
  'x.test.js',
  '\u007f.js',
];

const MANIFESTS = [
  ['my_node_modules/typed/package.json', '{"type":"module"}'],
  ['package.json', '{"type":"module","name":"self","exports":{"./*":"./*","./*.js":"./*.js"},"imports":{"#*":"./*"}}'],
  ['package.json', '{"type":"module","imports":{"#a":"a","#b":"./x.js","#lib/*":"./lib/*.js"}}'],
  ['package.json', '{"type":"commonjs"}'],
  ['package.json', '{}'],
  ['lib/package.json', '{"type":"module"}'],
  ['lib/package.json', '{"type":"commonjs","name":"lib"}'],
  ['lib/package.json', '{"type":"Module","main":"./a.js"}'],
  ['lib/package.json', '{"type":["module"]}'],
  ['lib/package.json', '{"type":null}'],
];

/** With some of these files more, in some of the tree's directories. */
export const importLayout = fc
  .tuple(
    layout,
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...FILES)), { maxLength: 10 }),
    fc.array(manifest(), { maxLength: 3 }),
  )
  .map(([tree, files, manifests]) => {
    const pairs = pairsOf(tree).filter(([name]) => typeof name === 'string');
    const directories = ['', ...pairs.map(([name]) => name.slice(0, name.lastIndexOf('/') + 1))];
    const more = [...manifests, ...files.map((file) => [...file, ''])].map(([index, name, text]) => [
      directories[index % directories.length] + name,
      text,
    ]);
    const all = new Map(pairsOf(tree));
    for (const [name, text] of more) if (isPlaceFree(all, name)) all.set(name, text);
    return [...all];
  });

function manifest() {
  return fc.tuple(fc.nat(), fc.constantFrom(...MANIFESTS)).map(([index, [name, text]]) => [index, name, text]);
}

/** Nothing is to be below a file or a link, and no directory to be one. */
function isPlaceFree(all, name) {
  for (const other of all.keys()) {
    const text = String(other).replace(/\/$/, '');
    if (text === name || text.startsWith(`${name}/`) || name.startsWith(`${text}/`)) return false;
  }
  return true;
}

const encode = (text, at) => {
  const character = [...text][at % Math.max(1, [...text].length)] ?? '';
  const encoded = [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  return text.replace(character, () => encoded);
};

const CHANGES = [
  (text) => `${text}?q`,
  (text) => `${text}?`,
  (text) => `${text}#h`,
  (text) => `${text}#`,
  (text) => `${text}?q#h`,
  (text) => `${text}/`,
  (text) => `${text}/.`,
  (text) => `${text}/..`,
  (text) => `${text} `,
  (text) => ` ${text}`,
  (text) => `${text}\n`,
  (text) => text.replace('/', '/\t'),
  (text) => text.replace('/', '//'),
  (text) => text.replace('/', '\\'),
  (text) => text.replace('/', '%2f'),
  (text) => text.replace('/', '/./'),
  (text) => text.replace('/', '/x/../'),
  (text) => text.replace('/', '/%2e%2E/'),
  (text) => text.replace('/', '/.%2e/'),
  (text) => text.toUpperCase(),
  (text) => text.replace(/\.[^./]*$/, ''),
  (text) => `file:${text}`,
  (text) => `file://${text}`,
  (text) => `node:${text}`,
  (text) => `data:text/javascript,${text}`,
  (text) => `/${text}`,
  (text) => `${text}\u0000`,
  (text) => `${text}\u0080`,
];

const changed = (specifier) =>
  fc
    .tuple(
      specifier,
      weighted([5, fc.constant(null)], [2, fc.constantFrom(...CHANGES)], [1, fc.constant(encode)]),
      fc.nat(),
    )
    .map(([[text, fromDir], change, at]) => [change === null ? text : change(text, at), fromDir]);

/** A file of the tree, by its path from another's directory, its path or its URL. */
function fileRequest(tree) {
  const names = pairsOf(tree)
    .filter(([name, entry]) => typeof name === 'string' && (entry !== null || isLink(entry)))
    .map(([name]) => name);
  if (names.length === 0) return fc.constant(['./x.js', ROOT]);
  return fc
    .tuple(fc.constantFrom(...names), fc.constantFrom(...names), fc.nat({ max: 9 }))
    .map(([name, from, kind]) => {
      const directory = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
      const fromDir = directory === '' ? ROOT : `${ROOT}/${directory}`;
      if (kind === 0) return [`${ROOT}/${name}`, fromDir];
      if (kind === 1) return [`file://${ROOT}/${encodeURI(name.toWellFormed())}`, fromDir];
      const up = directory === '' ? './' : '../'.repeat(directory.split('/').length);
      const isBelow = directory !== '' && name.startsWith(`${directory}/`);
      return [isBelow ? `./${name.slice(directory.length + 1)}` : up + name, fromDir];
    });
}

const PARENTS = ['any.js', 'any.mjs'];
const ODD_PARENTS = ['any.js?q', 'any.js#h', '%61ny.js', 'a b.js', 'node_modules', '', './../any.js'];

/** An arbitrary of `count` requests [specifier, fromDir, parent], with ROOT in place of the tree's directory. */
export function importRequestsFor(tree, count) {
  const asked = weighted([1, requestsFor(tree, 1).map(([request]) => request)], [2, changed(fileRequest(tree))]);
  const request = fc
    .tuple(asked, mostly(PARENTS, ODD_PARENTS))
    .map(([[text, fromDir], parent]) => [text, fromDir, parent]);
  return fc.array(request, { minLength: count, maxLength: count });
}
