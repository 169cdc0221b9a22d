'use strict';

// What `dist/register.js` is. The preload and the core lie in it as texts. Where an earlier process has left a snapshot of this program,
// the program will ask for many modules: both are run at once, from what V8 made of them in that process. Elsewhere the preload runs
// alone, and the core when it is wanted.

const { basics } = require('./basics.js');
const { findSnapshot } = require('./find_snapshot.js');
const addon = require('./load_addon.js');
const code = require('./load_code.js');

const { env, nodeProcess, ownModule, slice, warn } = basics;
// biome-ignore lint/security/noGlobalEval: `node:vm` takes 0.2 ms to load, in processes that may not ask for anything.
const evaluate = eval;

// Node's permission model lets nothing be loaded that is not allowed to be read.
const isWanted = env.FAST_RESOLVE !== '0' && nodeProcess.permission === undefined;
/** `[preload,core]`: two functions. */
let text;
let preload;
let core;
/** For the core: where the snapshot is, and how to get at the code where it had to be compiled. */
let origin;

function evaluateBoth({ directory, name }) {
  // Who trusts the snapshot wants nothing looked at.
  const known = addon.getNative()?.readCode(directory, name, KEY_OF_TEXTS, !env.FAST_RESOLVE_TRUST) ?? undefined;
  const { value, makeCode } = code.run(text, `${__dirname}/core.js`, known);
  preload = value[0];
  core = value[1];
  origin = {
    directoryOfSnapshot: known && directory,
    code: makeCode && { key: KEY_OF_TEXTS, make: makeCode },
  };
}

/** A function of the texts, where there is no snapshot. */
function evaluateText(begin, end, name) {
  const part = slice(text, begin, end);
  try {
    // It has no blank and no end of a line.
    const place = encodeURI(__dirname) === __dirname ? __dirname : 'fast-resolve';
    return evaluate(`${part}\n//# sourceURL=${place}/${name}.js`);
  } catch {
    // Whoever started Node lets no text be evaluated.
    return code.run(part, `${__dirname}/${name}.js`).value;
  }
}

/** Runs the core with what the preload has for it. */
function runCore(given) {
  core ??= evaluateText(LENGTH_OF_PRELOAD + 2, -1, 'core');
  return core({ ...given, ...origin }, require, ownModule, __dirname, __filename);
}

function boot() {
  text = code.textOf(TEXTS);
  const snapshot = isWanted ? findSnapshot() : undefined;
  try {
    if (snapshot !== undefined) evaluateBoth(snapshot);
  } catch {
    // Somebody has replaced a part of `node:vm`. It works without.
  }
  const hasSnapshot = core !== undefined;
  preload ??= evaluateText(1, LENGTH_OF_PRELOAD + 1, 'register');
  preload({ basics, addon, isWanted, hasSnapshot, runCore }, require, ownModule, __dirname, __filename);
}

/** Without the preload: the core, for others of the package, and Node resolves. */
function giveUp(error) {
  ownModule.exports = {
    get parts() {
      return require(`${__dirname}/core.js`).parts;
    },
    told: { __proto__: null, ofAddon: false },
  };
  warn(`fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`, 'FAST_RESOLVE_FAILED');
}

try {
  boot();
} catch (error) {
  giveUp(error);
}
