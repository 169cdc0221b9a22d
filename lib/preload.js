'use strict';

// What `register.js` is: it registers when it is loaded, and hands out the core to those who come later.

const { getParts, register } = require('./register.js');

bundleModule.exports = {
  get parts() {
    return getParts();
  },
};

register();
