'use strict';

// Whether a module does something by being loaded, as the `sideEffects` of its package.json says.

const fs = require('node:fs');
const path = require('node:path');

/** Reads each package.json once, as long as it lives. */
class SideEffects {
  /** By directory; null where there is no package.json. */
  packages = new Map();

  constructor(ignoredRoot) {
    this.ignoredRoot = ignoredRoot;
  }

  /**
   * @param {string} file
   * @param {string} [packageJsonPath] That of its package, if the package was asked for: where its `exports` led to the file, it is meant,
   * and else the nearest one.
   * @returns {boolean | null} Null where nothing is said.
   */
  of(file, packageJsonPath) {
    const asked = packageJsonPath === undefined ? null : this.read(path.dirname(packageJsonPath));
    const found = asked?.hasExports ? asked : this.nearest(file);
    if (found === null || found.directory === this.ignoredRoot) return null;
    const { directory, sideEffects } = found;
    if (typeof sideEffects === 'boolean') return sideEffects;
    if (!Array.isArray(sideEffects)) return null;
    found.expressions ??= sideEffects
      .filter((pattern) => typeof pattern === 'string')
      .map((pattern) => toExpression(pattern));
    const below = path.relative(directory, file).replaceAll(path.sep, '/');
    return found.expressions.some((expression) => expression.test(below));
  }

  nearest(file) {
    let directory = path.dirname(file);
    while (path.basename(directory) !== 'node_modules') {
      const found = this.read(directory);
      if (found !== null) return found;
      const above = path.dirname(directory);
      if (above === directory) break;
      directory = above;
    }
    return null;
  }

  read(directory) {
    let known = this.packages.get(directory);
    if (known === undefined) {
      known = readPackage(directory);
      this.packages.set(directory, known);
    }
    return known;
  }
}

function readPackage(directory) {
  let text;
  try {
    text = fs.readFileSync(path.join(directory, 'package.json'), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(error.code)) return null;
    throw error;
  }
  const { exports, sideEffects } = JSON.parse(text) ?? {};
  return { directory, hasExports: Boolean(exports), sideEffects };
}

/** The pattern of files of a package: a name without a slash is one in any directory. */
function toExpression(pattern) {
  const glob = pattern.includes('/') ? path.posix.normalize(pattern).replace(/^\//, '') : `**/${pattern}`;
  return new RegExp(`^${glob.replaceAll(PARTS, translate)}$`, 's');
}

const PARTS = /\*\*\/|\*\*|\*|\?|\\.|\[\^?[^\]\\/]+\]|[{},]|[.+^$()|[\]\\]/g;

const TRANSLATED = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
  '?': '[^/]',
  '{': '(?:',
  '}': ')',
  ',': '|',
};

function translate(part, offset, glob) {
  if (part.length > 2 && part.startsWith('[')) return part;
  if (part.startsWith('\\')) return part.length === 2 ? escaped(part[1]) : '\\\\';
  if ('{},'.includes(part) && !isWithinBraces(glob, offset)) return `\\${part}`;
  return TRANSLATED[part] ?? `\\${part}`;
}

/** Whether a brace or comma belongs to a choice that begins and ends. */
function isWithinBraces(glob, offset) {
  const depthAt = (end) =>
    (glob.slice(0, end).match(/\{/g)?.length ?? 0) - (glob.slice(0, end).match(/\}/g)?.length ?? 0);
  const isOpened = glob[offset] === '{' || depthAt(offset) > 0;
  return isOpened && (glob[offset] === '}' || glob.indexOf('}', offset) !== -1);
}

const escaped = (character) => character.replace(/[.*+?^${}()|[\]\\/]/, '\\$&');

module.exports = { SideEffects };
