'use strict';

// What the entries fast-resolve/spawn and fast-resolve/spawn/register lead to.

const seam = require('./seam.js');

/** What `require('fast-resolve/spawn')` gives. */
const api = {
  install: seam.install,
  get installed() {
    return seam.isInstalled();
  },
  uninstall: seam.uninstall,
};

module.exports = {
  api,
  onChange: seam.onChange,
  /** What other bundles share with this one: there may be but one seam in a thread. */
  parts: { 'spawn/seam': seam },
  register: seam.register,
};
