// The model's trees on disk: how one is written, listed and replaced.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drawPackageJson } from './package_jsons.mjs';
import {
  FILE_PLACES,
  LEVELS,
  LINK_PLACES,
  LINK_TARGETS,
  PACKAGE_FILES,
  PACKAGE_JSON_PLACES,
  PACKAGE_PLACES,
} from './places.mjs';

/**
 * A directory for everything that a run writes. `root` is the tree; `next` is where another one is written before it takes
 * the place of the first; `cache` is for snapshots.
 */
export function createWorld(random) {
  const base = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-stale-')));
  const world = { base, root: `${base}/world`, next: `${base}/next`, old: `${base}/old`, cache: `${base}/cache` };
  fs.mkdirSync(world.cache, { mode: 0o700 });
  fillTree(world.root, random);
  return world;
}

export function removeWorld({ base }) {
  fs.rmSync(base, { recursive: true, force: true });
}

/** Writes a tree in which about half of what may be there is there. */
export function fillTree(root, random) {
  for (const level of LEVELS) fs.mkdirSync(path.join(root, level), { recursive: true });
  for (const [directory, name] of PACKAGE_PLACES) {
    if (random.chance(0.35)) installPackage(`${root}/${directory}`, name, random);
  }
  for (const place of FILE_PLACES) {
    if (!place.includes('node_modules') && !place.includes('global') && random.chance(0.4))
      attempt(() => write(`${root}/${place}`));
  }
  for (const place of PACKAGE_JSON_PLACES.slice(0, 2 * LEVELS.length)) {
    if (random.chance(0.4)) attempt(() => write(`${root}/${place}`, drawPackageJson(random)));
  }
  for (const place of LINK_PLACES) {
    if (random.chance(0.7)) attempt(() => fs.symlinkSync(`${root}/${random.pick(LINK_TARGETS)}`, `${root}/${place}`));
  }
}

export function installPackage(directory, name, random) {
  if (random.chance(0.9)) write(`${directory}/package.json`, drawPackageJson(random, name));
  for (const file of PACKAGE_FILES) {
    if (random.chance(0.7)) attempt(() => write(`${directory}/${file}`));
  }
}

export function write(file, text = '') {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
}

export function remove(target) {
  fs.rmSync(target, { recursive: true, force: true });
}

/** Whether it could be done: a file may lie where a directory is needed, a link may lead nowhere or in a circle. */
export function attempt(change) {
  try {
    change();
    return true;
  } catch (error) {
    if (error.syscall === undefined) throw error;
    return false;
  }
}

/** Everything in the tree: { path, isDirectory, isLink, isFile }. Links are not followed. */
export function listTree(root) {
  const entries = [];
  let children = [];
  // A directory without permissions shows nothing.
  attempt(() => {
    children = fs.readdirSync(root, { withFileTypes: true });
  });
  for (const entry of children) {
    const isDirectory = entry.isDirectory();
    const fullPath = `${root}/${entry.name}`;
    entries.push({ path: fullPath, isDirectory, isLink: entry.isSymbolicLink(), isFile: entry.isFile() });
    if (isDirectory) entries.push(...listTree(fullPath));
  }
  return entries;
}
