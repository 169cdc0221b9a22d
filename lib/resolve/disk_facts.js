'use strict';

// What the disk says of names, looked at once each, and which of them an answer rests on: those that lead somewhere, and those that are not
// there. For the snapshot that is written without the addon.

const { captured } = require('./captured.js');

const { SafeMap, disk, path } = captured;
const { lstatSync, readlinkSync } = disk;
const { sep } = path;

/** As many links as Linux follows. */
const MOST_LINKS = 40;
/** For `fs.lstatSync`: it is usual that nothing is there. */
const NO_THROW = { __proto__: null, throwIfNoEntry: false };

/** A name in a directory. */
class Name {
  /** The directory, undefined for the root, and the path, which is real but for the name itself. */
  directory;
  path;
  /** Undefined where nothing is there. */
  stats;
  isDirectory;
  /** Whether what it says was read: a link, or a package.json. */
  isRead;
  /** For which answer it was met last. */
  answer = 0;
  /** The number of what proves it; -1 as long as that is not known, null where nothing does. */
  proof = undefined;
  /** Of a directory, how many names in it its stamp would prove. */
  count = 0;

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
  /** What the path leads to; undefined where something stands in the way. */
  end;
  answer = 0;

  constructor(name, toDirectory, fromLink) {
    this.name = name;
    this.toDirectory = toDirectory;
    this.fromLink = fromLink;
    this.end = fromLink === undefined ? name : fromLink.end;
  }
}

class DiskFacts {
  /** By path, the names, and the ways. */
  names = new SafeMap();
  #ways = new SafeMap();
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
    this.hasPackageJson(name.path);
    return 1;
  }

  /** Where a path leads, or undefined. */
  realPathOf(file) {
    const name = this.follow(file);
    return name?.stats === undefined ? undefined : name.path;
  }

  hasPackageJson(directory) {
    const name = this.follow(join(directory, 'package.json'));
    if (name?.stats === undefined) return false;
    name.isRead = true;
    return true;
  }

  /** Whether what is there was met for this answer. */
  isMet(file) {
    return this.names.get(file)?.answer === this.answer;
  }

  /** The name that a path leads to, which need not be there. */
  follow(file) {
    const way = this.#find(file, 0);
    this.#meet(way);
    return way.end;
  }

  #find(file, links) {
    let way = this.#ways.get(file);
    if (way === undefined) {
      way = this.#look(file, links);
      this.#ways.set(file, way);
    }
    return way;
  }

  #look(file, links) {
    const above = path.dirname(file);
    if (above === file) return new Way(this.#nameOf(undefined, file), undefined, undefined);
    const toDirectory = this.#find(above, links);
    const directory = toDirectory.end;
    // Nothing can be there: what proves that is on the way.
    if (directory === undefined || !directory.isDirectory) return new Way(undefined, toDirectory, undefined);
    const name = this.#nameOf(directory, join(directory.path, path.basename(file)));
    if (name.stats?.isSymbolicLink() !== true) return new Way(name, toDirectory, undefined);
    if (links === MOST_LINKS) throw new Error(`${file}: too many links`);
    const target = path.resolve(directory.path, readlinkSync(name.path));
    return new Way(name, toDirectory, this.#find(target, links + 1));
  }

  #nameOf(directory, file) {
    let name = this.names.get(file);
    if (name === undefined) {
      name = new Name(directory, file, look(file));
      this.names.set(file, name);
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

function join(directory, name) {
  return directory[directory.length - 1] === sep ? `${directory}${name}` : `${directory}${sep}${name}`;
}

module.exports = { DiskFacts, look };
