'use strict';

// Where an earlier process has left a snapshot of this program, as far as that can be told quickly: the core finds out for sure. This runs
// before the program does.

const { basics } = require('./basics.js');
const { origin } = require('./origin.js');
const { started } = require('./program.js');

const { env, existsSync, nodeProcess, path, platform } = basics;

/** Names of files have at most 255 bytes, and a new one is written under a longer name first. */
const LONGEST = 150;

/**
 * The name of the snapshot, and the directories in which it may lie: that which somebody chose, or that of the package and the user's own. The
 * directory and the name are made as in `src/cache/snapshot/{place,file}.rs`. Undefined where there is to be none. Windows has none in a project:
 * nobody can tell there who has written it.
 * @returns {{ name: string, first: string, second: string | undefined } | undefined}
 */
function listPlaces() {
  const { FAST_RESOLVE_CACHE, HOME, LOCALAPPDATA, XDG_CACHE_HOME } = env;
  const { program, snapshotOf } = started;
  const name = `${encodeURIComponent(snapshotOf).slice(-LONGEST)}.fast-resolve.snapshot`;
  if (FAST_RESOLVE_CACHE) {
    // `0`, `true` and `off` are no places.
    if (!FAST_RESOLVE_CACHE.includes('/') && !FAST_RESOLVE_CACHE.includes(path.sep)) return undefined;
    // It is found again where the program goes elsewhere.
    const first = FAST_RESOLVE_CACHE[0] === '/' ? FAST_RESOLVE_CACHE : path.resolve(FAST_RESOLVE_CACHE);
    return { name, first, second: undefined };
  }
  let root = program !== undefined && path.isAbsolute(program) ? path.dirname(program) : nodeProcess.cwd();
  const parts = `${root}/`.split('/node_modules/');
  if (parts.length > 1) root = parts[0];
  else for (let below; root !== below && !existsSync(`${root}/package.json`); root = path.dirname(root)) below = root;
  const ofUser = platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME || `${HOME}/.cache`;
  return { name, first: `${root}/node_modules/.cache/fast-resolve`, second: `${ofUser}/fast-resolve` };
}

function findSnapshot() {
  try {
    origin.snapshotPlaces = listPlaces();
    if (origin.snapshotPlaces === undefined) return undefined;
    const { name, first, second } = origin.snapshotPlaces;
    if (existsSync(`${first}/${name}`)) return { directory: first, name };
    return second !== undefined && existsSync(`${second}/${name}`) ? { directory: second, name } : undefined;
  } catch {
    // The directory that the process runs in may be gone.
    return undefined;
  }
}

module.exports = { findSnapshot, listPlaces };
