'use strict';

// The preload: `node -r fast-resolve/spawn/register app.js`. Bundled, it is one file that reads no other, so that it can step aside
// wherever Node lets it be read; and what it needs at the first spawn is taken now, before there is a program.

const { FAST_RESOLVE, FAST_RESOLVE_SPAWN } = process.env;

if (FAST_RESOLVE !== '0' && FAST_RESOLVE_SPAWN !== '0') {
  const { addon, core } = require('./shared.js');
  addon.lookIn(__dirname, require.resolve);
  core.installAhead();
}
