'use strict';

// What is kept on the disk: snapshots, and the compile cache of `run`.

const fs = require('node:fs');
const path = require('node:path');

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
  return fs
    .readdirSync(directory)
    .filter((name) => name.endsWith(END))
    .map((name) => describeSnapshot(path.join(directory, name)))
    .sort((left, right) => left.age - right.age);
}

function describeSnapshot(file) {
  const stat = fs.statSync(file);
  const { program, version } = readName(path.basename(file, END));
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

/** The name says how the program was started, the program, and the Node; of a long one, only the end is left. */
function readName(name) {
  const whole = name.replace(/-[0-9a-f]{16}$/, '').replace(/^[0-9A-F]?[0-9A-F]?(?=%)/, '');
  let text = whole;
  try {
    text = decodeURIComponent(whole);
  } catch {
    // It was cut within a letter.
  }
  const [, program = '', version = ''] = /^(.*) (v[\d.]+\S*)$/s.exec(text) ?? [];
  // As `fast-resolve run` starts it.
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
  if (!fs.existsSync(directory)) return null;
  const files = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => fs.statSync(path.join(entry.parentPath ?? entry.path, entry.name)));
  return { directory, files: files.length, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}

/**
 * @param {string} start A directory.
 * @param {boolean} [all] Also the snapshots of programs that lie elsewhere.
 */
function findKept(start, all = false) {
  const below = start === '/' ? '/' : `${start}/`;
  const ofUser = userDirectory(process.env);
  const snapshots = snapshotDirectories(start).map((directory) => ({
    directory,
    snapshots: snapshotsIn(directory).filter(
      ({ program }) => all || directory !== ofUser || program.split(' ').at(-1).startsWith(below),
    ),
  }));
  return { snapshots, compileCache: describeCompileCache() };
}

module.exports = { findKept };
