// What may happen to a tree between two questions.

import fs from 'node:fs';
import path from 'node:path';
import { drawPackageJson } from './package_jsons.mjs';
import {
  FILE_PLACES,
  FOLDERS,
  LINK_PLACES,
  LINK_TARGETS,
  MOVED_PLACES,
  PACKAGE_JSON_PLACES,
  PACKAGE_PLACES,
} from './places.mjs';
import { attempt, fillTree, installPackage, listTree, remove, write } from './world.mjs';

const MOST_TRIES = 20;
const LONG_AGO = 1_000_000_000;

/** Changes the tree once, and says how. */
export function mutate(world, random) {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const mutation = random.pickWeighted(MUTATIONS);
    const entries = listTree(world.root);
    // As `tar` and `cp -p` do. Only the change time tells then that something happened.
    const restoreTimes = random.chance(0.3) ? recordTimes(world.root, entries) : () => {};
    let done;
    if (attempt(() => (done = mutation({ world, random, entries }))) && done !== undefined) {
      restoreTimes();
      return `${mutation.name} ${done.replaceAll(world.root, '')}`;
    }
  }
  return 'nothing';
}

function recordTimes(root, entries) {
  const times = [root, ...entries.map((entry) => entry.path)].map((name) => [name, fs.lstatSync(name)]);
  return () => {
    for (const [name, { atimeMs, mtimeMs }] of times) {
      // What was renamed or removed has no times to restore.
      attempt(() => {
        if (fs.lstatSync(name).mtimeMs !== mtimeMs) fs.lutimesSync(name, atimeMs / 1000, mtimeMs / 1000);
      });
    }
  };
}

const MUTATIONS = [
  [12, writeFile],
  [8, removeEntry],
  [6, renameEntry],
  [6, makeLink],
  [5, retargetLink],
  [5, swapFileForDirectory],
  [2, swapDirectoryForFile],
  [3, swapDirectoryForLink],
  [14, editPackageJson],
  [6, replacePackageJson],
  [7, writePackageJson],
  [6, removePackageJson],
  [12, install],
  [5, removePackage],
  [4, renamePackageOver],
  [1, removeFolder],
  [4, setOldTimes],
  [4, makeHardLink],
  [process.getuid() === 0 ? 0 : 3, changePermissions],
  [1, replaceRoot],
];

const below = ({ world }, place) => `${world.root}/${place}`;

function pickEntry({ entries, random }, isWanted) {
  const wanted = entries.filter(isWanted);
  return wanted.length === 0 ? undefined : random.pick(wanted).path;
}

const isPackageJson = (entry) => entry.isFile && entry.path.endsWith('/package.json');

function writeFile(scene) {
  const file = below(scene, scene.random.pick(FILE_PLACES));
  write(file, 'text');
  return file;
}

function removeEntry(scene) {
  const target = pickEntry(scene, (entry) => !entry.isDirectory || scene.random.chance(0.1));
  if (target !== undefined) remove(target);
  return target;
}

function renameEntry(scene) {
  const source = pickEntry(scene, (entry) => !entry.isDirectory || scene.random.chance(0.2));
  if (source === undefined) return undefined;
  const target = below(scene, scene.random.pick(scene.random.chance(0.7) ? FILE_PLACES : LINK_TARGETS));
  if (scene.random.chance(0.5) && !source.startsWith(`${target}/`)) remove(target);
  fs.renameSync(source, target);
  return `${source} to ${target}`;
}

function makeLink(scene) {
  const { random } = scene;
  const place = random.pick([random.pick(LINK_PLACES), random.pick(PACKAGE_PLACES)[0], random.pick(FILE_PLACES)]);
  const link = below(scene, place);
  fs.mkdirSync(path.dirname(link), { recursive: true });
  remove(link);
  return putLink(scene, link);
}

function putLink(scene, link) {
  const target = below(scene, scene.random.pick(LINK_TARGETS));
  fs.symlinkSync(scene.random.chance(0.5) ? target : path.relative(path.dirname(link), target), link);
  return `${link} to ${target}`;
}

function retargetLink(scene) {
  const link = pickEntry(scene, (entry) => entry.isLink);
  if (link === undefined) return undefined;
  fs.unlinkSync(link);
  return putLink(scene, link);
}

function swapFileForDirectory(scene) {
  const target = pickEntry(scene, (entry) => entry.isFile);
  if (target === undefined) return undefined;
  fs.unlinkSync(target);
  write(`${target}/index.js`);
  if (scene.random.chance(0.3)) write(`${target}/package.json`, drawPackageJson(scene.random));
  return target;
}

function swapDirectoryForFile(scene) {
  const target = pickEntry(scene, (entry) => entry.isDirectory && !/\/(?:app|src|packages)$/.test(entry.path));
  if (target === undefined) return undefined;
  remove(target);
  fs.writeFileSync(target, '');
  return target;
}

