'use strict';

// What the disk says of names, looked at once each, and which of them an answer rests on: those that lead somewhere, and those that are not
// there. For the snapshot that is written without the addon.

const { captured } = require('./captured.js');

const { Module, SafeMap, disk, isArray, keys, parseJson, path, platform, split, endsWith } = captured;
const { lstatSync, readFileSync, readlinkSync } = disk;
const { sep } = path;

/** As many links as Linux follows. */
const MOST_LINKS = 40;
/** For `fs.lstatSync`: it is usual that nothing is there. */
const NO_THROW = { __proto__: null, throwIfNoEntry: false };

/** A name in a directory. */
class Name {
  /** The directory and the path, both real; of the root itself, there is none above. */
  directory;
  path;
  /** Undefined where nothing is there. */
  stats;
  isDirectory;
  /** Whether what it says was read: a link, or a package.json. */
  isRead;
  /** For which answer it was met last. */
  answer = 0;
  /** The number of what proves it, once that was written. */
  proof = undefined;
  /** Of a directory, how many names in it its stamp would prove; and whether this is one of those. */
  count = 0;
  isCounted = false;

  constructor(directory, file, stats) {
    this.directory = directory;
    this.path = file;
    this.stats = stats;
    this.isDirectory = stats?.isDirectory() === true;
    this.isRead = stats?.isSymbolicLink() === true;
  }
}

/** How a path was followed: the last name, and the ways to its directory and from a link on. */
class Way {
  name;
  toDirectory;
  fromLink;
  /** The name that the path leads to; undefined where something stands in the way. */
  end;
  links;
  /** For which answer it was gone last. */
  answer = 0;

  constructor(name, toDirectory, fromLink) {
    this.name = name;
    this.toDirectory = toDirectory;
    this.fromLink = fromLink;
    this.end = fromLink === undefined ? name : fromLink.end;
    this.links = (toDirectory?.links ?? 0) + (fromLink === undefined ? 0 : fromLink.links + 1);
  }
}

class DiskFacts {
  /** By path, the names, the ways, and the directories whose package.json Node knows as it is. */
  #names = new SafeMap();
  #ways = new SafeMap();
  #packages = new SafeMap();
  /** The number of the answer that is being looked for, and the names that were met for it: each with those before it. */
  answer = 0;
  met = undefined;

  /** To be called before each answer is looked for. */
  begin() {
    this.answer++;
    this.met = undefined;
  }

  /** As Node has it: 1 for a directory, 0 for what else is there. Of a directory, Node reads the package.json, too. */
  kindOf(file) {
    const name = this.follow(file);
    if (name?.stats === undefined) return -2;
    if (!name.isDirectory) return 0;
    this.meetPackage(file);
    return 1;
  }

  /** Where a path leads, or undefined. */
  realPathOf(file) {
    const name = this.follow(file);
    return name?.stats === undefined ? undefined : name.path;
  }

  /** Whether there is a package.json. Throws where Node remembers another one. */
  meetPackage(directory) {
    const name = this.follow(join(directory, 'package.json'));
    const isThere = name?.stats !== undefined && !name.isDirectory;
    if (isThere) name.isRead = true;
    if (this.#packages.get(directory) === undefined) {
      checkPackage(directory, isThere ? name.path : undefined);
      this.#packages.set(directory, true);
    }
    return isThere;
  }

  /** Whether what is there was met for this answer. */
  isMet(file) {
    return this.#names.get(file)?.answer === this.answer;
  }

  /** The name that a path leads to, which need not be there. */
  follow(file) {
    const way = this.#find(file, 0);
    if (way.links > MOST_LINKS) throw new Error(`${file}: too many links`);
    this.#meet(way);
    return way.end;
  }

  #find(file, depth) {
    let way = this.#ways.get(file);
    if (way === undefined) {
      if (depth > MOST_LINKS) throw new Error(`${file}: too many links`);
      way = this.#look(file, depth);
      this.#ways.set(file, way);
    }
    return way;
  }

  #look(file, depth) {
    const above = path.dirname(file);
    if (above === file) return new Way(this.#nameOf(undefined, file), undefined, undefined);
    const toDirectory = this.#find(above, depth);
    const directory = toDirectory.end;
    // Nothing can be there: what proves that is on the way.
    if (directory === undefined || !directory.isDirectory) return new Way(undefined, toDirectory, undefined);
    const name = this.#nameOf(directory, join(directory.path, path.basename(file)));
    if (name.stats?.isSymbolicLink() !== true) return new Way(name, toDirectory, undefined);
    return new Way(name, toDirectory, this.#find(targetOf(name), depth + 1));
  }

  #nameOf(directory, file) {
    let name = this.#names.get(file);
    if (name === undefined) {
      name = new Name(directory, file, look(file));
      this.#names.set(file, name);
    }
    return name;
  }

  #meet(way) {
    for (let each = way; each !== undefined && each.answer !== this.answer; each = each.toDirectory) {
      each.answer = this.answer;
      if (each.name !== undefined && each.name.answer !== this.answer) {
        each.name.answer = this.answer;
        this.met = { __proto__: null, name: each.name, before: this.met };
      }
      if (each.fromLink !== undefined) this.#meet(each.fromLink);
    }
  }
}

/** What `lstat` says, or undefined where nothing is there. */
function look(file) {
  try {
    return lstatSync(file, NO_THROW);
  } catch (error) {
    if (error?.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** Where a link leads, if its text alone says so: behind a name, `..` is above what that leads to. */
function targetOf({ directory, path: link }) {
  const text = readlinkSync(link);
  const parts = split(text, '/');
  for (let index = 1; index < parts.length; index++) {
    if (parts[index] === '..' && parts[index - 1] !== '..' && parts[index - 1] !== '.')
      throw new Error(`${link}: ${text}`);
  }
  if (platform !== 'win32' && endsWith(text, '/')) throw new Error(`${link}: ${text}`);
  return path.resolve(directory.path, text);
}

/** Throws where a package.json is not what Node remembers of it: the program may have changed it since. */
function checkPackage(directory, file) {
  const known = Module._readPackage(directory);
  const isKnown = known.exists === true;
  if (isKnown !== (file !== undefined)) throw new Error(`${directory}: package.json`);
  if (!isKnown) return;
  const { name, main, exports } = parseJson(readFileSync(file, 'utf8'));
  if (isSameText(known.name, name) && isSameText(known.main, main) && isSame(known.exports, exports)) return;
  throw new Error(`${file}: another`);
}

/** Node has no name and no main that is something else. */
const isSameText = (known, value) => known === (typeof value === 'string' ? value : undefined);

/** Whether two values of JSON are the same; Node has undefined for null. */
function isSame(left, right) {
  if (left === null || typeof left !== 'object') return (left ?? null) === (right ?? null);
  if (right === null || typeof right !== 'object' || isArray(left) !== isArray(right)) return false;
  const names = keys(left);
  if (names.length !== keys(right).length) return false;
  for (let index = 0; index < names.length; index++) {
    if (!isSame(left[names[index]], right[names[index]])) return false;
  }
  return true;
}

function join(directory, name) {
  return directory[directory.length - 1] === sep ? `${directory}${name}` : `${directory}${sep}${name}`;
}

module.exports = { DiskFacts, look };
