// `explain()`: the steps and what was looked at, on a tree that is known; and that what it tells is what everybody is answered.

import { createRequire } from 'node:module';
import test from 'ava';
import { ensureCorpus } from '../../bench/corpus/install.mjs';
import fastResolve from '../../index.js';
import { newDirectory, run, settledTrees } from '../cache/processes.mjs';
import { findPackages } from '../corpus/installed-packages.mjs';
import { packageRequests } from '../corpus/package-requests.mjs';
import { removeTree, writeTree } from '../helpers/tree.mjs';

const { createResolver, explain, resolve, resolveImport } = fastResolve;
const { runtime } = createRequire(import.meta.url)('../../dist/core.js').parts;

let root;

test.before(() => {
  root = writeTree({
    'app/package.json': { json: { name: 'app', imports: { '#lib': './lib/index.js' } } },
    'app/main.js': '',
    'app/lib/index.js': '',
    'app/broken/package.json': '{',
    'app/broken/a.js': '',
    'app/linked.js': { link: 'main.js' },
    'app/a b/main.js': '',
    'app/node_modules/plain/package.json': { json: { main: 'entry' } },
    'app/node_modules/plain/entry.js': '',
    'app/node_modules/mapped/package.json': { json: { exports: { '.': './a.mjs', './b': './b.js' } } },
    'app/node_modules/mapped/a.mjs': '',
    'app/node_modules/mapped/b.js': '',
    'app/node_modules/@scope/inner/index.js': '',
  });
});

test.after.always(() => removeTree(root));

const short = ({ steps }) =>
  steps.map(({ name, subject, looked }) => [
    name,
    subject.replace(root, ''),
    ...looked.map(
      ({ path, found, real }) => `${path.replace(root, '')} ${found}${real ? ` ${real.replace(root, '')}` : ''}`,
    ),
  ]);

test('a path', (t) => {
  const explanation = explain('./lib', `${root}/app`);
  t.like(explanation, {
    kind: 'require',
    from: `${root}/app`,
    answer: `${root}/app/lib/index.js`,
    error: null,
    leftToNode: null,
  });
  t.deepEqual(short(explanation), [
    ['LOAD_PACKAGE_SELF', '/app', '/app/package.json present'],
    [
      'LOAD_AS_FILE',
      '/app/lib',
      '/app/lib directory',
      '/app/lib.js absent',
      '/app/lib.json absent',
      '/app/lib.node absent',
    ],
    ['LOAD_AS_DIRECTORY', '/app/lib', '/app/lib/package.json absent'],
    ['LOAD_INDEX', '/app/lib', '/app/lib/index.js file'],
  ]);
});

test('a link', (t) => {
  const { answer, ...explanation } = explain('./linked.js', `${root}/app/main.js`);
  t.is(answer, `${root}/app/main.js`);
  t.deepEqual(short(explanation).at(-1), [
    'LOAD_AS_FILE',
    '/app/linked.js',
    '/app/linked.js file',
    '/app/linked.js link /app/main.js',
  ]);
});

test('a package, from a module that does not exist', (t) => {
  const explanation = explain('plain', `${root}/app/lib/none.js`);
  t.is(explanation.answer, `${root}/app/node_modules/plain/entry.js`);
  t.deepEqual(short(explanation).slice(1), [
    ['LOAD_NODE_MODULES', '/app/lib', '/app/lib/node_modules absent', '/app/node_modules directory'],
    ['LOAD_PACKAGE_EXPORTS', '/app/node_modules/plain', '/app/node_modules/plain/package.json present'],
    [
      'LOAD_AS_FILE',
      '/app/node_modules/plain',
      '/app/node_modules/plain directory',
      '/app/node_modules/plain.js absent',
      '/app/node_modules/plain.json absent',
      '/app/node_modules/plain.node absent',
    ],
    [
      'LOAD_AS_DIRECTORY',
      '/app/node_modules/plain',
      '/app/node_modules/plain/package.json present',
      '/app/node_modules/plain/entry absent',
      '/app/node_modules/plain/entry.js file',
    ],
  ]);
});

test('an import, by its name and by a name in imports', (t) => {
  const named = explain('mapped', new URL(`file://${root}/app/main.js`), { kind: 'import' });
  t.like(named, { answer: `file://${root}/app/node_modules/mapped/a.mjs`, format: 'module', leftToNode: null });
  t.deepEqual(
    short(named).map(([name]) => name),
    ['ESM_RESOLVE', 'PACKAGE_RESOLVE', 'PACKAGE_EXPORTS_RESOLVE', 'ESM_FILE_FORMAT'],
  );
  const own = explain('#lib', `${root}/app`);
  t.is(own.answer, `${root}/app/lib/index.js`);
  t.deepEqual(
    short(own).map(([name]) => name),
    ['PACKAGE_IMPORTS_RESOLVE', 'RESOLVE_ESM_MATCH'],
  );
});

test('an import from a directory whose URL has another text', (t) => {
  const explanation = explain('./main.js', `${root}/app/a b`, { kind: 'import' });
  t.is(explanation.answer, `file://${root}/app/a%20b/main.js`);
  t.deepEqual(short(explanation)[0].slice(0, 3), ['ESM_RESOLVE', './main.js', '/app/a b/main.js file']);
});

