// What is published, and what package.json promises.

import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { findAddon, listPackedFiles, manifest } from '../helpers/packed-package.mjs';

const { loadedBy } = createRequire(import.meta.url)('./fixtures/loaded-by.cjs');
const repository = path.resolve(import.meta.dirname, '../..');

const PUBLISHED =
  /^(?:dist\/[\w-]+\.m?js|types\/\w+\.d\.m?ts|index\.(?:js|d\.ts)|package\.json|(?:README|CHANGELOG)\.md|LICENSE)$/;

let files;

test.before('npm lists the files', () => {
  files = listPackedFiles();
});

test('only the JavaScript, its types and the documents are published', (t) => {
  t.deepEqual(
    files.filter((name) => !PUBLISHED.test(name)),
    [],
  );
});

test('everything that package.json lists is there', (t) => {
  const isPublished = (entry) => files.some((name) => name === entry || name.startsWith(`${entry}/`));
  t.deepEqual(
    manifest.files.filter((entry) => !isPublished(entry)),
    [],
  );
});

test('every target of `exports`, `main` and `types` is published', (t) => {
  const targets = [manifest.main, manifest.types, ...targetsOf(manifest.exports)];
  t.true(targets.length > 8);
  t.deepEqual(
    targets.filter((target) => !files.includes(target.replace(/^\.\//, ''))),
    [],
  );
});

test('the preload is one file, with all that it needs', (t) => {
  const register = path.join(repository, manifest.exports['./register'].default);
  const loaded = loadedBy(register);
  t.deepEqual(
    loaded.filter((name) => !name.endsWith('.node')),
    [register],
  );
});

test('`types` come before the condition that they describe', (t) => {
  for (const value of Object.values(manifest.exports).flatMap((entry) => [entry, entry.import, entry.require])) {
    if (value?.types !== undefined) t.is(Object.keys(value)[0], 'types');
  }
});

test('every file that an entry loads is published', (t) => {
  for (const entry of ['index.js', 'dist/pool.js', 'dist/register.js', 'dist/spawn.js', 'dist/spawn-register.js']) {
    const loaded = loadedBy(path.join(repository, entry)).map((name) => path.relative(repository, name));
    t.true(loaded.includes(entry));
    t.deepEqual(
      loaded.filter((name) => !files.includes(name) && !name.endsWith('.node')),
      [],
    );
  }
});

test('nothing is run at installation, and nothing else is installed', (t) => {
  // `prepare` is run in a checkout, and where npm takes the package from a git repository; not where it comes packed.
  const lifecycle = ['preinstall', 'install', 'postinstall', 'preprepare', 'postprepare', 'prepublish'];
  t.deepEqual(
    lifecycle.filter((name) => manifest.scripts?.[name] !== undefined),
    [],
  );
  t.is(manifest.dependencies, undefined);
  t.is(manifest.peerDependencies, undefined);
  t.is(manifest.bundleDependencies, undefined);
  t.false(files.includes('binding.gyp'), 'npm would compile it');
});

test('the supported Nodes are named, and this is one of them', (t) => {
  t.is(manifest.engines.node, '>=20');
  t.true(Number.parseInt(process.versions.node, 10) >= 20);
});

const PLATFORMS = {
  'x86_64-unknown-linux-gnu': 'linux-x64-gnu',
  'x86_64-unknown-linux-musl': 'linux-x64-musl',
  'aarch64-unknown-linux-gnu': 'linux-arm64-gnu',
  'aarch64-unknown-linux-musl': 'linux-arm64-musl',
  'x86_64-apple-darwin': 'darwin-x64',
  'aarch64-apple-darwin': 'darwin-arm64',
  'x86_64-pc-windows-msvc': 'win32-x64-msvc',
  'aarch64-pc-windows-msvc': 'win32-arm64-msvc',
};

test('an addon is declared for every platform', (t) => {
  t.deepEqual([...manifest.napi.targets].sort(), Object.keys(PLATFORMS).sort());
  const names = Object.values(PLATFORMS).map((platform) => `${manifest.napi.binaryName}.${platform}.node`);
  t.true(names.includes(path.basename(findAddon())), 'the one that is built here among them');
});

test('optional dependencies, where a release has written them, are those addons', (t) => {
  const expected = Object.values(PLATFORMS).map((platform) => [`${manifest.name}-${platform}`, manifest.version]);
  const written = Object.entries(manifest.optionalDependencies ?? {});
  t.true(written.length === 0 || written.length === expected.length);
  for (const entry of written)
    t.deepEqual(
      entry,
      expected.find(([name]) => name === entry[0]),
    );
});

function targetsOf(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(targetsOf);
}
