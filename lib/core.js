'use strict';

// What `dist/core.js` is: the core, for those who load the package without the preload.

module.exports = { parts: require('./core_parts.js') };
