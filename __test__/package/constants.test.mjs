// What Rust and JavaScript both have to know: Rust has it, and JavaScript the same, since asking for it would cost each start.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';

const root = path.resolve(import.meta.dirname, '../..');
const read = (name) => fs.readFileSync(path.join(root, name), 'utf8');

/** The part of a text from a beginning to the line that ends it, at the same depth. */
function blockAt(text, beginning) {
  const [, , rest] = new RegExp(`^( *)${beginning}(.*?)^\\1\\}`, 'ms').exec(text) ?? [];
  if (rest === undefined) throw new Error(`There is no ${beginning}`);
  return rest;
}

/** An expression of numbers and constants that is the same in both languages, but for types and names of modules. */
function evaluateOne(expression, names) {
  if (/^["']/.test(expression)) return expression.slice(1, -1);
  const text = expression
    .replaceAll(/(?<=\d)_(?=\d)/g, '')
    .replaceAll('u32::MAX', '(2 ** 32 - 1)')
    .replaceAll(/[A-Za-z_]\w*\./g, '');
  return new Function(...Object.keys(names), `return (${text});`)(...Object.values(names));
}

const evaluate = (pairs, names) => {
  const values = {};
  for (const [, name, expression] of pairs) values[name] = evaluateOne(expression, { ...names, ...values });
  return values;
};

const ofRust = (file, { module, names } = {}) =>
  evaluate(
    [
      ...(module === undefined ? read(file) : blockAt(read(file), `(?:pub )?mod ${module} \\{`)).matchAll(
        /^ *(?:pub )?const (\w+): [^=]+ = ([^;]+);/gm,
      ),
    ].filter(([, name]) => names === undefined || names.includes(name)),
    { COMMON: 9 },
  );

const ofScript = (file, { object, names } = {}) =>
  object === undefined
    ? evaluate(
        [...read(file).matchAll(/^const (\w+) = ([^;{]+);/gm)].filter(([, name]) => names.includes(name)),
        {},
      )
    : evaluate(
        [
          ...withoutComments(new RegExp(`^const ${object} = \\{(.*?)\\};`, 'ms').exec(read(file))[1]).matchAll(
            /(\w+): ([^,}]+)/g,
          ),
        ],
        { COMMON: 9 },
      );

const withoutComments = (text) => text.replaceAll(/\/\*[\s\S]*?\*\//g, '');

const LAYOUT = 'lib/spawn/layout.js';
const REQUEST = 'src/binding/process/request.rs';
const ENGINE = 'lib/commands/native_engine.js';
const COMMANDS = 'src/binding/process/commands.rs';

for (const [what, rust, script, least] of [
  ['places in a request', [REQUEST, { module: 'at' }], [LAYOUT, { object: 'AT' }], 10],
  ['flags of a request', [REQUEST, { module: 'flag' }], [LAYOUT, { object: 'FLAG' }], 6],
  ['what is no descriptor', [REQUEST, { names: ['IGNORE', 'PIPE'] }], [LAYOUT, { names: ['IGNORE', 'PIPE'] }], 2],
  ['places of a command', [COMMANDS, { module: 'own' }], [ENGINE, { object: 'OWN' }], 6],
  ['flags of a command', [COMMANDS, { module: 'own_flag' }], [ENGINE, { object: 'OWN_FLAG' }], 4],
  ['orders to a command', [COMMANDS, { module: 'order' }], [ENGINE, { object: 'ORDER' }], 6],
  ['news of a command', [COMMANDS, { module: 'news' }], [ENGINE, { object: 'NEWS' }], 7],
  [
    'the answer where Node spawns',
    ['src/binding/process/seam.rs', { names: ['NOT_UNDERSTOOD'] }],
    ['lib/spawn/start.js', { names: ['NOT_UNDERSTOOD'] }],
    1,
  ],
  [
    'answers that are numbers',
    ['src/binding/mod.rs', { names: ['UNSURE', 'NOT_FOUND', 'AGAIN'] }],
    ['lib/resolve/asking.js', { names: ['UNSURE', 'NOT_FOUND', 'AGAIN'] }],
    3,
  ],
  [
    'places in a question of tools',
    ['src/binding/enhanced/mod.rs', { module: 'at' }],
    ['lib/tools/tool_resolver.js', { names: ['RESOLVER', 'DIRECTORY', 'TURN', 'DECLARATIONS', 'EARLIER', 'ANSWER'] }],
    6,
  ],
  [
    'what is no number of an answer',
    ['src/binding/enhanced/answer.rs', { names: ['NO_NUMBER'] }],
    ['lib/tools/outcome.js', { names: ['NO_NUMBER'] }],
    1,
  ],
]) {
  test(`both know ${what}`, (t) => {
    const known = ofRust(...rust);
    t.is(Object.keys(known).length, least);
    t.deepEqual(ofScript(...script), known);
  });
}

test('both know what ended a command', (t) => {
  const variants = [
    ...blockAt(read('src/process/capture/outbox.rs'), 'pub enum Ending \\{').matchAll(/^ {4}(\w+)(?: = (\d+))?,/gm),
  ];
  const known = Object.values(ofScript('lib/commands/outcome.js', { object: 'ENDING' }));
  t.deepEqual(
    known,
    variants.map((_, index) => index),
  );
});

const lettersOf = (object) =>
  Object.fromEntries([...object.matchAll(/\b(\w): '(\w+)'/g)].map(([, letter, name]) => [name, letter]));
const scriptLetters = (file, object) =>
  lettersOf(new RegExp(`^const ${object} = \\{(.*?)\\};`, 'ms').exec(read(file))[1]);

test('both know the letters of formats', (t) => {
  const variants = [...read('src/format.rs').matchAll(/Self::(\w+) => '(\w)'/g)];
  const known = Object.fromEntries(variants.map(([, name, letter]) => [name.toLowerCase(), letter]));
  t.true(variants.length > 4);
  const letters = scriptLetters('lib/resolve/import_hook.js', 'FORMATS');
  for (const [name, letter] of Object.entries(letters)) t.is(known[name], letter, name);
});

test('both know the kinds of answers of tools', (t) => {
  const { FAILURE, FILE, ...ofModules } = ofRust('src/binding/enhanced/answer.rs', { module: 'kind' });
  t.is(ofScript('lib/tools/outcome.js', { names: ['FAILURE'] }).FAILURE, FAILURE);
  const types = /^const MODULE_TYPES = \[(.*?)\];/ms.exec(read('lib/tools/outcome.js'))[1].split(/,\s*/);
  t.deepEqual([types[FAILURE], types[FILE]], ['undefined', 'undefined']);
  t.true(Object.keys(ofModules).length > 4);
  for (const [name, kind] of Object.entries(ofModules)) t.is(types[kind], `'${name.toLowerCase()}'`, name);
});

test('both know the kinds of failures of tools', (t) => {
  const kinds = [...read('src/binding/enhanced/answer.rs').matchAll(/"kind": "(\w+)"/g)].map(([, kind]) => kind);
  const words = blockAt(read('lib/tools/outcome.js'), 'const FAILURES = \\{');
  t.deepEqual([...words.matchAll(/^ {2}(\w+): /gm)].map(([, kind]) => kind).sort(), [...new Set(kinds)].sort());
});

test('both know how snapshots are named, and how long they are kept', (t) => {
  const { LONGEST_NAME } = ofRust('src/cache/snapshot/file.rs', { names: ['LONGEST_NAME'] });
  const kept = ofScript('lib/cli/kept.js', { names: ['LONGEST_NAME', 'LONGEST_AGE', 'END'] });
  t.is(kept.LONGEST_NAME, LONGEST_NAME);
  t.is(ofScript('lib/resolve/find_snapshot.js', { names: ['LONGEST'] }).LONGEST, LONGEST_NAME);
  const { MAXIMUM_AGE } = ofRust('src/cache/snapshot/recording.rs', { names: ['MAXIMUM_AGE'] });
  t.is(kept.LONGEST_AGE, MAXIMUM_AGE * 86_400_000);
  const { OWN_FILES } = ofRust('src/fs/mod.rs', { names: ['OWN_FILES'] });
  t.is(kept.END, OWN_FILES);
  t.true(read('lib/resolve/find_snapshot.js').includes(`${OWN_FILES}\`;`));
});
