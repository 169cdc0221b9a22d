'use strict';

// What the running Node tells of itself, and the native resolver that is made of it.

const Module = require('node:module');
const path = require('node:path');

const { isBuiltin } = require('./internals.js');
const { areEqual, areResolved, currentGlobalPaths } = require('./lookup_paths.js');
const { native } = require('./native.js');
const { readNodeOptions } = require('./node_options.js');

let nodeOptions;
let conditions;
let slashImports;
let wasSlashImportsAsked = false;
let builtins;

let extensions = [];
let globalPaths;
let resolvers = null;

function getNodeOptions() {
  nodeOptions ??= readNodeOptions();
  return nodeOptions;
}

/** The conditions that hold for `require`, besides `default`. */
function getConditions() {
  conditions ??= [
    'require',
    'node',
    // Where addons are turned off, this one can't be loaded either.
    'node-addons',
    ...getNodeOptions().conditions,
    ...(process.features.require_module ? ['module-sync'] : []),
  ];
  return conditions;
}

/** Whether Node takes `#/name` for a key of `imports` (since 24): asked of Node, with this package's own `imports`. */
function getSlashImports() {
  if (!wasSlashImportsAsked) {
    // The question may come back through the hook; then there is no answer yet, and Node gives it.
    wasSlashImportsAsked = true;
    try {
      Module.createRequire(__filename).resolve('#/probe');
      slashImports = true;
    } catch (error) {
      if (error.code === 'ERR_INVALID_MODULE_SPECIFIER') slashImports = false;
    }
  }
  return slashImports;
}

/** Names that `require` takes without `node:`. */
function getBuiltins() {
  builtins ??= Module.builtinModules.filter((name) => !name.startsWith('node:') && isBuiltin(name));
  return builtins;
}

/** Whether resolution in this process is what Node's documentation describes. Found out once. */
function isKnownTerritory() {
  return (
    getNodeOptions().isKnown &&
    process.platform !== 'win32' &&
    process.permission === undefined &&
    process.versions.pnp === undefined &&
    !process.env.WATCH_REPORT_DEPENDENCIES &&
    !/\bmodule\b/i.test(process.env.NODE_DEBUG ?? '')
  );
}

/** The options of the running Node; `imports` need two more facts, which cost an exception to find out. */
function createDefaultResolver(forImports) {
  return new native.Resolver({
    conditions: getConditions(),
    extensions,
    mainFields: ['main'],
    preserveSymlinks: getNodeOptions().preserveSymlinks,
    globalPaths: globalPaths.map((folder) => path.resolve(folder)),
    slashImports: forImports ? getSlashImports() : undefined,
    builtins: forImports ? getBuiltins() : undefined,
    askNode: true,
  });
}

/**
 * The native resolver for what `Module._extensions` and the global folders are at this moment.
 * @param {string} request Requests that begin with `#` need more of the running Node.
 * @returns {import('../binding.js').Resolver | null} Null where Node has to be asked.
 */
function getDefaultResolver(request) {
  const currentExtensions = Object.keys(Module._extensions);
  const currentPaths = currentGlobalPaths();
  if (resolvers === null || currentPaths !== globalPaths || !areEqual(currentExtensions, extensions)) {
    extensions = currentExtensions;
    globalPaths = currentPaths;
    const isOrdinary = areResolved(globalPaths) && !extensions.some((extension) => /[/\0\ufffd]/.test(extension));
    resolvers = { isOrdinary, plain: undefined, imports: undefined };
  }
  if (!resolvers.isOrdinary || native === null) return null;
  if (request.charCodeAt(0) === 35 /* # */) {
    resolvers.imports ??= createDefaultResolver(true);
    return resolvers.imports;
  }
  resolvers.plain ??= createDefaultResolver(false);
  return resolvers.plain;
}

module.exports = { getBuiltins, getConditions, getDefaultResolver, getNodeOptions, getSlashImports, isKnownTerritory };
