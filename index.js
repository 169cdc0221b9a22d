const { createResolver } = require('./lib/create_resolver.js');
const { install, isInstalled, uninstall } = require('./lib/hook.js');
const { resolve } = require('./lib/resolve.js');

module.exports = {
  createResolver,
  install,
  get installed() {
    return isInstalled();
  },
  resolve,
  uninstall,
};
