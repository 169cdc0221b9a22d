'use strict';

// Facts about the directories that modules are in. They are looked up each time: nothing here would notice when they
// change between two runs in watch mode.

const fs = require('node:fs');
const path = require('node:path');

const { readPackage } = require('./packages.js');

/** Whether this is the real path of a directory. Behind links, resolvers differ in what they look for upwards. */
function isRealDirectory(directory) {
  if (typeof directory !== 'string' || !path.isAbsolute(directory)) return false;
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
  let closest;
  for (let current = directory; ; current = path.dirname(current)) {
    const facts = readPackage(current);
    if (facts === null) return null;
    closest ??= facts;
    if (current === path.dirname(current)) return closest;
  }
}

module.exports = { closestPackage, isRealDirectory };
