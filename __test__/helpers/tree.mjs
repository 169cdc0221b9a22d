// Writes a tree of files that is described as data, and removes it again.
//
// A tree is an object, or a list of [name, entry] pairs where a name is not UTF-8 (a Buffer then). Entries:
//   'a/b.js': 'text'                     a file (text or Buffer); the directories above it are made
//   'a/package.json': { json: value }    a file with JSON in it
//   'a/dir/': null                       a directory
//   'a/link': { link: 'b.js' }           a symbolic link, its target as given (text or Buffer)
//   'a/link': { linkToRoot: 'a/b.js' }   a symbolic link to an absolute path in the tree
//   'a/dir/': { mode: 0o000 }            a directory with these permissions, set after everything is written
//   'a/b.js': { text: '', mode: 0o000 }  a file with these permissions

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';

const SLASH = '/'.charCodeAt(0);

/** Writes the tree below a fresh directory, which it returns as a real path. */
export function writeTree(tree) {
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-')));
  const entries = pairsOf(tree);
  const madeDirectories = new Set();
  for (const [name, entry] of entries) {
    if (!isLink(entry)) writeEntry(root, name, entry, madeDirectories);
  }
  // Links come last, so that nothing is written through one by accident.
  for (const [name, entry] of entries) {
    if (isLink(entry)) writeLink(root, name, entry, madeDirectories);
  }
  for (const [name, entry] of entries) {
    if (entry?.mode !== undefined) fs.chmodSync(pathBelow(root, name), entry.mode);
  }
  return root;
}

/** Writes the tree and has it removed when the test `t` is over. */
export function treeFor(t, tree) {
  const root = writeTree(tree);
  t.teardown(() => removeTree(root));
  return root;
}

/** Removes what writeTree() wrote; fs.rmSync() knows neither names that are not UTF-8 nor unreadable directories. */
export function removeTree(root) {
  removeDirectory(Buffer.from(root));
}

/** The tree as the source text of its data. */
export function formatTree(tree) {
  const pairs = pairsOf(tree);
  const data = pairs.every(([name]) => typeof name === 'string') ? Object.fromEntries(pairs) : pairs;
  return inspect(data, {
    depth: Number.POSITIVE_INFINITY,
    maxArrayLength: null,
    maxStringLength: 2000,
    breakLength: 120,
  });
}

export function pairsOf(tree) {
  return Array.isArray(tree) ? tree : Object.entries(tree);
}

export function isLink(entry) {
  // Text has a `link` of its own: String.prototype.link.
  return typeof entry === 'object' && (entry?.link ?? entry?.linkToRoot) !== undefined;
}

function writeEntry(root, name, entry, madeDirectories) {
  const fullPath = pathBelow(root, name);
  if (fullPath.at(-1) === SLASH) {
    fs.mkdirSync(fullPath, { recursive: true });
    return;
  }
  makeParent(fullPath, madeDirectories);
  fs.writeFileSync(fullPath, entry.json === undefined ? (entry.text ?? entry) : JSON.stringify(entry.json));
}

function writeLink(root, name, entry, madeDirectories) {
  const fullPath = pathBelow(root, name);
  makeParent(fullPath, madeDirectories);
  fs.symlinkSync(entry.link ?? pathBelow(root, entry.linkToRoot), fullPath);
}

function makeParent(fullPath, madeDirectories) {
  const parent = fullPath.subarray(0, fullPath.lastIndexOf(SLASH));
  const key = parent.toString('latin1');
  if (madeDirectories.has(key)) return;
  fs.mkdirSync(parent, { recursive: true });
  madeDirectories.add(key);
}

function pathBelow(root, name) {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(name)]);
}

function removeDirectory(directory) {
  fs.chmodSync(directory, 0o700);
  for (const entry of fs.readdirSync(directory, { encoding: 'buffer', withFileTypes: true })) {
    const fullPath = Buffer.concat([directory, Buffer.from('/'), entry.name]);
    if (entry.isDirectory()) removeDirectory(fullPath);
    else fs.unlinkSync(fullPath);
  }
  fs.rmdirSync(directory);
}
