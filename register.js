'use strict';

// The preload: `node -r fast-resolve/register app.js`.

require('./lib/hook.js').register();
