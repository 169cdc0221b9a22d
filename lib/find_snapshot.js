'use strict';

// Where an earlier process has left a snapshot of this program, as far as that can be told quickly: the core finds out for sure.

const { captured } = require('./captured.js');

const { env, existsSync, nameOfProgram, nodeProcess, path } = captured;

const { dirname, isAbsolute } = path;

/** @returns {{ directory: string, name: string } | undefined} */
function findSnapshot() {
  try {
    const name = `${hashOf(nameOfProgram())}.snapshot`;
    const directory = placesOf(nodeProcess.argv[1] ?? '').find((place) => existsSync(`${place}/${name}`));
    return directory === undefined ? undefined : { directory, name };
  } catch {
    // The directory that the process runs in may be gone.
    return undefined;
  }
}

/** Where the core may keep snapshots (`src/cache/snapshot/place.rs`). */
function placesOf(program) {
  const { FAST_RESOLVE_CACHE, HOME, XDG_CACHE_HOME } = env;
  if (FAST_RESOLVE_CACHE) return FAST_RESOLVE_CACHE === '0' ? [] : [FAST_RESOLVE_CACHE];
  const start = isAbsolute(program) ? dirname(program) : nodeProcess.cwd();
  const end = `${start}/`.indexOf('/node_modules/');
  let directory = end === -1 ? start : start.slice(0, end) || '/';
  while (end === -1 && directory !== '/' && !existsSync(`${directory}/package.json`)) directory = dirname(directory);
  const userCache = XDG_CACHE_HOME || (HOME ? `${HOME}/.cache` : undefined);
  const inProject = `${directory}/node_modules/.cache/fast-resolve`;
  return userCache === undefined ? [inProject] : [inProject, `${userCache}/fast-resolve`];
}

/** FNV-1a, by which the core calls the file (`src/cache/snapshot/file.rs`). */
function hashOf(program) {
  let hash = 0x811c9dc5;
  for (let index = 0; index < program.length; index++) {
    hash = Math.imul(hash ^ program.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}

module.exports = { findSnapshot };
