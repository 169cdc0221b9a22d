'use strict';

// The resolver of the core that has the running Node's own options, and its snapshot.

const { captured } = require('./captured.js');
const { getNative } = require('./load_addon.js');
const { origin } = require('./origin.js');
const { describeOrigin } = require('./describe_origin.js');
const { getConditions, getImportConditions, getNodeOptions } = require('./territory.js');

const { describeProgram, env, getBuiltinModule, includes, nodeProcess, path, warn } = captured;

/**
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe What is believed without a look.
 * @param {{ extensions: string[], globalPaths: string[] }} options
 * @param {boolean} isFirst Whether these are the options that the program began with.
 */
function createNodeResolver(believe, { extensions, globalPaths }, isFirst) {
  const { Resolver } = getNative();
  return new Resolver({
    __proto__: null,
    conditions: getConditions(),
    importConditions: getImportConditions(),
    extensions,
    mainFields: ['main'],
    preserveSymlinks: getNodeOptions().preserveSymlinks,
    globalPaths,
    askNode: true,
    believe,
    snapshot: believe === 'turn' ? describeSnapshot(isFirst) : undefined,
  });
}

/** Where the snapshot for these options is kept; undefined where that is turned off. */
function describeSnapshot(isFirst) {
  const { FAST_RESOLVE_CACHE: place } = env;
  if (place && !includes(place, '/')) {
    if (place !== '0') warnOfPlace(place);
    return undefined;
  }
  const { snapshot } = origin;
  return {
    ...describeOrigin(isFirst),
    ...(snapshot === undefined ? findPlace(env) : { directory: snapshot.directory }),
  };
}

/** Where a snapshot is to be kept where none was found: in the directory that somebody chose, or where the core finds the usual place. */
function findPlace({ FAST_RESOLVE_CACHE, HOME, XDG_CACHE_HOME }) {
  if (FAST_RESOLVE_CACHE) return { directory: path.resolve(getWorkingDirectory(), FAST_RESOLVE_CACHE) };
  const { program } = describeProgram();
  return {
    start: program !== undefined && path.isAbsolute(program) ? path.dirname(program) : getWorkingDirectory(),
    userCache: XDG_CACHE_HOME || (HOME ? path.join(HOME, '.cache') : undefined),
  };
}

let hasWarnedOfPlace = false;

/** Once in a process. */
function warnOfPlace(place) {
  if (hasWarnedOfPlace) return;
  hasWarnedOfPlace = true;
  // The snapshot is the program's, and its threads have the same environment.
  if (!getBuiltinModule('worker_threads').isMainThread) return;
  const message = `FAST_RESOLVE_CACHE is 0 or a directory, with a slash in its path, not "${place}": no snapshot is read or written.`;
  warn(message, 'FAST_RESOLVE_CACHE');
}

/** The directory that the process runs in may be gone. */
function getWorkingDirectory() {
  try {
    return nodeProcess.cwd();
  } catch {
    return '/';
  }
}

module.exports = { createNodeResolver };
