// fast-resolve/eslint under real plugins, beside the resolver whose place it takes.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { removeTree, writeTree } from '../helpers/tree.mjs';
import { createLinter, findingsOf, pluginNames } from './linting.mjs';
import { copySources, ensureTools, repository, requirePublished, requireTool, toolsModules } from './tools.mjs';
import { workspace } from './workspace.mjs';

const { createFastResolver, resolve } = requirePublished('fast-resolve/eslint');
const SOURCES = { rxjs: 'src', effect: 'src', viem: '.' };

/** Where all of it happens: eslint-import-resolver-typescript keeps to the tsconfig.json of the first working directory. */
let root;
let file;

test.before('the linters are installed, and the workspace is written', () => {
  ensureTools();
  root = writeTree(workspace);
  copySources(root, SOURCES);
  for (const name of Object.keys(SOURCES)) linkDependencies(name);
  file = path.join(root, 'packages/main/src/main.ts');
  process.chdir(root);
});

test.after.always('the workspace is removed', () => {
  process.chdir(repository);
  if (root !== undefined) removeTree(root);
});

function linkDependencies(name) {
  const { dependencies } = requireTool(`./node_modules/${name}/package.json`);
  for (const dependency of Object.keys(dependencies ?? {})) {
    const link = path.join(root, 'node_modules', dependency);
    fs.mkdirSync(path.dirname(link), { recursive: true });
    fs.symlinkSync(path.join(toolsModules, dependency), link);
  }
}

for (const pluginName of pluginNames) {
  test.serial(`${pluginName}: finds in a workspace what it finds with eslint-import-resolver-typescript`, async (t) => {
    const find = (whose) =>
      findingsOf(createLinter(root, pluginName, whose), root, ['packages/main', 'packages/shared']);
    const found = await find('ours');
    t.deepEqual(found, await find('theirs'));
    const unresolved = found.filter((line) => line.includes('no-unresolved')).map((line) => line.match(/'(.*)'/)[1]);
    t.notRegex(found.join('\n'), /Parse errors|Resolve error/);
    t.deepEqual(unresolved, ['@workspace/shared/src/hidden.js', '#unknown', './gone.js', 'missing', '~/nowhere.js']);
    for (const rule of ['named', 'no-cycle', 'no-duplicates', 'no-extraneous-dependencies']) {
      t.true(
        found.some((line) => line.includes(`/${rule}:`)),
        rule,
      );
    }
  });
}

test.serial('finds in the sources of rxjs what is found with eslint-import-resolver-typescript', async (t) => {
  const find = (whose) => findingsOf(createLinter(root, 'import-x', whose), root, ['packages/rxjs']);
  const found = await find('ours');
  t.deepEqual(found, await find('theirs'));
  t.true(found.length > 100, `${found.length} findings`);
});

test.serial('leads each import of rxjs, effect and viem to the same file', (t) => {
  const theirs = requireTool('eslint-import-resolver-typescript').createTypeScriptImportResolver();
  const ours = createFastResolver();
  const different = [];
  let count = 0;
  let missing = 0;
  for (const [from, requests] of importsBelow(path.join(root, 'packages'))) {
    for (const request of requests) {
      const [expected, actual] = [theirs, ours].map((resolver) => resolver.resolve(request, from));
      if (expected.found !== actual.found || expected.path !== actual.path) {
        different.push({ from, request, expected, actual });
      }
      count++;
      if (!expected.found) missing++;
    }
  }
  t.deepEqual(different, []);
  t.true(count > 8000, `${count} imports`);
  t.true(missing > 0 && missing < count / 4, `${missing} missing`);
});

