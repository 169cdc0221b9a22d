'use strict';

const Module = require('node:module');

/** The options of the running Node, in the words that oxc-resolver, unrs-resolver and enhanced-resolve share. */
exports.nodesOptions = () => ({
  conditionNames: ['node', 'require', 'node-addons', ...(process.features.require_module ? ['module-sync'] : [])],
  extensions: Object.keys(Module._extensions),
  mainFields: ['main'],
  symlinks: true,
});
