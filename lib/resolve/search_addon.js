'use strict';

// Looks for the addon wherever it may lie.

const { findAddon } = require('./addon_places.js');
const { captured } = require('./captured.js');

const { arch, path, platform, split } = captured;

/**
 * @template Addon
 * @param {string} directory Of the bundle, which lies one below this package, or of a file that tests load by itself, two below.
 * @param {(file: string) => Addon | undefined} load
 */
function searchAddon(directory, load) {
  const parts = split(directory, path.sep);
  parts.length -= typeof PACKAGE_VERSION === 'undefined' ? 2 : 1;
  return findAddon(parts, platform, arch, load);
}

module.exports = { searchAddon };
