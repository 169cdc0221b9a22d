'use strict';

// What the package's entries lead to, and what every program with the hook runs. The rest is in a file of its own.

const answers = require('./answers.js');
const hook = require('./hook.js');
const internals = require('./internals.js');
const resolving = require('./resolve.js');
const runtime = require('./runtime.js');

/** What `require('fast-resolve')` gives. */
const api = {
  get clearCache() {
    return require('./memory.js').clearCache;
  },
  get createResolver() {
    return require('./create_resolver.js').createResolver;
  },
  install: hook.install,
  get installed() {
    return hook.isInstalled();
  },
  get invalidate() {
    return require('./memory.js').invalidate;
  },
  resolve: resolving.resolve,
  get stats() {
    return require('./memory.js').stats;
  },
  uninstall: hook.uninstall,
};

module.exports = {
  api,
  get jestResolve() {
    return require('./jest/resolve.js').resolve;
  },
  onChange: hook.onChange,
  /** What the parts in the other file share with those in this one. */
  parts: { answers, hook, internals, resolve: resolving, runtime },
  register: hook.register,
  takeOver: hook.takeOver,
};
