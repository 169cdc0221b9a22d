'use strict';

// The file of a snapshot that is written without the addon: a checksum, and JSON. What decides which code runs is read only if nobody but the
// user can have written it.

const { captured } = require('./captured.js');
const { look } = require('./disk_facts.js');

const { Numbers, disk, endsWith, includes, nodeProcess, now, parseJson, path, platform } = captured;
const { bytesOf, geteuid, mkdirSync, readFileSync, readdirSync, renameSync, unlinkSync, utimesSync, writeFileSync } =
  disk;

const MAXIMUM_BYTES = 32 * 2 ** 20;
const WRITABLE_BY_OTHERS = 0o022;
const SUFFIX = '.fast-resolve.snapshot';
/** As in `src/fs/private_directory.rs`, in milliseconds. */
const UNUSED_AFTER = 30 * 24 * 3600 * 1000;
const TOUCHED_AFTER = 24 * 3600 * 1000;
const ABANDONED_AFTER = 600 * 1000;
/** What makes the length of a text one that can be divided by four. */
const PADDING = ['', '   ', '  ', ' '];

/** Whether it is there and the user's own. Windows has no numbers for users. */
function isOwn(stats) {
  return stats !== undefined && !stats.isSymbolicLink() && (geteuid === undefined || stats.uid === geteuid());
}

/** The same, and nobody else may write to it. */
function isPrivate(stats) {
  return isOwn(stats) && (geteuid === undefined || (stats.mode & WRITABLE_BY_OTHERS) === 0);
}

/** What is in the snapshot that was found; undefined where that may not be used, or can't be read. */
function readSnapshot({ directory, name }) {
  try {
    // With a slash at the end, a link would be followed.
    return read(path.resolve(directory), name);
  } catch {
    return undefined;
  }
}

function read(directory, name) {
  const file = `${directory}${path.sep}${name}`;
  const stats = look(file);
  if (!isPrivate(look(directory)) || !isPrivate(stats)) return undefined;
  if (!stats.isFile() || stats.size > MAXIMUM_BYTES) return undefined;
  const bytes = readFileSync(file);
  if (bytes.length < 8 || bytes.length % 4 !== 0) return undefined;
  const words = wordsOf(bytes);
  if (words[0] !== checksum(words)) return undefined;
  if (now() - stats.mtimeMs > TOUCHED_AFTER) touch(file);
  return parseJson(bytes.toString('utf8', 4));
}

function touch(file) {
  try {
    utimesSync(file, now() / 1000, now() / 1000);
  } catch {
    // On a disk that can't be written to, its age tells nothing, and nothing is taken away.
  }
}

function wordsOf(bytes) {
  return new Numbers(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}

/** Of all words but the first. */
function checksum(words) {
  let sum = words.length;
  for (let index = 1; index < words.length; index++) sum = ((sum ^ words[index]) * 31) >>> 0;
  return sum;
}

function writeSnapshot({ directory, name }, json) {
  mkdirSync(path.dirname(directory), { __proto__: null, recursive: true });
  if (look(directory) === undefined) mkdirSync(directory, { __proto__: null, mode: 0o700 });
  if (!isPrivate(look(directory))) return;
  // The checksum takes the place of the first four.
  const text = `0000${json}`;
  const bytes = bytesOf(`${text}${PADDING[bytesOf(text).length % 4]}`);
  if (bytes.length > MAXIMUM_BYTES) return;
  const words = wordsOf(bytes);
  words[0] = checksum(words);
  const file = `${directory}${path.sep}${name}`;
  const temporary = `${file}.${nodeProcess.pid}.${now()}.tmp`;
  writeFileSync(temporary, bytes, { __proto__: null, flag: 'wx', mode: 0o600 });
  renameSync(temporary, file);
  tidy(directory);
}

/** Where the snapshot is to be: where one was found, or as `src/cache/snapshot/place.rs` has it; undefined if no directory is to be had. */
function placeToWrite({ snapshot, snapshotPlaces }) {
  const directory = snapshot?.directory ?? chooseDirectory(snapshotPlaces);
  return directory === undefined
    ? undefined
    : { __proto__: null, directory: path.resolve(directory), name: snapshotPlaces.name };
}

function chooseDirectory({ first, second }) {
  // Somebody has chosen it.
  if (second === undefined) return first;
  const ofUser = path.isAbsolute(second) && isOwn(lookAbove(second)) ? second : undefined;
  // There, nobody can tell whose what lies in a project is.
  if (platform === 'win32') return ofUser;
  const cache = path.dirname(first);
  if (isOwn(look(cache)) || (ofUser === undefined && isOwn(look(path.dirname(cache))))) return first;
  return ofUser;
}

/** What is there of a directory, or above it. */
function lookAbove(directory) {
  const above = path.dirname(directory);
  return look(directory) ?? (above === directory ? undefined : lookAbove(above));
}

/** Takes away snapshots that nobody has used for long, and what writers left that were killed. */
function tidy(directory) {
  const names = readdirSync(directory);
  for (let index = 0; index < names.length; index++) {
    const file = `${directory}${path.sep}${names[index]}`;
    const limit = limitOf(names[index]);
    if (now() - (look(file)?.mtimeMs ?? now()) > limit) unlinkSync(file);
  }
}

function limitOf(name) {
  if (endsWith(name, SUFFIX)) return UNUSED_AFTER;
  return includes(name, `${SUFFIX}.`) && endsWith(name, '.tmp') ? ABANDONED_AFTER : Infinity;
}

module.exports = { placeToWrite, readSnapshot, writeSnapshot };
