'use strict';

// The options that jest passes, and the core's resolver for them.

const { createResolver } = require('../create_resolver.js');

const KNOWN_OPTIONS = new Set([
  'basedir',
  'conditions',
  'defaultAsyncResolver',
  'defaultResolver',
  'extensions',
  'moduleDirectory',
  'paths',
  'rootDir',
]);

/** What jest's resolvers take where they are given no conditions. */
const DEFAULT_CONDITIONS = ['require', 'node', 'default'];

/** A run has a handful of option sets; more than this come from a caller that makes up new ones all the time. */
const MAXIMUM_RESOLVERS = 32;
const resolvers = new Map();

/**
 * @returns {{ resolve(request: string, fromDir: string): string } | null} Null where jest has to answer. Its answers are
 *   paths as they were found, links not followed.
 */
function getResolver(options) {
  const { conditions = DEFAULT_CONDITIONS, extensions } = options;
  if (!areOrdinary(options)) return null;
  const key = JSON.stringify([conditions, extensions]);
  let resolver = resolvers.get(key);
  if (resolver === undefined) {
    resolver = create(conditions, extensions);
    if (resolvers.size === MAXIMUM_RESOLVERS) resolvers.clear();
    resolvers.set(key, resolver);
  }
  return resolver;
}

/** What is found only in `paths` (`modulePaths`, NODE_PATH) is left to jest: it comes after everything that is here. */
function areOrdinary(options) {
  for (const name in options) {
    if (!KNOWN_OPTIONS.has(name)) return false;
  }
  const { moduleDirectory, extensions } = options;
  return (
    Array.isArray(extensions) &&
    (moduleDirectory === undefined ||
      (Array.isArray(moduleDirectory) && moduleDirectory.length === 1 && moduleDirectory[0] === 'node_modules'))
  );
}

function create(conditions, extensions) {
  if (!isKnownTerritory() || !extensions.every(isOrdinaryExtension)) return null;
  try {
    const where = { mainFields: ['main'], preserveSymlinks: true, paths: [] };
    // Under `--watch`, files come and go while jest runs; what jest itself remembers, it asks for once.
    return createResolver({ conditions, extensions, ...where, fresh: true });
  } catch {
    // The addon can't be loaded, or jest has to say what is wrong with the options.
    return null;
  }
}

/** Under Yarn PnP there is nothing to find in directories, and native code knows nothing of Node's permission model. */
function isKnownTerritory() {
  return (
    process.platform !== 'win32' &&
    process.versions.pnp === undefined &&
    process.permission === undefined &&
    !arePreservedLinks()
  );
}

/** Some versions of jest heed this and some do not. */
function arePreservedLinks() {
  const { NODE_OPTIONS = '', NODE_PRESERVE_SYMLINKS } = process.env;
  return (
    Boolean(NODE_PRESERVE_SYMLINKS) || /--preserve[-_]symlinks/.test([NODE_OPTIONS, ...process.execArgv].join(' '))
  );
}

function isOrdinaryExtension(extension) {
  return typeof extension === 'string' && /^(?:\.[\w-]+)+$/.test(extension);
}

module.exports = { DEFAULT_CONDITIONS, getResolver };
