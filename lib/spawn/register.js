'use strict';

// The preload: `node -r fast-resolve/spawn/register app.js`. Bundled, it is one file that reads no other, so that it can step aside
// wherever Node lets it be read; and what it needs at the first spawn is taken now, before there is a program.

const standIn = require('./shared.js');

const { FAST_RESOLVE, FAST_RESOLVE_SPAWN, NAPI_RS_NATIVE_LIBRARY_PATH: named } = process.env;

// The other preload says what goes wrong with the addon as well: whoever comes first says it for both.
const others = bundleModule.constructor?._cache?.[`${__dirname}/register.js`]?.exports;
if (others?.told !== undefined) standIn.told = others.told;
bundleModule.exports = { told: standIn.told };

if (FAST_RESOLVE !== '0' && FAST_RESOLVE_SPAWN !== '0' && standIn.mayBePossible) {
  const resolved = process.versions.pnp === undefined ? [] : resolveAddons();
  standIn.place = { __proto__: null, named, resolved, parts: __dirname.split('/').slice(0, -1) };
  standIn.putInPlace();
}

/** With Yarn's package map, nothing else knows where packages are. */
function resolveAddons() {
  return ['gnu', 'musl'].flatMap((library) => {
    try {
      return [require.resolve(`fast-resolve-linux-${process.arch}-${library}`)];
    } catch {
      // It is not for this system.
      return [];
    }
  });
}