/** The files below a directory, each with what it seems to import, comments included. */
function importsBelow(directory) {
  const files = fs.readdirSync(directory, { recursive: true }).filter((name) => /\.[cm]?tsx?$/.test(name));
  return files.map((name) => {
    const from = path.join(directory, name);
    const text = fs.readFileSync(from, 'utf8');
    return [from, [...text.matchAll(/\b(?:from|import)\s*\(?'([^'\n]+)'/g)].map(([, request]) => request)];
  });
}

test.serial('sees in a later turn what was created, installed and removed', async (t) => {
  const turn = () => new Promise((done) => setImmediate(done));
  for (const [name, find] of [
    ['interface 3', createFastResolver().resolve],
    ['interface 2', (source, from) => resolve(source, from, null)],
  ]) {
    t.deepEqual(find('./gone.js', file), { found: false }, name);
    t.deepEqual(find('missing', file), { found: false }, name);
    await turn();
    const [created, installed] = ['packages/main/src/gone.ts', 'node_modules/missing/index.d.ts'].map((to) =>
      path.join(root, to),
    );
    fs.writeFileSync(created, '');
    fs.mkdirSync(path.dirname(installed));
    fs.writeFileSync(installed, '');
    await turn();
    t.deepEqual(find('./gone.js', file), { found: true, path: created }, name);
    t.deepEqual(find('missing', file), { found: true, path: installed }, name);
    await turn();
    fs.rmSync(created);
    fs.rmSync(path.dirname(installed), { recursive: true });
    await turn();
    t.deepEqual(find('./gone.js', file), { found: false }, name);
    t.deepEqual(find('missing', file), { found: false }, name);
  }
});

// What the adapter is for: without this, it would be worth nothing, since both take no time to speak of.
test.serial(
  'an editor is told that a missing file is there now; with eslint-import-resolver-typescript it is not',
  async (t) => {
    const created = path.join(root, 'packages/main/src/created.ts');
    const asking = path.join(root, 'packages/main/src/asking.ts');
    fs.writeFileSync(asking, "import './created.js';\n");
    t.teardown(() => {
      for (const name of [created, asking]) fs.rmSync(name, { force: true });
    });
    const linters = ['ours', 'theirs'].map((whose) => createLinter(root, 'import-x', whose, ['no-unresolved']));
    const findAll = () => Promise.all(linters.map(async (linter) => (await findingsOf(linter, root, [asking])).length));
    t.deepEqual(await findAll(), [1, 1]);
    fs.writeFileSync(created, '');
    t.deepEqual(await findAll(), [0, 1]);
  },
);

test.serial('hands options on, and keeps a resolver for each set of them', (t) => {
  const values = path.join(root, 'packages/main/src/values.ts');
  const alias = { values };
  t.deepEqual(resolve('values', file, { alias }), { found: true, path: values });
  t.deepEqual(resolve('values', file, { alias, moduleSystem: 'require' }), { found: true, path: values });
  t.deepEqual(resolve('values', file, {}), { found: false });
  t.deepEqual(resolve('values', file, { alias: { values: false } }), { found: true, path: null });
  t.deepEqual(resolve('conditional', file, { conditions: ['require'] }), {
    found: true,
    path: path.join(root, 'node_modules/conditional/index.cjs'),
  });
  t.deepEqual(resolve('only-types', file, {}).found, true);
  t.deepEqual(resolve('only-types', file, { alwaysTryTypes: false }), { found: false });
  t.deepEqual(resolve('untyped', file, { alwaysTryTypes: false }), {
    found: true,
    path: path.join(root, 'node_modules/@types/untyped/index.d.ts'),
  });
  t.throws(() => resolve('values', file, { aliases: alias }), { code: 'ERR_INVALID_ARG_VALUE', message: /aliases/ });
  t.throws(() => createFastResolver({ alias: 1 }), { code: 'ERR_INVALID_ARG_TYPE', message: /options\.alias/ });
});

test.serial('takes what has no file for found, and leaves queries out', (t) => {
  const { resolve: find } = createFastResolver();
  t.deepEqual(find('fs', file), { found: true, path: null });
  t.deepEqual(find('node:fs/promises', file), { found: true, path: null });
  t.deepEqual(find('node:nothing', file), { found: false });
  const icon = path.join(root, 'packages/main/src/icon.svg');
  t.deepEqual(find('./icon.svg?raw', file), { found: true, path: icon });
  t.deepEqual(find('./icon.svg', 'packages/main/src/main.ts'), { found: true, path: icon }, 'of a relative file');
});

test.serial('a tsconfig.json that can’t be read is told, and is no reason to find nothing', (t) => {
  const broken = path.join(root, 'packages/broken');
  fs.mkdirSync(broken, { recursive: true });
  fs.writeFileSync(path.join(broken, 'tsconfig.json'), '{ "extends": "./nowhere" }');
  const { resolve: find } = createFastResolver();
  t.throws(() => find('./a.js', path.join(broken, 'b.ts')), { message: /nowhere/ });
  fs.rmSync(broken, { recursive: true });
});
