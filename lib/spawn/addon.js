'use strict';

// The addon, for the seam. `fast-resolve/spawn` loads it as the rest of the package does, and hands it in. For the preload it is
// loaded at the first spawn: past the module system and the file system of the program, which may have patched both by then.

const standIn = require('./stand_in.js');
const { findAddon, listAddonNames } = require('../addon_places.js');
const { arch, dlopen, Failure } = require('./taken.js');

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
  let tried = '';
  const found = findIn(standIn.place, (file) => {
    const loaded = { __proto__: null, exports: {} };
    try {
      dlopen(loaded, file);
      return loaded.exports;
    } catch (error) {
      // The user's own wish.
      if (error.code === 'ERR_DLOPEN_DISABLED') throw error;
      tried += `\n- ${error.message}`;
      return undefined;
    }
  });
  if (found !== undefined) return found;
  const origin = `It comes with fast-resolve-${listAddonNames('linux', arch)[0]}; a checkout has it after \`npm run build\`.`;
  const error = new Failure(`The addon of fast-resolve can't be loaded. ${origin} Tried:${tried}`);
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
