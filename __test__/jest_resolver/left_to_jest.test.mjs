// What this package's resolver answers, and what it leaves to the resolver that jest passes.

import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { copyPackage } from '../helpers/package-copy.mjs';
import { treeFor } from '../helpers/tree.mjs';

const require = createRequire(import.meta.url);
const resolve = require('../../jest-resolver.js');

const LEFT = 'left to jest';
const extensions = ['.js', '.json'];

const json = (value) => ({ json: value });

const tree = {
  'a.js': '',
  'dir/index.js': '',
  'dir.js/index.js': '',
  'nested/package.json': json({ main: './lib' }),
  'nested/index.js': '',
  'nested/lib/package.json': json({ main: './other.js' }),
  'nested/lib/index.js': '',
  'nested/lib/other.js': '',
  'self/package.json': json({ name: 'self', exports: './self.js' }),
  'self/self.js': '',
  'linked-directory': { link: 'dir' },
  'node_modules/ordinary/package.json': json({ name: 'ordinary', main: './main' }),
  'node_modules/ordinary/main.js': '',
  'node_modules/ordinary/lib/index.json': '',
  'node_modules/mapped/package.json': json({
    name: 'mapped',
    exports: {
      '.': { import: './import.js', default: './default.js' },
      './list': ['./import.js'],
      './lib/*': './lib/*.js',
      './ranked/*': './lib/*.js',
      './ranked/*.js': './lib/*.js',
      './mapped': './default.js',
    },
  }),
  'node_modules/mapped/import.js': '',
  'node_modules/mapped/default.js': '',
  'node_modules/mapped/lib/x.js': '',
  'node_modules/twice/package.json': '{"main":"a.js","main":"b.js"}',
  'node_modules/twice/a.js': '',
  'node_modules/twice/b.js': '',
  'node_modules/marked/package.json': '\ufeff{"main":"a.js"}',
  'node_modules/marked/a.js': '',
  'node_modules/file.js': '',
  'node_modules/half/package.json': String.raw`{"main":"a.js","description":"\ud83d"}`,
  'node_modules/half/a.js': '',
  'node_modules/linked-manifest/package.json': { link: '../ordinary/package.json' },
  'node_modules/linked-manifest/main.js': '',
  'node_modules/dot/package.json': json({ main: '.' }),
  'node_modules/dot/index.js': '',
  'node_modules/query/package.json': json({ main: 'a?b.js' }),
  'node_modules/query/a?b.js': '',
  'app/package.json': json({ name: 'ordinary', exports: './a.js' }),
  'app/node_modules/without-manifest/a.js': '',
  'node_modules/node_modules/ordinary.js': '',
  'dir/node_modules/mapped/package.json': json({}),
  'broken/package.json': '{',
  'broken/a.js': '',
  'broken/below/package.json': json({}),
  'broken/below/a.js': '',
  'node_modules/workspace': { link: '../nested' },
};

