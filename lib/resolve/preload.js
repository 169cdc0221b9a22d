'use strict';

// What `dist/register.js` is: it registers when it is loaded, and hands out the core to those who come later.

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
