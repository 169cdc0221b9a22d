'use strict';

// What `dist/core.js` is: the core, for those who load the package without the preload.

const { parts } = require('./core_parts.js');

module.exports = { parts };
