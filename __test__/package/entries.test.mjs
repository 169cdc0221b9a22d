// Every entry of the published package, used as its users use it.

import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { installPacked, manifest, runIn } from '../helpers/packed-package.mjs';

const repository = path.resolve(import.meta.dirname, '../..');

let project;

test.before('the package is installed in a project', () => {
  project = installPacked();
});

test.after.always('the project is removed', () => {
  if (project !== undefined) fs.rmSync(project, { recursive: true });
});

const runModule = (text, ...nodeArguments) => runIn(project, [...nodeArguments, '--input-type=module', '-e', text]);
const runScript = (text, ...nodeArguments) => runIn(project, [...nodeArguments, '-e', text]);

const TYPES = {
  '.': 'object',
  './eslint': 'object',
  './register': 'object',
  './rollup': 'object',
  './pool': 'object',
  './spawn': 'object',
  './spawn/register': 'object',
  './package.json': 'object',
};

test('these are all entries', (t) => {
  t.deepEqual(Object.keys(manifest.exports), Object.keys(TYPES));
});

for (const [subpath, type] of Object.entries(TYPES)) {
  const request = `fast-resolve${subpath.slice(1)}`;
  test(`${request} can be required and imported`, (t) => {
    const assertions = request.endsWith('.json') ? ", { with: { type: 'json' } }" : '';
    t.deepEqual(runScript(`console.log(typeof require('${request}'))`), [type]);
    t.deepEqual(runModule(`console.log(typeof (await import('${request}'${assertions})).default)`), [type]);
  });
}

test('the native addon answers, and not Node in its place', (t) => {
  const text = `
    const { createResolver } = require('fast-resolve');
    console.log(createResolver({ extensions: ['.js'] }).resolve('fast-resolve', process.cwd()));
  `;
  t.deepEqual(runScript(text), [path.join(project, 'node_modules/fast-resolve/index.js')]);
});

test('so it does from a package of its own, as npm installs it', (t) => {
  const other = installPacked('separate');
  t.teardown(() => fs.rmSync(other, { recursive: true }));
  const text =
    "console.log(require('fast-resolve').createResolver({ paths: [] }).resolve('fast-resolve', process.cwd()))";
  t.deepEqual(runIn(other, ['-e', text]), [path.join(other, 'node_modules/fast-resolve/index.js')]);
});

test('named imports, and the same by the default import', (t) => {
  const text = `
    import fastResolve, { createResolver, install, resolve, uninstall } from 'fast-resolve';
    console.log(resolve('fs', process.cwd()), [createResolver, install, uninstall].map((value) => typeof value).join());
    console.log(fastResolve.resolve === resolve);
  `;
  t.deepEqual(runModule(text), ['fs function,function,function', 'true']);
});

test('what is required and what is imported has the same names', (t) => {
  const text = `
    import { createRequire } from 'node:module';
    const required = createRequire(process.cwd() + '/any.js')('fast-resolve');
    const imported = await import('fast-resolve');
    console.log(Object.keys(required).sort().join());
    console.log(Object.keys(imported).filter((name) => !['default', 'module.exports'].includes(name)).sort().join());
  `;
  const [required, imported] = runModule(text);
  t.is(
    required,
    'clearCache,createResolver,explain,install,installed,invalidate,resolve,resolveImport,stats,uninstall',
  );
  t.is(imported, required);
});

for (const entry of ['fast-resolve', 'fast-resolve/spawn']) {
  const testWhereItIs = entry === 'fast-resolve' || process.platform === 'linux' ? test : test.skip;
  testWhereItIs(`the import \`installed\` of ${entry} is a live binding`, (t) => {
    const text = `
      import { install, installed, uninstall } from '${entry}';
      console.log(installed);
      install();
      console.log(installed);
      uninstall();
      console.log(installed);
    `;
    t.deepEqual(runModule(text), ['false', 'true', 'false']);
  });
}

for (const request of [
  'fast-resolve',
  'fast-resolve/eslint',
  'fast-resolve/pool',
  'fast-resolve/rollup',
  'fast-resolve/spawn',
]) {
  // What `require` gives, imported: Node's lexer has to find the names in its text, and no others.
  test(`every name of ${request} can be imported from its CommonJS`, (t) => {
    const text = `
      import { createRequire } from 'node:module';
      import { pathToFileURL } from 'node:url';
      const require = createRequire(process.cwd() + '/any.js');
      const required = require('${request}');
      const imported = await import(pathToFileURL(require.resolve('${request}')));
      console.log(imported.default === required);
      console.log(Object.keys(required).sort().join());
      console.log(Object.keys(imported).filter((name) => !['default', 'module.exports'].includes(name)).sort().join());
      const entry = await import('${request}');
      console.log(Object.keys(required).filter((name) => entry[name] !== required[name]).length);
    `;
    const [isSame, required, imported, different] = runModule(text);
    t.deepEqual([isSame, imported, different], ['true', required, '0']);
  });
}

test('at the top level there is one entry, with its types', (t) => {
  const scripts = fs.readdirSync(repository).filter((name) => /\.[cm]?[jt]s$/.test(name));
  t.deepEqual(scripts, ['index.d.ts', 'index.js']);
});

const REPORT = "console.log(require('fast-resolve').installed)";

for (const flag of ['-r', '--require', '--import']) {
  test(`${flag} fast-resolve/register installs the hook`, (t) => {
    t.deepEqual(runScript(REPORT, flag, 'fast-resolve/register'), ['true']);
  });
}

test('importing fast-resolve/register installs the hook for what is imported after it', (t) => {
  const text = "import 'fast-resolve/register';\nimport { installed } from 'fast-resolve';\nconsole.log(installed);";
  t.deepEqual(runModule(text), ['true']);
});

test('package.json can be required', (t) => {
  t.deepEqual(runScript("console.log(require('fast-resolve/package.json').version)"), [manifest.version]);
});

test('nothing else of the package can be required', (t) => {
  const text = (request) => `try { require('${request}') } catch (error) { console.log(error.code) }`;
  for (const request of ['fast-resolve/lib/resolve/hook.js', 'fast-resolve/dist/core.js', 'fast-resolve/index.js']) {
    t.deepEqual(runScript(text(request)), ['ERR_PACKAGE_PATH_NOT_EXPORTED']);
  }
});
