'use strict';

// The preload, as a function of what `boot.js` has for it: it registers when it is run, and hands out the core to those who come later.

const { captured } = require('./captured.js');
const { getParts, register } = require('./register.js');

bundleModule.exports = {
  get parts() {
    return getParts();
  },
  /** For `fast-resolve/spawn/register`. */
  told: captured.told,
};

register();
