'use strict';

// The addon, for the seam. `fast-resolve/spawn` loads it as the rest of the package does, and hands it in. The preload only notes
// where it is, and has it loaded at the first spawn: past the module system and the file system of the program, which may have
// patched both by then.

const { dlopen } = require('./taken.js');

/** Undefined until it is loaded. */
let native;
let places = [];

/** Where to look for it, before it is needed: `root` is the directory of the package, `resolve` the `require.resolve` of its files. */
function lookIn(root, resolve) {
  const { NAPI_RS_NATIVE_LIBRARY_PATH: named } = process.env;
  if (named) {
    places = [named];
    return;
  }
  for (const platform of [`linux-${process.arch}-gnu`, `linux-${process.arch}-musl`]) {
    const file = `fast-resolve.${platform}.node`;
    // Beside the package, and where package managers put the package that has nothing but the addon.
    places.push(`${root}/${file}`, `${root}/../fast-resolve-${platform}/${file}`);
    places.push(`${root}/node_modules/fast-resolve-${platform}/${file}`);
    // With Yarn's package map, nothing else knows where packages are.
    if (process.versions.pnp !== undefined) addResolved(resolve, `fast-resolve-${platform}`);
  }
}

function addResolved(resolve, request) {
  try {
    places.push(resolve(request));
  } catch {
    // It is not for this system.
  }
}

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
  for (let index = 0; index < places.length; index++) {
    const loaded = { __proto__: null, exports: {} };
    try {
      dlopen(loaded, places[index]);
      return loaded.exports;
    } catch (error) {
      // The user's own wish.
      if (error.code === 'ERR_DLOPEN_DISABLED') throw error;
      tried += `\n- ${error.message}`;
    }
  }
  const error = new Error(`The addon of fast-resolve can't be loaded. Tried:${tried}`);
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  throw error;
}

module.exports = { getNative, lookIn, useNative };
