'use strict';

// The preload, for those who name it by its path: `node -r /path/to/fast-resolve/register.js app.js`. By its name it is the file below.

// Node's permission model lets nothing else be read.
if (process.permission === undefined) {
  try {
    require('./dist/register.js');
  } catch (error) {
    process.emitWarning(`fast-resolve can't be loaded; Node resolves. ${error.message}`, 'FastResolveWarning');
  }
}