function swapDirectoryForLink(scene) {
  const directory = pickEntry(scene, (entry) => entry.isDirectory);
  if (directory === undefined) return undefined;
  const moved = below(scene, scene.random.pick(MOVED_PLACES));
  if (`${moved}/`.startsWith(`${directory}/`)) return undefined;
  const target = scene.random.chance(0.6) ? moved : below(scene, scene.random.pick(LINK_TARGETS));
  remove(moved);
  fs.mkdirSync(path.dirname(moved), { recursive: true });
  fs.renameSync(directory, moved);
  fs.symlinkSync(target, directory);
  return `${directory} to ${target}, moved to ${moved}`;
}

/** In place, the size stays, and so does the time of the last write. */
function editPackageJson(scene) {
  const file = pickEntry(scene, isPackageJson);
  if (file === undefined) return undefined;
  const { atime, mtime } = fs.statSync(file);
  const descriptor = fs.openSync(file, 'r+');
  fs.writeSync(descriptor, drawPackageJson(scene.random), 0);
  fs.closeSync(descriptor);
  if (scene.random.chance(0.5)) fs.utimesSync(file, atime, mtime);
  return file;
}

/** As editors and npm do: another file takes the place of the first. */
function replacePackageJson(scene) {
  const file = pickEntry(scene, isPackageJson);
  if (file === undefined) return undefined;
  const { atime, mtime } = fs.statSync(file);
  fs.writeFileSync(`${file}.temporary`, drawPackageJson(scene.random));
  if (scene.random.chance(0.5)) fs.utimesSync(`${file}.temporary`, atime, mtime);
  fs.renameSync(`${file}.temporary`, file);
  return file;
}

function writePackageJson(scene) {
  const file = below(scene, scene.random.pick(PACKAGE_JSON_PLACES));
  write(file, drawPackageJson(scene.random));
  return file;
}

function removePackageJson(scene) {
  const file = pickEntry(scene, isPackageJson);
  if (file !== undefined) fs.unlinkSync(file);
  return file;
}

function install(scene) {
  const { random, world } = scene;
  const [place, name] = random.pick(PACKAGE_PLACES);
  const directory = below(scene, place);
  remove(world.next);
  installPackage(world.next, name, random);
  if (random.chance(0.3)) setTimesBelow(world.next);
  fs.mkdirSync(path.dirname(directory), { recursive: true });
  remove(directory);
  fs.renameSync(world.next, directory);
  return directory;
}

function removePackage(scene) {
  const directory = below(scene, scene.random.pick(PACKAGE_PLACES)[0]);
  if (!fs.existsSync(directory)) return undefined;
  remove(directory);
  return directory;
}

function renamePackageOver(scene) {
  const [source, target] = scene.random.sample(PACKAGE_PLACES, 2).map(([place]) => below(scene, place));
  if (source === target || !fs.existsSync(source)) return undefined;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  remove(target);
  fs.renameSync(source, target);
  return `${source} to ${target}`;
}

function removeFolder(scene) {
  const folder = below(scene, scene.random.pick(FOLDERS));
  if (!fs.existsSync(folder)) return undefined;
  remove(folder);
  return folder;
}

function setOldTimes(scene) {
  const target = pickEntry(scene, (entry) => !entry.isLink);
  if (target !== undefined) fs.utimesSync(target, LONG_AGO, LONG_AGO);
  return target;
}

function setTimesBelow(root) {
  fs.mkdirSync(root, { recursive: true });
  for (const entry of listTree(root)) fs.utimesSync(entry.path, LONG_AGO, LONG_AGO);
  fs.utimesSync(root, LONG_AGO, LONG_AGO);
}

function makeHardLink(scene) {
  const source = pickEntry(scene, (entry) => entry.isFile);
  if (source === undefined) return undefined;
  const places = isPackageJson({ path: source, isFile: true }) ? PACKAGE_JSON_PLACES : FILE_PLACES;
  const target = below(scene, scene.random.pick(places));
  if (source === target) return undefined;
  fs.mkdirSync(path.dirname(target), { recursive: true });
  remove(target);
  fs.linkSync(source, target);
  return `${source} as ${target}`;
}

function changePermissions(scene) {
  const target = pickEntry(scene, (entry) => entry.isDirectory || isPackageJson(entry));
  if (target === undefined) return undefined;
  const isClosed = (fs.statSync(target).mode & 0o700) !== 0o700;
  fs.chmodSync(target, isClosed ? 0o700 : scene.random.pick([0o000, 0o600, 0o100]));
  return target;
}

/** Either another tree, or a copy that keeps the times, as a backup is restored. */
function replaceRoot({ world, random }) {
  remove(world.next);
  const isCopy = random.chance(0.5);
  if (isCopy) {
    fs.cpSync(world.root, world.next, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  } else {
    fillTree(world.next, random);
  }
  fs.renameSync(world.root, world.old);
  fs.renameSync(world.next, world.root);
  remove(world.old);
  return isCopy ? 'by a copy' : 'by another';
}
