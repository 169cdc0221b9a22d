// What is published, and what package.json promises.

import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { checkContents, MAIN_FILES } from '../../scripts/package/contents.mjs';
import { mainManifest, platformManifest } from '../../scripts/package/manifests.mjs';
import { addonOf, PLATFORMS } from '../../scripts/package/platforms.mjs';
import { findAddon, listPackedFiles, manifest } from '../helpers/packed-package.mjs';

const require = createRequire(import.meta.url);
const { loadedBy } = require('./fixtures/loaded-by.cjs');
const { listAddonNames } = require('../../lib/resolve/addon_places.js');
const repository = path.resolve(import.meta.dirname, '../..');

let files;

test.before('npm lists the files', () => {
  files = listPackedFiles();
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
  for (const entry of [
    'index.js',
    'dist/eslint.js',
    'dist/pool.js',
    'dist/rollup.js',
    'dist/register.js',
    'dist/spawn.js',
    'dist/spawn-register.js',
  ]) {
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

test('each platform with a package is one that the addon is built for', (t) => {
  t.deepEqual(
    manifest.napi.targets,
    PLATFORMS.map(({ target }) => target),
  );
  t.true(PLATFORMS.map(addonOf).includes(path.basename(findAddon())), 'the one that is built here among them');
});

test('what is published depends on the packages of all platforms, of the same version', (t) => {
  // Not in a checkout: npm would look for versions that are not published yet.
  t.is(manifest.optionalDependencies, undefined);
  const published = mainManifest(manifest);
  t.deepEqual(
    published.optionalDependencies,
    Object.fromEntries(PLATFORMS.map(({ name }) => [`fast-resolve-${name}`, manifest.version])),
  );
  for (const field of ['scripts', 'devDependencies', 'dependencies', 'ava', 'napi']) t.is(published[field], undefined);
  for (const field of ['bin', 'exports', 'files', 'imports', 'type', 'types', 'version']) {
    t.deepEqual(published[field], manifest[field], field);
  }
});

test('the package of a platform says which it is', (t) => {
  const manifests = PLATFORMS.map((platform) => platformManifest(manifest, platform, 'owner/name'));
  const { version, license, engines } = manifest;
  t.deepEqual(manifests[1], {
    name: 'fast-resolve-linux-x64-musl',
    version,
    description: 'The addon of fast-resolve for linux x64 musl',
    license,
    engines,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['musl'],
    type: 'commonjs',
    main: 'fast-resolve.linux-x64-musl.node',
    files: ['fast-resolve.linux-x64-musl.node'],
    repository: { type: 'git', url: 'git+https://github.com/owner/name.git' },
  });
  t.deepEqual(
    manifests.map(({ os, cpu, libc }) => [...os, ...cpu, ...(libc ?? [])].join(' ')),
    ['linux x64 glibc', 'linux x64 musl', 'linux arm64 glibc', 'linux arm64 musl', 'darwin x64', 'darwin arm64'],
  );
});

test('each has the name by which the addon is looked for', (t) => {
  for (const { name, os, cpu } of PLATFORMS) t.true(listAddonNames(os, cpu).includes(name), name);
});

test('the list of what is published is what npm publishes, and others are refused', (t) => {
  t.notThrows(() => checkContents('fast-resolve', files, MAIN_FILES));
  t.throws(() => checkContents('x', ['a', 'b'], ['a', 'c']), { message: /^x: c is missing, b is not in the list/ });
});

function targetsOf(value) {
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(targetsOf);
}
