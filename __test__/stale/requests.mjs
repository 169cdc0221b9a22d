// What is asked of the model's trees.

import Module from 'node:module';
import { HOME, LEVELS, PACKAGE_PLACES } from './places.mjs';

const RELATIVE = [
  './file',
  './file.js',
  './file/',
  './util',
  './data',
  '.',
  '..',
  '../util',
  '../file',
  './link',
  './link/util',
];
const ABSOLUTE = ['app/file', 'elsewhere/util.js', 'app/link', 'node_modules/plain', 'link/file', 'packages/lib/util'];
const BARE = [
  ...['plain', 'plain/sub', 'plain/lib', 'plain/lib/util', 'plain/package.json', 'plain/index.js'],
  ...['exporting', 'exporting/sub', 'exporting/util', 'exporting/lib/util', 'exporting/package.json'],
  ...['@scope/part', '@scope/part/sub', '@scope/part/lib/util', 'linked', 'linked/sub', 'linked/lib/'],
  ...['self-named', 'self-named/sub', 'absent', 'absent/sub', '@scope/absent', 'fs'],
];
const IMPORTS = ['#util', '#dep', '#lib/util', '#nothing'];

const IMPORTED_FILES = [
  './file.js',
  './util.js',
  '../util.js',
  '../file.js',
  './data.json',
  './link/util.js',
  './lib/util.js',
  './file',
];
const IMPORTED_PACKAGES = [
  ...[
    'plain',
    'plain/lib/util.js',
    'plain/sub.js',
    'exporting',
    'exporting/sub',
    'exporting/util',
    '@scope/part',
    '@scope/part/sub',
  ],
  ...['linked', 'linked/sub.js', 'self-named', 'self-named/sub', 'absent'],
];
const IMPORTS_IN = 'import ';
const canImport = Module.registerHooks !== undefined;

// Node takes a folder whose name merely ends in `node_modules` for the end of a package's scope in one of two places. There
// `createResolver` follows the documentation.
const REQUESTING_PACKAGES = PACKAGE_PLACES.map(([directory]) => directory).filter((name) => !name.startsWith(HOME));

const DIRECTORIES = [...LEVELS, 'app/src/nowhere', 'app/link'];

/**
 * One request and the directory that it comes from, both below `root`. An `import` has a word before the directory.
 * @returns {[string, string]}
 */
export function drawRequest(random, root) {
  const directory = random.chance(0.75) ? random.pick(DIRECTORIES) : drawPackageDirectory(random);
  const fromDir = directory === '' ? root : `${root}/${directory}`;
  if (canImport && random.chance(0.25)) return [drawImport(random, root), IMPORTS_IN + fromDir];
  const request = random.pickWeighted([
    [6, () => random.pick(BARE)],
    [3, () => random.pick(RELATIVE)],
    [1, () => `${root}/${random.pick(ABSOLUTE)}`],
    [2, () => random.pick(IMPORTS)],
  ])();
  return [request, fromDir];
}

function drawImport(random, root) {
  return random.pickWeighted([
    [6, () => random.pick(IMPORTED_PACKAGES)],
    [4, () => random.pick(IMPORTED_FILES)],
    [1, () => `${root}/${random.pick(ABSOLUTE)}.js`],
    [2, () => random.pick(IMPORTS)],
  ])();
}

function drawPackageDirectory(random) {
  const directory = random.pick(REQUESTING_PACKAGES);
  return random.chance(0.3) ? `${directory}/lib` : directory;
}
