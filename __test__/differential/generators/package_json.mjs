// The content of a package.json: mostly JSON with the members that matter, at times anything else.

import fc from 'fast-check';
import { exportsValue, importsValue } from './exports_map.mjs';
import { jsonConstants, jsonString, objectText } from './json_text.mjs';
import { mostly, packageName, weighted } from './names.mjs';

const MAINS = ['main', 'main.js', './main', './main.js', 'lib', './lib', './lib/', 'lib/a', 'dir', 'index', 'a'];

const ODD_MAINS = [
  '',
  ' ',
  '.',
  './',
  '..',
  '../',
  '../a',
  './.',
  'dir/',
  'dir//',
  'lib/.',
  'lib/..',
  'lib/../main.js',
  'package.json',
  './package.json',
  'missing',
  './missing.js',
  'missing/',
  '/',
  '/dev/null',
  '/missing',
  '//main.js',
  '.\\main.js',
  'lib\\a.js',
  'main.js?q',
  'main%2ejs',
  'file:///main.js',
  'a\u0000b',
  '\u0000',
  'caf\u00e9',
  'cafe\u0301',
  '\ud800',
  'a b',
  'line\nbreak',
  'node_modules/b',
  'm'.repeat(300),
  'd/'.repeat(3000),
];

const notAString = jsonConstants(null, true, false, 0, 1, 1e21, [], ['main.js'], {}, { a: 'main.js' });

const main = weighted([12, jsonString(mostly(MAINS, ODD_MAINS))], [1, notAString]);

const name = weighted(
  [8, jsonString(packageName)],
  [
    1,
    jsonString(fc.constantFrom('', '.', './x', '..', '/', '#a', 'a/', 'a/lib', 'fs', 'node:fs', '\ud800', 'a\u0000')),
  ],
  [1, notAString],
);

const type = weighted(
  [8, jsonConstants('commonjs', 'module')],
  [1, jsonConstants('none', '', 'Module')],
  [1, notAString],
);

const otherMember = fc.constantFrom(
  ['"version"', '"1.0.0"'],
  ['"dependencies"', '{"a":"*","exports":"./no.js"}'],
  ['"__proto__"', '{"main":"a.js","exports":"./a.js"}'],
  ['"Main"', '"a.js"'],
  ['"x"', '[[[{"main":"a"}]],"\\u0000\\\\\\"",-0.0e-1]'],
  ['"\\ud83d"', '"\\udE00"'],
);

const memberOf = (key, value) => fc.tuple(jsonString(fc.constant(key)), value);

const sometimes = (arbitrary, probability) =>
  weighted([probability, arbitrary.map((member) => [member])], [100 - probability, fc.constant([])]);

const anyMember = fc.oneof(
  memberOf('name', name),
  memberOf('main', main),
  memberOf('exports', exportsValue),
  memberOf('imports', importsValue),
  otherMember,
);

const members = fc
  .tuple(
    sometimes(memberOf('name', name), 70),
    sometimes(memberOf('main', main), 55),
    sometimes(memberOf('exports', exportsValue), 45),
    sometimes(memberOf('imports', importsValue), 45),
    sometimes(memberOf('type', type), 30),
    sometimes(otherMember, 20),
    sometimes(anyMember, 10),
  )
  .map((parts) => parts.flat());

const legalText = fc
  .tuple(members, fc.infiniteStream(fc.nat()), fc.constantFrom('', '', '', ' ', '\n', '\t\r\n '))
  .map(([list, randomNumbers, blank]) => blank + objectText(shuffled(list, randomNumbers)) + blank);

const brokenText = fc.tuple(legalText, fc.nat(), fc.nat({ max: 11 })).map(([text, position, way]) => {
  const index = position % (text.length + 1);
  const [head, tail] = [text.slice(0, index), text.slice(index)];
  const ways = [
    () => `\ufeff${text}`,
    () => head,
    () => `${head},${tail}`,
    () => `${head}x${tail}`,
    () => `${head}\u0000${tail}`,
    () => `${head}\n${tail}`,
    () => `${head}\\${tail}`,
    () => `${text}}`,
    () => `${text} // comment`,
    () => Buffer.concat([Buffer.from(head), Buffer.from([0xff]), Buffer.from(tail)]),
    () => Buffer.concat([Buffer.from(head), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from(tail)]),
    () => Buffer.from(text, 'utf16le'),
  ];
  return ways[way]();
});

const notAnObject = fc.constantFrom(
  '',
  ' ',
  '[]',
  '[{"main":"a.js"}]',
  'null',
  '"x"',
  '1',
  'true',
  '{',
  '}',
  '{}',
  '{"a"}',
  "{'main':'a'}",
  '{main:1}',
  '\ufeff',
  '\ufeff{}',
  '"',
  'NaN',
);

/** Text or bytes of the file; `null` where it is a directory; a link. */
export const packageJson = weighted(
  [40, legalText],
  [2, brokenText],
  [1, notAnObject],
  [
    1,
    fc.constantFrom(
      null,
      { link: 'missing.json' },
      { link: 'package.json' },
      { link: '../a/package.json' },
      { link: '.' },
    ),
  ],
);

function shuffled(list, randomNumbers) {
  const keyed = list.map((item) => ({ item, key: randomNumbers.next().value }));
  return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item);
}
