// The options that this Node was started with, as far as resolution depends on them. Node does not tell them, so that
// they are read where Node read them: from the command line and from NODE_OPTIONS.

const fs = require('node:fs');
const { isMainThread } = require('node:worker_threads');

/** Options under which resolution is not what it usually is; Node is left to itself. */
const UNKNOWN_TERRITORY =
  /^--(?:experimental-)?(?:policy|package-map|vfs|config-file|default-config-file|permission|sea-config)\b/;

/**
 * @typedef {object} NodeOptions
 * @property {string[]} conditions The user's conditions (-C, --conditions).
 * @property {boolean} addons Whether the condition `node-addons` holds.
 * @property {boolean} preserveSymlinks
 * @property {boolean} isKnown Whether nothing was given that changes resolution in a way of its own.
 */

/** @returns {NodeOptions} */
function readNodeOptions() {
  const words = [...splitNodeOptions(startingNodeOptions()), ...process.execArgv];
  const options = {
    conditions: [],
    addons: true,
    preserveSymlinks: process.env.NODE_PRESERVE_SYMLINKS === '1',
    isKnown: true,
  };
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === '-C' || word === '--conditions') options.conditions.push(unescapeValue(words[++index] ?? ''));
    else if (word.startsWith('--conditions=')) options.conditions.push(word.slice('--conditions='.length));
    else if (word === '--no-addons') options.addons = false;
    else if (word === '--addons') options.addons = true;
    else if (word === '--preserve-symlinks') options.preserveSymlinks = true;
    else if (word === '--no-preserve-symlinks') options.preserveSymlinks = false;
    else if (UNKNOWN_TERRITORY.test(word)) options.isKnown = false;
  }
  return options;
}

/** A value that begins with a dash has to be given with a backslash before it. */
function unescapeValue(value) {
  return value.startsWith('\\-') ? value.slice(1) : value;
}

/**
 * NODE_OPTIONS as Node found it. An earlier preload may have changed the variable since, so that Linux is asked for the
 * environment that the process was given; a file given by --env-file is not in there, and neither is what a worker got.
 */
function startingNodeOptions() {
  const current = process.env.NODE_OPTIONS ?? '';
  const hasEnvFile = process.execArgv.some((word) => word.startsWith('--env-file'));
  if (process.platform !== 'linux' || !isMainThread || hasEnvFile) return current;
  try {
    const environment = fs.readFileSync('/proc/self/environ', 'utf8').split('\0');
    const entry = environment.find((line) => line.startsWith('NODE_OPTIONS='));
    return entry === undefined ? '' : entry.slice('NODE_OPTIONS='.length);
  } catch {
    // There need not be a /proc; then the variable is all that is known.
    return current;
  }
}

/** Splits as Node does: at spaces, with double quotes, in which a backslash escapes. */
function splitNodeOptions(text) {
  const words = [];
  let word = null;
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    let character = text[index];
    if (character === ' ' && !isQuoted) {
      if (word !== null) words.push(word);
      word = null;
      continue;
    }
    if (character === '"') {
      isQuoted = !isQuoted;
      continue;
    }
    if (character === '\\' && isQuoted) character = text[++index] ?? '';
    word = (word ?? '') + character;
  }
  if (word !== null) words.push(word);
  return words;
}

module.exports = { readNodeOptions, splitNodeOptions };
