// `resolveImport(specifier, parent)`, and that of a resolver with options.

import Module from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import test from 'ava';

import fastResolve from '../../index.js';
import { run } from '../cache/processes.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { FILES, FOUND, FOUND_BY_NODE, NOT_FOUND } from './tree.mjs';

const { createResolver, resolveImport } = fastResolve;

const ALL = [...FOUND, ...FOUND_BY_NODE, ...NOT_FOUND];

/** Node 20 can't be asked for all of it. */
const testWhereNodeTells = Module.registerHooks === undefined ? test.skip : test;

/** What an import in a module leads to by Node's own word. */
function nodesAnswer(specifier, parentURL) {
  let answer;
  const hooks = Module.registerHooks({
    resolve(asked, context, nextResolve) {
      if (asked !== 'test:question') return nextResolve(asked, context);
      answer = outcomeOf(() => nextResolve(specifier, { ...context, parentURL }));
      throw new Error('answered');
    },
  });
  try {
    import.meta.resolve('test:question');
  } catch {
    // It was asked.
  }
  hooks.deregister();
  return answer;
}

function outcomeOf(ask) {
  try {
    const { url, format } = ask();
    // Node tells the format of `fs`, and not of `node:fs`.
    return { url, format: url.startsWith('node:') ? 'builtin' : (format ?? null) };
  } catch (error) {
    const { name, code, message, url } = error;
    return { name, code, message: withoutHint(message), url };
  }
}

/** Node adds what `require` would have found. */
const withoutHint = (message) => message.split('\nDid you mean to import')[0];

testWhereNodeTells('resolveImport answers and throws as Node does', (t) => {
  const root = treeFor(t, FILES);
  const parent = pathToFileURL(path.join(root, 'app.js')).href;
  for (const specifier of ALL) {
    t.deepEqual(
      outcomeOf(() => resolveImport(specifier, parent)),
      nodesAnswer(specifier, parent),
      specifier,
    );
  }
});

/** What the documented algorithm and Node's versions see each in their own way. */
const DIFFERENT = new Set(['broken', '#query']);

testWhereNodeTells('a resolver with the options of Node answers and throws as Node does', (t) => {
  const root = treeFor(t, FILES);
  const parent = pathToFileURL(path.join(root, 'app.js')).href;
  const { resolveImport: ours } = createResolver({ builtins: true });
  for (const specifier of ALL.filter((each) => !DIFFERENT.has(each))) {
    t.deepEqual(
      outcomeOf(() => ours(specifier, parent)),
      nodesAnswer(specifier, parent),
      specifier,
    );
  }
});

test('what is found has its URL and its format', (t) => {
  const root = treeFor(t, FILES);
  const parent = path.join(root, 'app.js');
  const below = (name) => pathToFileURL(path.join(root, name)).href;
  for (const { resolveImport: ask } of [{ resolveImport }, createResolver({ builtins: true })]) {
    t.deepEqual(ask('./link.js', parent), { url: below('a.js'), format: 'module' });
    t.deepEqual(ask('#dep', parent), { url: below('node_modules/dep/i.mjs'), format: 'module' });
    t.deepEqual(ask('@scope/name', parent), { url: below('node_modules/@scope/name/x.js'), format: 'commonjs' });
    t.deepEqual(ask('./sub/detected.js', parent), { url: below('sub/detected.js'), format: null });
    t.deepEqual(ask('./with%20space.js?a#b', parent), { url: `${below('with space.js')}?a#b`, format: 'module' });
    t.deepEqual(ask('fs', parent), { url: 'node:fs', format: 'builtin' });
    t.throws(() => ask('missing', parent), {
      code: 'ERR_MODULE_NOT_FOUND',
      message: `Cannot find package 'missing' imported from ${parent}`,
    });
  }
});

test('the module that imports is a path, the text of a URL, or a URL', (t) => {
  const root = treeFor(t, { 'a b/x.js': '', 'a b/y.mjs': '' });
  const file = path.join(root, 'a b/x.js');
  const expected = { url: pathToFileURL(path.join(root, 'a b/y.mjs')).href, format: 'module' };
  for (const parent of [file, pathToFileURL(file), pathToFileURL(file).href, `${pathToFileURL(file).href}?query`]) {
    t.deepEqual(resolveImport('./y.mjs', parent), expected);
    t.deepEqual(createResolver({ builtins: false }).resolveImport('./y.mjs', parent), expected);
  }
});

