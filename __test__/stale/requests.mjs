// What is asked of the model's trees.

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

// Node takes a folder whose name merely ends in `node_modules` for the end of a package's scope in one of two places. There
// `createResolver` follows the documentation.
const REQUESTING_PACKAGES = PACKAGE_PLACES.map(([directory]) => directory).filter((name) => !name.startsWith(HOME));

const DIRECTORIES = [...LEVELS, 'app/src/nowhere', 'app/link'];

/**
 * One request and the directory that it comes from, both below `root`.
 * @returns {[string, string]}
 */
export function drawRequest(random, root) {
  const directory = random.chance(0.75) ? random.pick(DIRECTORIES) : drawPackageDirectory(random);
  const fromDir = directory === '' ? root : `${root}/${directory}`;
  const request = random.pickWeighted([
    [6, () => random.pick(BARE)],
    [3, () => random.pick(RELATIVE)],
    [1, () => `${root}/${random.pick(ABSOLUTE)}`],
    [2, () => random.pick(IMPORTS)],
  ])();
  return [request, fromDir];
}

function drawPackageDirectory(random) {
  const directory = random.pick(REQUESTING_PACKAGES);
  return random.chance(0.3) ? `${directory}/lib` : directory;
}
