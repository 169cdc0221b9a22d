'use strict';

// The addon, for the seam. `fast-resolve/spawn` loads it as the rest of the package does, and hands it in. For the preload it is
// loaded at the first spawn: past the module system and the file system of the program, which may have patched both by then.

const standIn = require('./stand_in.js');
const { arch, dlopen, Failure } = require('./taken.js');

/** Those of the addons that this system may run. */
const PLATFORMS = [`linux-${arch}-gnu`, `linux-${arch}-musl`];

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
  const places = listPlaces();
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
  const origin = `It comes with fast-resolve-${PLATFORMS[0]}; a checkout has it after \`npm run build\`.`;
  const error = new Failure(`The addon of fast-resolve can't be loaded. ${origin} Tried:${tried}`);
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  throw error;
}

/** Beside the package, and where package managers put the package that has nothing but the addon. */
function listPlaces() {
  if (standIn.place === undefined) return [];
  const { directory, named, resolved: places } = standIn.place;
  if (named) return [named];
  for (let index = 0; index < PLATFORMS.length; index++) {
    const platform = PLATFORMS[index];
    const file = `fast-resolve.${platform}.node`;
    places[places.length] = `${directory}/${file}`;
    places[places.length] = `${directory}/../fast-resolve-${platform}/${file}`;
    places[places.length] = `${directory}/node_modules/fast-resolve-${platform}/${file}`;
  }
  return places;
}

module.exports = { getNative, useNative };
