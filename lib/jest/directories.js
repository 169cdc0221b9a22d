// Facts about directories that jest, too, holds to be true for the life of its process.

const fs = require('node:fs');
const path = require('node:path');

const { readPackage } = require('./packages.js');

const MAXIMUM_DIRECTORIES = 10_000;
const realDirectories = new Set();
const soundDirectories = new Set();

/** Whether this is the real path of a directory. Behind links, resolvers differ in what they look for upwards. */
function isRealDirectory(directory) {
  if (realDirectories.has(directory)) return true;
  if (typeof directory !== 'string' || !path.isAbsolute(directory) || !isReal(directory)) return false;
  remember(realDirectories, directory);
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
 * Whether the closest package.json can be read. Jest's resolvers read it whether they need it or not, and fail where that
 * is impossible.
 */
function isInSoundPackage(directory) {
  if (soundDirectories.has(directory)) return true;
  const facts = readPackage(directory);
  if (facts === null) return false;
  const parent = path.dirname(directory);
  if (facts === undefined && parent !== directory && !isInSoundPackage(parent)) return false;
  remember(soundDirectories, directory);
  return true;
}

function remember(directories, directory) {
  if (directories.size >= MAXIMUM_DIRECTORIES) directories.clear();
  directories.add(directory);
}

module.exports = { isInSoundPackage, isRealDirectory };
