'use strict';

// Resolvers of the core with options of their own.

const { createUnavailableError, native } = require('./addon.js');
const { captured } = require('./captured.js');
const { currentGlobalPaths } = require('./search_options.js');
const {
  getBuiltins,
  getConditions,
  getImportConditions,
  getNodeOptions,
  getSlashImports,
  isUnreadableAnError,
} = require('./runtime.js');

const { Module, path } = captured;

/** The options that were given, and for all others what the running Node has. */
function withDefaults(given) {
  if (native === null || !native.isSupported()) throw createUnavailableError();
  return {
    conditions: getConditions(),
    importConditions: given.conditions ?? getImportConditions(),
    extensions: Object.keys(Module._extensions),
    mainFields: ['main'],
    preserveSymlinks: getNodeOptions().preserveSymlinks,
    paths: currentGlobalPaths(),
    builtins: true,
    ...given,
  };
}

/** A resolver of the core that follows the documented algorithm to the end: there is no Node that could be asked. */
function createNativeResolver(settings, believe) {
  return new native.Resolver({
    conditions: [...settings.conditions],
    importConditions: [...settings.importConditions],
    extensions: [...settings.extensions],
    mainFields: [...settings.mainFields],
    preserveSymlinks: settings.preserveSymlinks,
    globalPaths: settings.paths.map((folder) => path.resolve(folder)),
    slashImports: getSlashImports(),
    unreadableIsError: isUnreadableAnError(),
    builtins: settings.builtins ? getBuiltins() : [],
    askNode: false,
    believe,
  });
}

module.exports = { createNativeResolver, withDefaults };