test('a module that imports is normalised as Node normalises it', (t) => {
  const root = treeFor(t, { 'y.mjs': '', 'sub/y.mjs': '', 'sub/.dir/y.mjs': '' });
  const below = (name) => pathToFileURL(path.join(root, name)).href;
  const cases = {
    'x.js': 'y.mjs',
    'sub/x.js': 'sub/y.mjs',
    'sub/.dir/x.js': 'sub/.dir/y.mjs',
    'sub/../x.js': 'y.mjs',
    'sub/./x.js': 'sub/y.mjs',
    './sub/.dir/..': 'sub/y.mjs',
  };
  for (const [parent, expected] of Object.entries(cases)) {
    t.is(resolveImport('./y.mjs', `file://${root}/${parent}`).url, below(expected), parent);
    // The last part of a path that names a directory goes with its slash.
    if (!parent.endsWith('..')) t.is(resolveImport('./y.mjs', `${root}/${parent}`).url, below(expected), parent);
  }
  t.is(resolveImport('./y.mjs', `file://${root}/%73ub/x.js`).url, below('sub/y.mjs'));
});

test('options of a resolver count', (t) => {
  const root = treeFor(t, {
    'x.js': '',
    'link.mjs': { link: 'x.js' },
    'node_modules/dep/package.json': { json: { exports: { special: './s.mjs', default: './d.mjs' } } },
    'node_modules/dep/s.mjs': '',
    'node_modules/dep/d.mjs': '',
    'node_modules/fs/index.js': '',
  });
  const parent = path.join(root, 'x.js');
  const nameOf = ({ url }) => path.relative(root, new URL(url).pathname);
  t.is(nameOf(createResolver({ conditions: ['special'] }).resolveImport('dep', parent)), 'node_modules/dep/s.mjs');
  t.is(nameOf(createResolver({ conditions: [] }).resolveImport('dep', parent)), 'node_modules/dep/d.mjs');
  t.is(nameOf(createResolver({ preserveSymlinks: true }).resolveImport('./link.mjs', parent)), 'link.mjs');
  t.is(nameOf(createResolver({ builtins: false }).resolveImport('fs', parent)), 'node_modules/fs/index.js');
});

test('arguments of another type are refused', (t) => {
  const type = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_TYPE' };
  const value = { instanceOf: TypeError, code: 'ERR_INVALID_ARG_VALUE' };
  for (const { resolveImport: ask } of [{ resolveImport }, createResolver({ builtins: true })]) {
    for (const odd of [undefined, null, 1, {}, []]) {
      t.throws(() => ask(odd, '/a/b.js'), type);
      t.throws(() => ask('./a.js', odd), type);
    }
    t.throws(() => ask('./a.js', 'relative.js'), value);
    t.throws(() => ask('./a.js', ''), value);
  }
  t.throws(() => createResolver({ builtins: true }).resolveImport('./a.js', 'data:text/javascript,1'), value);
});

test('a file that appears is found at once, and one that goes is not', (t) => {
  const root = treeFor(t, { 'a.mjs': '' });
  const parent = path.join(root, 'x.js');
  for (const { resolveImport: ask } of [{ resolveImport }, createResolver({ builtins: true })]) {
    const specifier = `./${Math.random()}.mjs`;
    t.throws(() => ask(specifier, parent), { code: 'ERR_MODULE_NOT_FOUND' });
    const added = treeFor(t, { 'b.mjs': '' });
    t.is(ask('./b.mjs', path.join(added, 'x.js')).format, 'module');
  }
});

test('what is required and what is imported from one directory is told apart', (t) => {
  const root = treeFor(t, FILES);
  for (let round = 0; round < 5; round++) {
    t.is(fastResolve.resolve('dep', root), path.join(root, 'node_modules/dep/r.cjs'));
    t.is(resolveImport('dep', path.join(root, 'x.js')).url.split('/').at(-1), 'i.mjs');
    t.throws(() => fastResolve.resolve('dep', `file://${root}`), { code: 'ERR_INVALID_ARG_VALUE' });
  }
});

test('requests that fail leave nothing behind in Node', async (t) => {
  const root = treeFor(t, {
    'app.js': `
      const { resolveImport } = require(process.env.LIBRARY);
      const ask = (count) => {
        for (let index = 0; index < count; index++) {
          try { resolveImport('./missing' + Math.random(), __filename); } catch {}
        }
        gc();
        return process.memoryUsage().heapUsed;
      };
      ask(2000);
      const before = ask(100);
      console.log((ask(5000) - before) / 5000 < 50);
    `,
  });
  const { stdout, stderr } = await run(['--expose-gc', 'app.js'], { cwd: root });
  t.is(stdout, 'true\n', stderr);
});
