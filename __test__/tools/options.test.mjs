// Options and arguments of resolution for tools are checked where they are given.

import test from 'ava';
import { createResolver } from '../../index.js';

const TYPE = 'ERR_INVALID_ARG_TYPE';
const VALUE = 'ERR_INVALID_ARG_VALUE';

const WRONG = [
  [{ alias: 1 }, TYPE, 'options.alias'],
  [{ alias: { a: 1 } }, TYPE, 'options.alias.a'],
  [{ alias: { a: '' } }, VALUE, 'options.alias.a'],
  [{ alias: { a: ['b', 1] } }, TYPE, 'options.alias.a[1]'],
  [{ alias: { $: 'b' } }, VALUE, 'options.alias.$'],
  [{ alias: [{ name: 'a', alias: 'b', onlyModules: true }] }, VALUE, 'options.alias[0].onlyModules'],
  [{ alias: [{ name: 'a', alias: 'b', onlyModule: 1 }] }, TYPE, 'options.alias[0].onlyModule'],
  [{ fallback: 'x' }, TYPE, 'options.fallback'],
  [{ aliasFields: [1] }, TYPE, 'options.aliasFields[0]'],
  [{ aliasFields: [['']] }, VALUE, 'options.aliasFields[0][0]'],
  [{ conditionNames: [1] }, TYPE, 'options.conditionNames[0]'],
  [{ conditionNames: ['a'], conditions: ['b'] }, VALUE, 'options.conditionNames'],
  [{ symlinks: 1 }, TYPE, 'options.symlinks'],
  [{ symlinks: true, preserveSymlinks: true }, VALUE, 'options.symlinks'],
  [{ enforceExtension: 3 }, TYPE, 'options.enforceExtension'],
  [{ extensionAlias: [], extensions: ['a/b'] }, VALUE, 'options.extensions[0]'],
  [{ extensionAlias: { '.js': [1] } }, TYPE, 'options.extensionAlias..js[0]'],
  [{ extensionAlias: null }, TYPE, 'options.extensionAlias'],
  [{ fullySpecified: 'yes' }, TYPE, 'options.fullySpecified'],
  [{ mainFiles: [null] }, TYPE, 'options.mainFiles[0]'],
  [{ modules: [''] }, VALUE, 'options.modules[0]'],
  [{ roots: ['relative'] }, VALUE, 'options.roots[0]'],
  [{ roots: '/' }, TYPE, 'options.roots'],
  [{ restrictions: ['relative'] }, VALUE, 'options.restrictions[0]'],
  [{ restrictions: [1] }, TYPE, 'options.restrictions[0]'],
  [{ restrictions: [{ other: 1 }] }, VALUE, 'options.restrictions[0].other'],
  [{ restrictions: [{ regex: '(' }] }, VALUE, 'options.restrictions[0].regex'],
  [{ unknown: 1 }, VALUE, 'options.unknown'],
];

for (const [options, code, name] of WRONG) {
  test(`${JSON.stringify(options)} is refused`, (t) => {
    const error = t.throws(() => createResolver(options), { instanceOf: TypeError, code });
    t.true(error.message.includes(name), error.message);
  });
}

test('arguments are checked', async (t) => {
  const { sync, async, resolveMany, resolveFile } = createResolver();
  const wrong = [
    ['', 'a', VALUE],
    [1, 'a', TYPE],
    ['relative', 'a', VALUE],
    ['/', 1, TYPE],
    ['/', undefined, TYPE],
  ];
  for (const [directory, request, code] of wrong) {
    t.throws(() => sync(directory, request), { instanceOf: TypeError, code });
    t.throws(() => sync(directory, request), { instanceOf: TypeError, code }, 'again');
    await t.throwsAsync(async(directory, request), { instanceOf: TypeError, code });
    t.throws(() => resolveMany([[request, directory]]), { instanceOf: TypeError, code });
    t.throws(() => resolveFile(directory, request), { instanceOf: TypeError, code });
  }
  t.throws(() => resolveMany('a'), { code: TYPE });
  t.throws(() => resolveMany(['a']), { code: TYPE });
  t.throws(() => resolveMany([['a', '/'], ['a']]), { code: TYPE, message: /requests\[1\]\[1\]/ });
  t.throws(() => sync('/', 'a', 1), { code: TYPE });
  t.throws(() => sync('/', 'a', { fileDependencies: [] }), { code: VALUE });
});

test('undefined options are as those that are left out', (t) => {
  const resolver = createResolver({ alias: undefined, roots: undefined, symlinks: undefined });
  t.is(resolver.resolve('fs', '/'), 'fs');
});
