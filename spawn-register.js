'use strict';

// The preload: `node -r fast-resolve/spawn/register app.js`.

require('./dist/spawn.js').register();
