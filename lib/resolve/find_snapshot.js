'use strict';

// Where an earlier process has left a snapshot of this program, as far as that can be told quickly: the core finds out for sure. This runs
// before the program does.

const { basics } = require('./basics.js');
const { started } = require('./program.js');

const { env, existsSync, nodeProcess, path } = basics;

/** Names of files have at most 255 bytes, and a new one is written under a longer name first. */
const LONGEST = 150;

/** The directory and the name are made as in `src/cache/snapshot/{place,file}.rs`. */
function findSnapshot() {
  try {
    const { FAST_RESOLVE_CACHE, HOME, XDG_CACHE_HOME } = env;
    // `0`, `true` and `off` are no places.
    if (FAST_RESOLVE_CACHE && !FAST_RESOLVE_CACHE.includes('/')) return undefined;
    const { program, snapshotOf } = started;
    const name = `${encodeURIComponent(snapshotOf).slice(-LONGEST)}.fast-resolve.snapshot`;
    let directory = FAST_RESOLVE_CACHE;
    if (directory) {
      // It is found again where the program goes elsewhere.
      if (directory[0] !== '/') directory = path.resolve(directory);
      return existsSync(`${directory}/${name}`) ? { directory, name } : undefined;
    }

    let root = program !== undefined && path.isAbsolute(program) ? path.dirname(program) : nodeProcess.cwd();
    const parts = `${root}/`.split('/node_modules/');
    if (parts.length > 1) root = parts[0];
    else while (root.length > 1 && !existsSync(`${root}/package.json`)) root = path.dirname(root);
    directory = `${root}/node_modules/.cache/fast-resolve`;
    if (existsSync(`${directory}/${name}`)) return { directory, name };
    directory = `${XDG_CACHE_HOME || `${HOME}/.cache`}/fast-resolve`;
    return existsSync(`${directory}/${name}`) ? { directory, name } : undefined;
  } catch {
    // The directory that the process runs in may be gone.
    return undefined;
  }
}

module.exports = { findSnapshot };
