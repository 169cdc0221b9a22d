'use strict';

// A preload that prints how Node has divided what it was started with: its own options, and the program with its arguments.

require('node:fs').writeSync(1, JSON.stringify([process.execArgv, process.argv.slice(1)]));
process.exit(0);
