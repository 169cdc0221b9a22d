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

/** For other files of this package, and nobody else: there may be but one seam in a thread. */
const internals = { onChange: core.onChange, parts: { seam } };

module.exports = Object.defineProperty(api, 'internals', { value: internals });
