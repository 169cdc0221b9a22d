'use strict';

// How Node is to be started for a program to have the hook, the compile cache, or both.

const path = require('node:path');

/** This file's directory is dist/ once it is bundled. */
const register = path.join(__dirname, 'register.js');

/** What is kept for this user; undefined where there is no home. A path that is not absolute is no place. */
function userDirectory({ HOME, XDG_CACHE_HOME }) {
  const caches = XDG_CACHE_HOME || (HOME && path.join(HOME, '.cache'));
  return caches && path.isAbsolute(caches) ? path.join(caches, 'fast-resolve') : undefined;
}

/** Where the compile cache of `run` and `precompile` is, unless the environment names another place; undefined where there is none. */
function compileCacheDirectory() {
  const directory = userDirectory(process.env);
  return directory && path.join(directory, 'compile-cache');
}

/**
 * @param {{ hook?: boolean, compileCache?: string | boolean }} what `compileCache`: a directory; true for the usual one.
 * @returns {{ execArgv: string[], env: NodeJS.ProcessEnv }}
 */
function describeStart({ hook = false, compileCache = false }) {
  const env = { ...process.env };
  if (typeof compileCache === 'string') env.NODE_COMPILE_CACHE = compileCache;
  else if (!compileCache) delete env.NODE_COMPILE_CACHE;
  else if (!env.NODE_COMPILE_CACHE) {
    const directory = compileCacheDirectory();
    if (directory !== undefined) env.NODE_COMPILE_CACHE = directory;
  }
  return { execArgv: hook ? ['-r', register] : [], env };
}

module.exports = { compileCacheDirectory, describeStart, register, userDirectory };
