'use strict';

// Which package a file belongs to.

const fs = require('node:fs');
const path = require('node:path');

/**
 * @typedef {object} Package
 * @property {string} directory
 * @property {string | null} name Null where no package.json says it.
 * @property {string | null} version
 */

const FOLDER = `${path.sep}node_modules${path.sep}`;

/** Finds packages, each of which is read once. */
class Packages {
  #byDirectory = new Map();
  #program;

  /** @param {string} program The package of files of which no package.json says a name. */
  constructor(program) {
    this.#program = path.dirname(program);
  }

  /** @returns {Package} */
  of(file) {
    const directory = installedDirectory(file) ?? this.#namedDirectory(path.dirname(file)) ?? this.#program;
    return this.#read(directory);
  }

  /** The nearest directory that has a name. */
  #namedDirectory(start) {
    for (let directory = start; ; directory = path.dirname(directory)) {
      if (this.#read(directory).name !== null) return directory;
      if (directory === path.dirname(directory)) return undefined;
    }
  }

  #read(directory) {
    let found = this.#byDirectory.get(directory);
    if (found === undefined) {
      found = { directory, ...readNames(path.join(directory, 'package.json')) };
      this.#byDirectory.set(directory, found);
    }
    return found;
  }
}

/** What npm and others install lies in the last `node_modules` of a path, whatever package.json there is below. */
function installedDirectory(file) {
  const at = file.lastIndexOf(FOLDER);
  if (at === -1) return undefined;
  const start = at + FOLDER.length;
  const [scope, name] = file.slice(start).split(path.sep, 3);
  const isScoped = scope.startsWith('@') && name !== undefined;
  return file.slice(0, start) + (isScoped ? path.join(scope, name) : scope);
}

function readNames(file) {
  let content = {};
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {
    // There is none, or none that says a name.
  }
  const text = (value) => (typeof value === 'string' && value !== '' ? value : null);
  return { name: text(content?.name), version: text(content?.version) };
}

module.exports = { Packages };
