'use strict';

// The addon, for the seam. `fast-resolve/spawn` loads it as the rest of the package does, and hands it in. For the preload it is
// loaded at the first spawn: past the module system and the file system of the program, which may have patched both by then.

const standIn = require('./stand_in.js');
const { describeFailures } = require('../resolve/addon_failures.js');
const { findAddon } = require('../resolve/addon_places.js');
const { completeAddon, openAddon } = require('../resolve/open_addon.js');
const { arch, dlopen, Failure, includes } = require('./taken.js');

/** Undefined until it is loaded. */
let native;

function useNative(value) {
  native ??= value ?? undefined;
}

/** Throws if it can't be had. */
function getNative() {
  native ??= load();
  return native;
}

function load() {
  const failures = [];
  const found = findIn(standIn.place, (file) => openAddon(file, dlopen, failures));
  if (found !== undefined) return completeAddon(found);
  // The user's own wish.
  if (failures[0]?.error?.code === 'ERR_DLOPEN_DISABLED') throw failures[0].error;
  const error = new Failure(describeFailures(failures, 'linux', arch, includes));
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  throw error;
}

/** @param place As the preload has left it; undefined without a preload. */
function findIn(place, tryToLoad) {
  if (place === undefined) return undefined;
  const { named, resolved, parts } = place;
  if (named) return tryToLoad(named);
  for (let index = 0; index < resolved.length; index++) {
    const found = tryToLoad(resolved[index]);
    if (found !== undefined) return found;
  }
  return findAddon(parts, 'linux', arch, tryToLoad);
}

module.exports = { getNative, useNative };
