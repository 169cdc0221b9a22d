'use strict';

// What `dist/register.js` is: it registers when it is loaded, and hands out the core to those who come later.

const { parts } = require('./core_parts.js');
const { loadHook, register } = require('./register.js');

bundleModule.exports = {
  get parts() {
    loadHook();
    return parts;
  },
};

register();
