import { builtinModules } from 'node:module';
import test from 'ava';
import { answers, failsWith, found, testRows } from '../helpers/cases.mjs';
import { check } from '../helpers/oracle.mjs';
import { treeFor } from '../helpers/tree.mjs';

const tree = {
  'node_modules/fs/index.js': '',
  'node_modules/fs/promises.js': '',
  'node_modules/fs/extra.js': '',
  'node_modules/punycode/index.js': '',
  'node_modules/test/index.js': '',
  'node_modules/sqlite/index.js': '',
  'node_modules/node:fs/index.js': '',
  'node_modules/node:unknown/index.js': '',
  'node_modules/internal/util.js': '',
  'node_modules/FS/index.js': '',
  'fs.js': '',
};

testRows(test, tree, [
  ['a builtin wins over a package of its name', 'fs', '', answers('fs')],
  ['a builtin with the scheme keeps it', 'node:fs', '', answers('node:fs')],
  ['a subpath that is a builtin', 'fs/promises', '', answers('fs/promises')],
  ['a subpath that is a builtin, with the scheme', 'node:fs/promises', '', answers('node:fs/promises')],
  ['a subpath that is no builtin is one of the package', 'fs/extra', '', found('node_modules/fs/extra.js')],
  ['a trailing slash asks for the package', 'fs/', '', found('node_modules/fs/index.js')],
  [
    'a trailing slash asks for the package, as documented for punycode',
    'punycode/',
    '',
    found('node_modules/punycode/index.js'),
  ],
  ['a trailing slash after a builtin without a package', 'path/', '', failsWith('MODULE_NOT_FOUND')],
  ['a trailing slash after the scheme form asks for a package', 'node:fs/', '', found('node_modules/node:fs/index.js')],
  ['a name that is a builtin only with the scheme', 'test', '', found('node_modules/test/index.js')],
  ['node:test', 'node:test', '', answers('node:test')],
  ['sqlite without the scheme is a package', 'sqlite', '', found('node_modules/sqlite/index.js')],
  [
    'an unknown name with the scheme falls to node_modules',
    'node:unknown',
    '',
    found('node_modules/node:unknown/index.js'),
  ],
  ['an unknown name with the scheme and no package', 'node:nope', '', failsWith('MODULE_NOT_FOUND')],
  ['the scheme alone', 'node:', '', failsWith('MODULE_NOT_FOUND')],
  ['the scheme in capitals', 'NODE:fs', '', failsWith('MODULE_NOT_FOUND')],
  ['a builtin in capitals is a package', 'FS', '', found('node_modules/FS/index.js')],
  ['an internal module is not for users', 'internal/util', '', found('node_modules/internal/util.js')],
  ['an internal module with the scheme', 'node:internal/util', '', failsWith('MODULE_NOT_FOUND')],
  ['a relative request is no builtin', './fs', '', found('fs.js')],
  ['from a directory that does not exist', 'fs', 'nope/deeper', answers('fs')],
]);

test('every name that the running Node lists, with and without the scheme and with a slash', (t) => {
  const root = treeFor(t, {});
  for (const name of [...builtinModules, 'sqlite', 'sea', 'test', 'test/reporters']) {
    const bareName = name.replace(/^node:/, '');
    for (const request of [bareName, `node:${bareName}`, `${bareName}/`, `node:${bareName}/`]) check(t, request, root);
  }
});
