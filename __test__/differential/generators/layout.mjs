// Random trees: packages in node_modules at several levels, loose files, and links in every position.

import fc from 'fast-check';
import { fileName, mostly, packageName, weighted } from './names.mjs';
import { packageJson } from './package_json.mjs';
import { TreeBuilder } from './tree_builder.mjs';

const HOMES = ['', 'app', 'app/src', 'packages/p'];

const ODD_HOMES = ['app/node_modules', '%41pp', 'a?b#c', 'a b', 'caf\u00e9', 'a\\b'];

const PLAIN_PLACES = ['app', 'app/src', 'packages/p', 'packages/q', '.'];

const DANGLING_OR_LOOPING = [
  '..',
  '.',
  '../..',
  'missing',
  './missing/x',
  '/',
  '/missing',
  '../../../../../../../../..',
  'self',
  'index.js',
  'a',
];

/** The files that most targets and mains name. */
const TARGETED_FILES = ['index.js', 'a.js', 'main.js', 'lib/a.js', 'lib/index.js', 'lib/deep/a.js'];

const files = fc
  .tuple(
    weighted([3, fc.constant(TARGETED_FILES)], [2, fc.subarray(TARGETED_FILES)]),
    fc.array(fileName, { minLength: 1, maxLength: 8 }),
  )
  .map((parts) => parts.flat());

const home = mostly(HOMES, ODD_HOMES);

const place = weighted(
  [6, fc.record({ kind: fc.constant('home'), home, name: packageName })],
  [3, fc.record({ kind: fc.constant('inside'), host: fc.nat(), name: packageName })],
  [2, fc.record({ kind: fc.constant('plain'), directory: fc.constantFrom(...PLAIN_PLACES) })],
);

const packageInTree = fc.record({
  place,
  manifest: fc.option(packageJson, { nil: undefined, freq: 6 }),
  nestedManifest: fc.option(fc.tuple(fc.constantFrom('lib', 'dir', 'lib/deep', 'node_modules'), packageJson), {
    nil: undefined,
    freq: 3,
  }),
  files,
});

/** A link that takes the place of a file or directory, which moves elsewhere: as pnpm and npm link do it. */
const linkInPlace = fc.record({
  subject: fc.nat(),
  cutLevels: fc.nat({ max: 3 }),
  chainLength: fc.integer({ min: 1, max: 3 }),
  absolute: fc.boolean(),
  isStoreUtf8: weighted([7, fc.constant(true)], [1, fc.constant(false)]),
});

/** A link at a place of its own, to anything. */
const freeLink = fc.record({
  directory: fc.nat(),
  name: weighted([3, packageName], [3, fileName], [1, fc.constantFrom('node_modules', 'self', 'package.json')]),
  target: weighted(
    [1, fc.constantFrom(...DANGLING_OR_LOOPING)],
    [2, fc.record({ path: fc.nat(), absolute: fc.boolean() })],
  ),
});

/** Trees as lists of [name, entry] for tree.mjs. */
export const layout = fc
  .record({
    packages: fc.array(packageInTree, { minLength: 2, maxLength: 8 }),
    looseFiles: fc.array(fc.tuple(home, fileName), { maxLength: 4 }),
    linksInPlace: weighted([1, fc.constant([])], [1, fc.array(linkInPlace, { maxLength: 3 })]),
    freeLinks: weighted([1, fc.constant([])], [1, fc.array(freeLink, { maxLength: 4 })]),
  })
  .map(assemble);

function assemble({ packages, looseFiles, linksInPlace, freeLinks }) {
  const builder = new TreeBuilder();
  const directories = [];
  for (const description of packages) {
    const directory = directoryOf(description.place, directories);
    addPackage(builder, directory, description);
    directories.push(directory);
  }
  for (const [home, name] of looseFiles) builder.add(home, name, '');
  for (const link of linksInPlace) replaceByLink(builder, link);
  for (const link of freeLinks) addFreeLink(builder, link);
  return builder.entries();
}

function directoryOf(where, earlierDirectories) {
  if (where.kind === 'plain') return where.directory === '.' ? '' : where.directory;
  const isInside = where.kind === 'inside' && earlierDirectories.length > 0;
  const above = isInside ? earlierDirectories[where.host % earlierDirectories.length] : (where.home ?? '');
  return `${above === '' ? '' : `${above}/`}node_modules/${where.name}`;
}

function addPackage(builder, directory, { manifest, nestedManifest, files: names }) {
  if (manifest !== undefined) addManifest(builder, directory, manifest);
  for (const name of names) builder.add(directory, name, '');
  if (nestedManifest !== undefined) {
    const [below, nested] = nestedManifest;
    addManifest(builder, directory === '' ? below : `${directory}/${below}`, nested);
  }
}

function addManifest(builder, directory, manifest) {
  if (manifest === null) builder.add(directory, 'package.json/', null);
  else builder.add(directory, 'package.json', manifest);
}

function replaceByLink(builder, { subject, cutLevels, ...shape }) {
  const names = builder.textNames();
  if (names.length === 0) return;
  const segments = names[subject % names.length].replace(/\/$/, '').split('/');
  const replaced = segments.slice(0, Math.max(1, segments.length - cutLevels)).join('/');
  builder.replaceByLink(replaced, shape);
}

function addFreeLink(builder, { directory, name, target }) {
  const directories = builder.directories();
  const where = directories[directory % directories.length];
  if (typeof target === 'string') {
    builder.add(where, name, { link: target });
    return;
  }
  const keys = builder.keys();
  builder.addLink(where, name, keys[target.path % keys.length], target.absolute);
}
