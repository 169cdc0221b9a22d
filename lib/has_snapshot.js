'use strict';

// Whether an earlier process has left a snapshot of this program, as far as that can be told quickly: the core finds out for sure.

const { fs, path } = require('./internals.js');
const { env } = require('./started.js');

const { existsSync, readdirSync } = fs;
const { dirname, isAbsolute, join } = path;
const PLACE = 'node_modules/.cache/fast-resolve';

function hasSnapshot() {
  try {
    const program = process.argv[1] ?? '';
    const directory = placeOf(program);
    if (directory === undefined) return false;
    const prefix = `${hashOf(program)}-`;
    return readdirSync(directory).some((name) => name.startsWith(prefix));
  } catch {
    // Nothing there, or nothing that can be read: the core would find no more.
    return false;
  }
}

/** Where the core keeps snapshots (`src/cache/snapshot/place.rs`). */
function placeOf(program) {
  const { FAST_RESOLVE_CACHE, HOME, XDG_CACHE_HOME } = env;
  if (FAST_RESOLVE_CACHE === '0') return undefined;
  if (FAST_RESOLVE_CACHE) return FAST_RESOLVE_CACHE;
  const start = isAbsolute(program) ? dirname(program) : process.cwd();
  const end = `${start}/`.indexOf('/node_modules/');
  let directory = end === -1 ? start : start.slice(0, end) || '/';
  while (end === -1 && !existsSync(join(directory, 'package.json')) && directory !== dirname(directory)) {
    directory = dirname(directory);
  }
  const place = join(directory, PLACE);
  if (existsSync(place)) return place;
  const userCache = XDG_CACHE_HOME || (HOME && join(HOME, '.cache'));
  return userCache ? join(userCache, 'fast-resolve') : undefined;
}

/** FNV-1a of the program's path: the beginning of the names of its snapshots (`src/cache/snapshot/file.rs`). */
function hashOf(program) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < program.length; index++) {
    hash = Math.imul(hash ^ program.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

module.exports = { hasSnapshot };