/** Title, request, basedir, the answer or LEFT, and options that differ. */
const ROWS = [
  ['a file', './a.js', '', 'a.js'],
  ['a file without its extension', './a', '', 'a.js'],
  ['a file from below', '../a', 'dir', 'a.js'],
  ['an absolute path', '{root}/a', 'dir', 'a.js'],
  ['a directory', './dir', '', 'dir/index.js'],
  ['a directory that looks like a file', './dir.js', '', 'dir.js/index.js'],
  ['the main file of a package', 'ordinary', 'dir', 'node_modules/ordinary/main.js'],
  ['a directory in a package', 'ordinary/lib', '', 'node_modules/ordinary/lib/index.json'],
  ['a condition', 'mapped', '', 'node_modules/mapped/default.js'],
  ['another condition', 'mapped', '', 'node_modules/mapped/import.js', { conditions: ['import'] }],
  ['a pattern', 'mapped/lib/x', '', 'node_modules/mapped/lib/x.js'],
  ['a link', './linked-directory', '', 'dir/index.js'],
  ['a builtin module', 'fs', '', LEFT],
  ['a builtin module by its scheme', 'node:fs', '', LEFT],
  ['an import of the package itself', '#a', '', LEFT],
  ['a missing file', './missing', '', LEFT],
  ['a missing package', 'missing', '', LEFT],
  ['a trailing slash', './dir/', '', LEFT],
  ['the directory itself', '.', 'dir', LEFT],
  ['the directory above', '..', 'dir', LEFT],
  ['dots at the end', './dir/.', '', LEFT],
  ['a query', './a.js?query', '', LEFT],
  ['an empty request', '', '', LEFT],
  ['NUL', './a.js\0', '', LEFT],
  ['a request of a megabyte', `./${'a/'.repeat(500_000)}a`, '', LEFT],
  ['a main file that has a package.json beside it', './nested', '', LEFT],
  ['a package that asks for itself', 'self', 'self', LEFT],
  ['a package that is one file', 'file', '', LEFT],
  ['a package that asks for itself by way of node_modules', 'ordinary', 'node_modules/ordinary/lib', LEFT],
  ['the name of the package above node_modules', 'ordinary', 'app/node_modules/without-manifest', LEFT],
  ['a main file with a question mark', 'query', '', LEFT],
  ['a package with something of its name nearer', 'mapped', 'dir', LEFT],
  ['a request from a package beside node_modules/node_modules', 'ordinary', 'node_modules/mapped/lib', LEFT],
  ['half a character in package.json', 'half', '', LEFT],
  ['a linked package.json', 'linked-manifest', '', LEFT],
  ['a main file that is a dot', 'dot', '', LEFT],
  ['a malformed package.json beside the file', '../broken/a', 'dir', LEFT],
  ['a malformed package.json further up', '../broken/below/a', 'dir', LEFT],
  ['a list of targets', 'mapped/list', '', LEFT],
  ['patterns that are ranked in two ways', 'mapped/ranked/x', '', LEFT],
  ['a subpath that is the name of the package', 'mapped/mapped', '', LEFT],
  ['a key that is there twice', 'twice', '', LEFT],
  ['a byte order mark', 'marked', '', LEFT],
  ['a linked package with a nested package.json', 'workspace', '', LEFT],
  ['a basedir behind a link', '../a', 'linked-directory', LEFT],
  ['a basedir that is not there', './a', 'missing', LEFT],
  ['another module directory', './a', '', LEFT, { moduleDirectory: ['node_modules', 'src'] }],
  ['the usual module directory', './a', '', 'a.js', { moduleDirectory: ['node_modules'] }],
  ['an unknown option', './a', '', LEFT, { pathFilter: () => 'a.js' }],
  ['no extensions', './a.js', '', LEFT, { extensions: undefined }],
  ['an empty extension', './a.js', '', LEFT, { extensions: [''] }],
  ['a root directory that is no path', '{root}/a.js', '', LEFT, { rootDir: 1 }],
  ['a device', '/dev/null', '', LEFT],
  ['conditions that are none', 'mapped', '', LEFT, { conditions: [1] }],
];

for (const [title, request, basedir, expected, changes] of ROWS) {
  test(`${title}: ${expected === LEFT ? LEFT : 'answered'}`, (t) => {
    const root = treeFor(t, tree);
    const answer = ask(
      resolve,
      request.replace('{root}', () => root),
      path.join(root, basedir),
      changes,
    );
    t.is(answer, expected === LEFT ? LEFT : path.join(root, expected));
  });
}

function ask(resolver, request, basedir, changes) {
  return resolver(request, { basedir, extensions, defaultResolver: () => LEFT, ...changes });
}

test('an absolute path that is there below the root directory, too', (t) => {
  const root = treeFor(t, { 'a.js': '' });
  const [, first] = root.split('/');
  const rootDir = treeFor(t, { [`${first}/`]: null });
  t.is(ask(resolve, `${root}/a`, root, { rootDir }), LEFT);
  t.is(ask(resolve, `${root}/a`, root, { rootDir: root }), `${root}/a.js`);
});

