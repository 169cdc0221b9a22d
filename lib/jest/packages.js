'use strict';

// What package.json files say, read as jest's resolvers read them.

const fs = require('node:fs');
const path = require('node:path');

/**
 * @typedef {object} PackageFacts
 * @property {unknown} name
 * @property {unknown} main
 * @property {unknown} exports
 */

/** A file that changed less than this before it was read may change again without its stamp showing it. */
const SETTLED_AFTER_MS = 2_000;
/** Bytes that are not UTF-8, and escapes for half a character: one resolver rejects the whole file for them. */
const NOT_UNICODE = /\ufffd|\\u[dD][89a-fA-F]/;
const MAXIMUM_PACKAGES = 5_000;
/** The facts with the stamp that proves them, by directory. */
const packages = new Map();

/**
 * @param {string} directory
 * @returns {PackageFacts | null | undefined} Undefined where there is no package.json, null where it can't be trusted.
 */
function readPackage(directory) {
  const file = path.join(directory, 'package.json');
  const stamp = stampOf(file);
  if (stamp === undefined || stamp === null) return stamp;
  const known = packages.get(directory);
  if (known?.stamp.text === stamp.text) return known.facts;
  const facts = parse(file);
  if (Date.now() - stamp.changed > SETTLED_AFTER_MS) {
    if (packages.size === MAXIMUM_PACKAGES) packages.clear();
    packages.set(directory, { stamp, facts });
  }
  return facts;
}

function stampOf(file) {
  try {
    const stats = fs.lstatSync(file, { throwIfNoEntry: false });
    if (stats === undefined) return undefined;
    // Jest 29 takes the directory that a linked package.json is in for the package.
    if (!stats.isFile()) return null;
    const { dev, ino, size, mtimeMs, ctimeMs } = stats;
    return { text: `${dev} ${ino} ${size} ${mtimeMs} ${ctimeMs}`, changed: Math.max(mtimeMs, ctimeMs) };
  } catch {
    return null;
  }
}

function parse(file) {
  try {
    const text = fs.readFileSync(file, 'utf8');
    if (NOT_UNICODE.test(text)) return null;
    const value = JSON.parse(text);
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
    // Of a key that is there twice, one resolver takes the first value and another the last.
    if (countKeys(value) !== countKeysOfText(text)) return null;
    const { name, main, exports } = value;
    return { name, main, exports };
  } catch {
    return null;
  }
}

function countKeys(value) {
  if (value === null || typeof value !== 'object') return 0;
  const children = Object.values(value);
  const own = Array.isArray(value) ? 0 : children.length;
  return children.reduce((sum, child) => sum + countKeys(child), own);
}

/** Strings with a colon behind them. */
function countKeysOfText(text) {
  let count = 0;
  for (const [, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"\s*(:?)/g)) {
    if (colon !== '') count += 1;
  }
  return count;
}

module.exports = { readPackage };
