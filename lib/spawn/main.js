'use strict';

// What the entry fast-resolve/spawn leads to.

const seam = require('./seam.js');
const standIn = require('./shared.js');

const { core } = standIn.getLate();

/** What `require('fast-resolve/spawn')` gives. */
const api = {
  install: core.install,
  get installed() {
    return core.isInstalled();
  },
  uninstall: core.uninstall,
};

module.exports = {
  api,
  onChange: core.onChange,
  /** What other bundles share with this one: there may be but one seam in a thread. */
  parts: { 'spawn/seam': seam },
};
