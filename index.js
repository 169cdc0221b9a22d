'use strict';

const { install, isInstalled, uninstall } = require('./lib/hook.js');
const { resolve } = require('./lib/resolve.js');

module.exports = {
  get createResolver() {
    return require('./lib/create_resolver.js').createResolver;
  },
  install,
  get installed() {
    return isInstalled();
  },
  resolve,
  uninstall,
};
