// What a file exports is asked for by another one. knip (`npm run check`) finds files and packages that nobody asks for; of exports that are
// used as properties of what `require` gives, it knows too little.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';

const root = path.resolve(import.meta.dirname, '../..');

const listFiles = (...patterns) =>
  execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .trim()
    .split('\n')
    .filter((name) => fs.existsSync(path.join(root, name)));

const withoutComments = (text) => text.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');

/** Names that a file exports, by `module.exports = { a, b }`, or by `export` before what it declares. */
const exportsOf = (code) => [
  ...(/^module\.exports = \{([^{}]*)\};$/m.exec(code)?.[1].match(/(?<=^|,)\s*\w+/g) ?? []).map((name) => name.trim()),
  ...[...code.matchAll(/^export (?:const|let|async function\*?|function\*?|class) (\w+)/gm)].map(([, name]) => name),
];

/** Names by which others than our files ask: a test's table of them, and the interface of a plugin. */
const ASKED_BY_NAME = ['__test__/stale/liars.cjs', 'lib/adapters/eslint.js'];

/** [file, name] of each export whose name no other file has. */
function findUnused(texts) {
  const words = new Map([...texts].map(([file, code]) => [file, new Set(code.match(/\w+/g))]));
  return [...texts].flatMap(([file, code]) =>
    exportsOf(code)
      .filter((name) => ![...words].some(([other, those]) => other !== file && those.has(name)))
      .map((name) => [file, name]),
  );
}

const textsOf = (files) =>
  new Map(files.map((file) => [file, withoutComments(fs.readFileSync(path.join(root, file), 'utf8'))]));

test('each name that a file exports is used by another file', (t) => {
  const scripts = ['lib', 'scripts', 'bench', '__test__', 'examples'].flatMap((folder) =>
    ['js', 'cjs', 'mjs'].map((extension) => `${folder}/*.${extension}`),
  );
  // Programs of the corpus export what nobody wants, as programs do; those of tests are asked by the name in a message.
  const files = listFiles(...scripts).filter((file) => !/\/programs\//.test(file));
  t.true(files.includes('lib/resolve/hook.js'));
  const unused = findUnused(textsOf(files)).filter(([file]) => !/\/fixtures\/|^examples\//.test(file));
  t.deepEqual(
    unused.filter(([file]) => !ASKED_BY_NAME.includes(file)),
    [],
  );
  t.deepEqual([...new Set(unused.map(([file]) => file))], ASKED_BY_NAME);
});

test('a name that nobody uses is found', (t) => {
  const texts = new Map([
    ['a.js', 'const { used } = require("./b.js");'],
    ['b.js', 'module.exports = {\n  used,\n  unused,\n  renamed: unused,\n};'],
    ['c.mjs', 'export const alone = 1;\nexport async function other() {}\nexport function* used() {}'],
  ]);
  t.deepEqual(findUnused(texts), [
    ['b.js', 'unused'],
    ['b.js', 'renamed'],
    ['c.mjs', 'alone'],
    ['c.mjs', 'other'],
  ]);
});