test('what is not found, and what it may have been', (t) => {
  const cases = [
    ['./mian', [], ['main.js']],
    ['plian', [], ['plain']],
    ['@scope/iner', [], ['@scope/inner']],
    ['nothing-like-it', [], []],
    ['mapped/c', ['.', './b'], []],
  ];
  for (const [request, exported, nearest] of cases) {
    const explanation = explain(request, `${root}/app`);
    t.deepEqual([explanation.answer, explanation.exported, explanation.nearest], [null, exported, nearest], request);
    const error = t.throws(() => resolve(request, `${root}/app`));
    t.deepEqual(explanation.error, { code: error.code, message: error.message });
  }
});

test('what is left to Node, and what is no question', (t) => {
  t.regex(explain('./a', `${root}/app/broken`).leftToNode, /package\.json is malformed/);
  t.like(explain('fs', `${root}/app`), { answer: 'fs', steps: [], leftToNode: null });
});

test('conditions', (t) => {
  const conditions = ['require', 'node', 'x'];
  const explanation = explain('mapped/b', `${root}/app`, { conditions });
  t.is(explanation.answer, createResolver({ conditions }).resolve('mapped/b', `${root}/app`));
  t.is(short(explanation).at(-1)[0], 'RESOLVE_ESM_MATCH');
});

test('arguments', (t) => {
  const code = (...args) => t.throws(() => explain(...args), { instanceOf: TypeError }, String(args[0])).code;
  t.is(code(1, root), 'ERR_INVALID_ARG_TYPE');
  t.is(code('a', 1), 'ERR_INVALID_ARG_TYPE');
  t.is(code('a', 'b'), 'ERR_INVALID_ARG_VALUE');
  t.is(code('a', root, { kind: 'load' }), 'ERR_INVALID_ARG_VALUE');
  t.is(code('a', root, { conditions: 'x' }), 'ERR_INVALID_ARG_TYPE');
  t.is(code('a', root, { other: 1 }), 'ERR_INVALID_ARG_VALUE');
});

// Variants of one request come in groups of two and four.
const step = { long: 1, third: 27 }[process.env.FAST_RESOLVE_TEST] ?? 9;

test('for the packages of the corpus, the core finds what resolve() and resolveImport() answer', (t) => {
  t.timeout(600_000);
  const requests = findPackages(ensureCorpus()).flatMap(packageRequests);
  const asked = requests.filter((_, index) => index % step === 0);
  const answers = runtime.getCurrentAnswers('nothing');
  const differences = [];
  let found = 0;
  for (const { request, fromDir: from } of asked) {
    const explanation = answers.explain(from, request);
    if (explanation === null || explanation.doubt != null || !request) continue;
    const answer = attempt(() => resolve(request, from));
    if (answer !== request && (explanation.answer ?? null) !== answer)
      differences.push([request, from, explanation.answer, answer]);
    if (answer !== null) found++;
    // Each look is told, so that the last one is at what was found.
    if (explanation.answer != null && explanation.events.length === 0) differences.push([request, from, 'no steps']);
    const imported = answers.explain(`file://${from}`, request);
    if (imported?.answer == null) continue;
    const { url } = resolveImport(request, `${from}/any.js`);
    if (imported.answer.slice(1) !== url) differences.push([request, from, imported.answer, url]);
  }
  t.deepEqual(differences, []);
  t.log(`${asked.length} requests, ${found} found`);
  t.true(found > 40_000 / step, `${found} found`);
});

function attempt(ask) {
  try {
    return ask();
  } catch {
    return null;
  }
}

test('where the answer would come from, and what proves it', (t) => {
  const from = `${root}/app`;
  const sourceOf = (request, options) => explain(request, from, options).source;
  t.is(sourceOf('fs'), 'builtin');
  t.is(sourceOf('./nothing'), 'node');
  t.is(sourceOf('./broken/a.js', { conditions: ['node'] }), 'core');
  t.is(sourceOf('plain'), 'core');
  for (let count = 0; count < 2; count++) resolve('plain', from);
  t.is(sourceOf('plain'), 'memory');
  t.is(sourceOf('mapped', { kind: 'import' }), 'core');

  t.deepEqual(
    explain('plain', from)
      .proofs.filter((line) => line.includes(root))
      .map((line) => line.replace(root, '')),
    [
      'directory /app',
      'contents /app/package.json',
      'directory /app/node_modules',
      'directory /app/node_modules/plain',
      'contents /app/node_modules/plain/package.json',
    ],
  );
  for (const request of ['fs', './nothing']) t.is(explain(request, from).proofs, null);
});

test('what is told to prove an answer is what is kept with it', (t) => {
  const { getCurrentAnswers } = runtime;
  for (const request of ['./lib', './main', './linked', '#lib', 'plain', 'mapped/b', '@scope/inner']) {
    const from = `${root}/app`;
    for (let count = 0; count < 2; count++) resolve(request, from);
    const { proofs } = explain(request, from);
    const kept = getCurrentAnswers('turn').reasons(from, request);
    t.deepEqual([...new Set(proofs)].sort(), [...new Set(kept)].sort(), request);
    t.true(proofs.length > 0);
  }
});

test('an answer of the snapshot says so', async (t) => {
  const { project } = await settledTrees({
    project: { 'package.json': '{}', 'node_modules/plain/index.js': '' },
  });
  t.teardown(() => removeTree(project));
  const program = `
    const { explain, resolve } = require(process.env.LIBRARY);
    resolve('plain', ${JSON.stringify(project)});
    console.log(explain('plain', ${JSON.stringify(project)}).source);
  `;
  const env = { FAST_RESOLVE_CACHE: newDirectory(t) };
  const sources = [];
  for (let count = 0; count < 2; count++) sources.push((await run(['-e', program], { env })).stdout.trim());
  t.deepEqual(sources, ['core', 'snapshot']);
});
