'use strict';

// Facts about the directories that modules are in. Jest remembers such facts for as long as it runs; they are remembered
// here for as long as the process lives.

const fs = require('node:fs');
const path = require('node:path');

const { readPackage } = require('./packages.js');

const MAXIMUM_DIRECTORIES = 10_000;
const realDirectories = new Set();
const closestPackages = new Map();

/** Whether this is the real path of a directory. Behind links, resolvers differ in what they look for upwards. */
function isRealDirectory(directory) {
  if (realDirectories.has(directory)) return true;
  if (typeof directory !== 'string' || !path.isAbsolute(directory) || !isReal(directory)) return false;
  makeRoomIn(realDirectories);
  realDirectories.add(directory);
  return true;
}

function isReal(directory) {
  try {
    return fs.realpathSync.native(directory) === directory;
  } catch {
    return false;
  }
}

/**
 * The closest package.json.
 * @returns {import('./packages.js').PackageFacts | null | undefined} Null where it, or one further up, can't be read:
 *   jest's resolvers fail then, whether they need it or not. Undefined where there is none.
 */
function closestPackage(directory) {
  if (closestPackages.has(directory)) return closestPackages.get(directory);
  const parent = path.dirname(directory);
  const above = parent === directory ? undefined : closestPackage(parent);
  const own = readPackage(directory);
  if (own === null || above === null) return null;
  const closest = own ?? above;
  makeRoomIn(closestPackages);
  closestPackages.set(directory, closest);
  return closest;
}

function makeRoomIn(collection) {
  if (collection.size >= MAXIMUM_DIRECTORIES) collection.clear();
}

module.exports = { closestPackage, isRealDirectory };
