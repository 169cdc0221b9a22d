'use strict';

// What the package's entries lead to.

const { installOptions } = require('../shared/arguments.js');
const { createResolver } = require('./create_resolver.js');
const hook = require('./hook.js');
const { clearCache, invalidate, stats } = require('./remembered.js');
const { resolve } = require('./resolve.js');
const { resolveImport } = require('./resolve_import.js');
const { isAddonMissing } = require('./territory.js');
const { warnOfAddon } = require('./unavailable.js');

/** What `require('fast-resolve')` gives. */
const api = {
  clearCache,
  createResolver,
  explain(request, from, options) {
    return require('./explain.js').explain(request, from, options);
  },
  install(options) {
    const isInPlace = hook.install(installOptions(options));
    if (isAddonMissing()) warnOfAddon();
    return isInPlace;
  },
  get installed() {
    return hook.isInstalled();
  },
  invalidate,
  resolve,
  resolveImport,
  stats,
  uninstall: hook.uninstall,
};

/** For other files of this package, and nobody else: what they share with this one. */
const internals = {
  onChange: hook.onChange,
  get parts() {
    return {
      arguments: require('../shared/arguments.js'),
      errors: require('../shared/errors.js'),
    };
  },
};

module.exports = Object.defineProperty(api, 'internals', { value: internals });
