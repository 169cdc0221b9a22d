'use strict';

// What is kept on the disk: snapshots, and the compile cache of `run`.

const fs = require('node:fs');
const path = require('node:path');

const { Failure } = require('./failures.js');
const { compileCacheDirectory, register, userDirectory } = require('./start.js');

const END = '.fast-resolve.snapshot';
/** A snapshot that nobody has used for so long goes. */
const LONGEST_AGE = 30 * 86_400_000;

/** Where snapshots of programs below a directory may be: as in `src/cache/snapshot/place.rs`. */
function snapshotDirectories(start, { FAST_RESOLVE_CACHE, HOME, XDG_CACHE_HOME } = process.env) {
  if (FAST_RESOLVE_CACHE) {
    const isPlace = FAST_RESOLVE_CACHE.includes('/') && fs.existsSync(FAST_RESOLVE_CACHE);
    return isPlace ? [path.resolve(FAST_RESOLVE_CACHE)] : [];
  }
  const directories = [];
  for (let above = start; ; above = path.dirname(above)) {
    directories.push(path.join(above, 'node_modules/.cache/fast-resolve'));
    if (above === path.dirname(above)) break;
  }
  const ofUser = userDirectory({ HOME, XDG_CACHE_HOME });
  if (ofUser !== undefined) directories.push(ofUser);
  return directories.filter((directory) => fs.existsSync(directory));
}

/** The snapshots in a directory, youngest first. */
function snapshotsIn(directory) {
  return filesIn(directory)
    .filter(({ file }) => file.endsWith(END))
    .map(describeSnapshot)
    .sort((left, right) => left.age - right.age);
}

/** The files in a directory, and below it: what goes meanwhile, and what is no directory, has none. */
function filesIn(directory, recursive = false) {
  let names;
  try {
    names = fs.readdirSync(directory, { recursive });
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw new Failure(`${directory} can't be read: ${error.message}`);
  }
  return names
    .map((name) => path.join(directory, name))
    .map((file) => ({ file, stat: fs.lstatSync(file, { throwIfNoEntry: false }) }))
    .filter(({ stat }) => stat?.isFile());
}

/** What a snapshot is found by, without what tells options apart. */
function nameOf(file) {
  return path.basename(file, END).replace(/-[0-9a-f]{16}$/, '');
}

function describeSnapshot({ file, stat }) {
  const { program, version } = readName(nameOf(file));
  return {
    file,
    program,
    version,
    bytes: stat.size,
    modified: stat.mtimeMs,
    age: Date.now() - stat.mtimeMs,
    unused: whyUnused(stat, program, version),
  };
}

/** Longer names are cut to this, as in `lib/resolve/find_snapshot.js`. */
const LONGEST_NAME = 150;

/** So much of a directory has to be left in a name that was cut. */
const LEAST_LEFT = 32;

/** Whether a snapshot is of a program in a directory. Of one with a long name, the end of the directory may be left. */
function isBelow({ file, program }, directory) {
  const below = directory === '/' ? '/' : `${directory}/`;
  const isWhole = program.startsWith('/') || program.includes(' /');
  if (isWhole) return program.slice(program.lastIndexOf(' /') + 1).startsWith(below);
  const name = nameOf(file);
  const encoded = encodeURIComponent(below);
  for (let length = Math.min(encoded.length, name.length); length >= LEAST_LEFT; length--) {
    if (name.startsWith(encoded.slice(-length))) return true;
  }
  return false;
}

/** The name says how the program was started, the program, and the Node; of a long one, only the end is left. */
function readName(name) {
  // It may have been cut within what stands for one character: that is left out.
  const whole = name.length < LONGEST_NAME ? name : `…${name.slice(name.indexOf('%'))}`;
  let text = whole;
  try {
    text = decodeURIComponent(whole);
  } catch {
    // It was cut within a letter.
  }
  const [, program = '', version = ''] = /^(.*) (v[\d.]+\S*)$/s.exec(text) ?? [];
  // As `fast-resolve run` starts it. Of a long name, a part of that is left.
  return { program: program.replace(`-r ${register} `, '').trim(), version };
}

/** Why a start does not use it now; null if nothing of this is to be seen. */
function whyUnused(stat, program, version) {
  if (stat.uid !== process.getuid?.()) return 'it belongs to another user';
  if ((stat.mode & 0o022) !== 0) return 'others may write it';
  if (version !== '' && version !== process.version) return `this is Node ${process.version}`;
  if (path.isAbsolute(program) && !fs.existsSync(program)) return 'the program is gone';
  if (Date.now() - stat.mtimeMs > LONGEST_AGE) return 'it is too old';
  return null;
}

/** The compile cache of `run`; null if there is none. */
function describeCompileCache() {
  const directory = process.env.NODE_COMPILE_CACHE || compileCacheDirectory();
  if (directory === undefined || !fs.existsSync(directory)) return null;
  const files = filesIn(directory, true);
  return { directory, files: files.length, bytes: files.reduce((sum, { stat }) => sum + stat.size, 0) };
}

/**
 * @param {string} start A directory.
 * @param {boolean} [all] Also the snapshots of programs that lie elsewhere.
 */
function findKept(start, all = false) {
  const snapshots = snapshotDirectories(start).map((directory) => ({
    directory,
    snapshots: snapshotsIn(directory).filter((snapshot) => all || isBelow(snapshot, start)),
  }));
  return { snapshots, compileCache: describeCompileCache() };
}

module.exports = { findKept };