test('jest gets the request and the options as they came, and its error passes', (t) => {
  const error = new Error('of jest');
  const calls = [];
  const options = {
    basedir: '/',
    extensions,
    defaultResolver: (...received) => {
      calls.push(received);
      throw error;
    },
  };
  t.is(
    t.throws(() => resolve('missing', options)),
    error,
  );
  t.deepEqual(calls, [['missing', options]]);
  t.is(calls[0][1], options);
});

test('the module is the function, and has it as `sync` as well', (t) => {
  t.is(typeof resolve, 'function');
  t.is(resolve.sync, resolve);
});

test('a package.json that changes is read again', (t) => {
  const root = treeFor(t, tree);
  const { utimesSync, writeFileSync } = require('node:fs');
  const manifest = path.join(root, 'node_modules/ordinary/package.json');
  t.is(ask(resolve, 'ordinary', root), path.join(root, 'node_modules/ordinary/main.js'));
  writeFileSync(manifest, '{"main":"lib"}');
  utimesSync(manifest, 0, 0);
  t.is(ask(resolve, 'ordinary', root), path.join(root, 'node_modules/ordinary/lib/index.json'));
});

test('one native resolver serves all calls with equal options, and the number of them is bounded', async (t) => {
  const directory = path.join(treeFor(t, {}), 'fast-resolve');
  await copyPackage(directory);
  const load = createRequire(path.join(directory, 'any.js'));
  const created = [];
  const { native } = load('./dist/core.js').parts.addon;
  const { Resolver } = native;
  native.Resolver = function CountedResolver(options) {
    created.push(options);
    return new Resolver(options);
  };
  const resolveInCopy = load('./jest-resolver.js');
  const root = treeFor(t, tree);
  for (let call = 0; call < 1000; call++) {
    t.is(
      ask(resolveInCopy, 'mapped', root, { conditions: ['require'], extensions: [...extensions] }).slice(-10),
      'default.js',
    );
  }
  t.is(created.length, 1);
  for (let index = 0; index < 1000; index++) ask(resolveInCopy, './a', root, { conditions: [`condition-${index}`] });
  t.is(created.length, 1001);
  ask(resolveInCopy, 'mapped', root, { conditions: ['require'] });
  t.is(created.length, 1002, 'the first one was given up');
});

test('without the addon everything is left to jest', async (t) => {
  const directory = path.join(treeFor(t, {}), 'fast-resolve');
  await copyPackage(directory, 'missing');
  const resolveInCopy = createRequire(path.join(directory, 'any.js'))('./jest-resolver.js');
  const root = treeFor(t, tree);
  for (const request of ['./a', 'ordinary', 'mapped']) t.is(ask(resolveInCopy, request, root), LEFT);
});

for (const [title, nodeArguments, env, expected] of [
  ['answered in an ordinary process', [], {}, 'a.js'],
  ['left to jest under --preserve-symlinks', ['--preserve-symlinks'], {}, LEFT],
  ['left to jest under NODE_OPTIONS=--preserve-symlinks', [], { NODE_OPTIONS: '--preserve-symlinks' }, LEFT],
  ['left to jest under NODE_PRESERVE_SYMLINKS', [], { NODE_PRESERVE_SYMLINKS: '1' }, LEFT],
]) {
  test.serial(title, (t) => {
    const root = treeFor(t, tree);
    const program = `
      const resolve = require(${JSON.stringify(path.resolve(import.meta.dirname, '../../jest-resolver.js'))});
      const options = { basedir: process.cwd(), extensions: ['.js'], defaultResolver: () => '${LEFT}' };
      console.log(resolve('./a', options));
    `;
    const answer = execFileSync(process.execPath, [...nodeArguments, '-e', program], {
      cwd: root,
      env: { PATH: process.env.PATH, ...env },
      encoding: 'utf8',
    });
    t.is(answer.trim(), expected === LEFT ? LEFT : path.join(root, expected));
  });
}
