// Collects the entries of a tree and leaves out what can't be on one disk together (a file below a file, …).

import path from 'node:path';
import { isLink } from '../../helpers/tree.mjs';

export class TreeBuilder {
  // The keys are names as latin1 text, in which every byte is a character of its own.
  #entries = new Map();
  #directories = new Set(['']);
  #moved = 0;

  /** Adds the entry unless the place is taken; `name` ends with a slash for a directory. */
  add(directory, name, entry) {
    this.#addByKey(keyBelow(directory, name), entry);
  }

  /** Adds a link to another entry or directory of this tree, which `targetKey` (of keys()) names. */
  addLink(directory, name, targetKey, absolute) {
    this.#addLinkByKey(keyBelow(directory, name), targetKey, absolute);
  }

  /** Moves what is at `name` (a file or a whole directory) to a store and puts a chain of links in its place. */
  replaceByLink(name, { chainLength, absolute, isStoreUtf8 }) {
    const key = keyBelow('', name);
    const isMoved = ([other]) => other === key || other.startsWith(`${key}/`);
    const entries = [...this.#entries];
    const moved = entries.filter(isMoved);
    if (moved.length === 0) return;
    this.#moved += 1;
    const store = `store/${this.#moved}${isStoreUtf8 ? '' : '\xff'}${path.posix.extname(key)}`;
    this.#entries.clear();
    this.#directories = new Set(['']);
    for (const [other, entry] of entries.filter((pair) => !isMoved(pair))) this.#addByKey(other, entry);
    for (const [other, entry] of moved) this.#addByKey(store + other.slice(key.length), entry);
    this.#addChain(key, store, chainLength, absolute);
  }

  entries() {
    return [...this.#entries].map(([key, entry]) => [nameOfKey(key), entry]);
  }

  /** Every name in the tree, of directories too, each byte as a character. */
  keys() {
    return [...this.#entries.keys(), ...this.#directories].map((key) => key.replace(/\/$/, ''));
  }

  /** The names of the entries that are UTF-8. */
  textNames() {
    return [...this.#entries.keys()].map(nameOfKey).filter((name) => typeof name === 'string');
  }

  /** The names of the directories that are UTF-8. */
  directories() {
    return [...this.#directories].map(nameOfKey).filter((name) => typeof name === 'string');
  }

  #addChain(key, store, chainLength, absolute) {
    let target = store;
    for (let step = 1; step < chainLength; step++) {
      const linkKey = `store/chain-${this.#moved}-${step}`;
      this.#addLinkByKey(linkKey, target, false);
      target = linkKey;
    }
    this.#addLinkByKey(key, target, absolute);
  }

  #addLinkByKey(linkKey, targetKey, absolute) {
    const relative = path.posix.relative(path.posix.dirname(`/${linkKey}`), `/${targetKey}`) || '.';
    this.#addByKey(linkKey, absolute ? { linkToRoot: nameOfKey(targetKey) } : { link: nameOfKey(relative) });
  }

  #addByKey(keyWithSlash, entry) {
    const isDirectory = keyWithSlash.endsWith('/');
    const key = isDirectory ? keyWithSlash.slice(0, -1) : keyWithSlash;
    const ancestors = ancestorsOf(key);
    const isTaken = this.#entries.has(key) || this.#entries.has(`${key}/`) || this.#directories.has(key);
    if (isTaken || ancestors.some((ancestor) => this.#entries.has(ancestor))) return;
    for (const ancestor of ancestors) this.#directories.add(ancestor);
    if (isDirectory && !isLink(entry)) this.#directories.add(key);
    this.#entries.set(isLink(entry) ? key : keyWithSlash, entry);
  }
}

function ancestorsOf(key) {
  const segments = key.split('/');
  return segments.slice(1).map((_, index) => segments.slice(0, index + 1).join('/'));
}

function keyBelow(directory, name) {
  const above = directory === '' ? '' : `${directory}/`;
  return Buffer.concat([Buffer.from(above), Buffer.from(name)]).toString('latin1');
}

/** Text where the bytes are UTF-8, else the bytes. */
function nameOfKey(key) {
  const bytes = Buffer.from(key, 'latin1');
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : bytes;
}
