'use strict';

// What `dist/register.js` is. The preload and the core lie in it as texts. Where an earlier process has left a snapshot of this program,
// the program will ask for many modules: both are run at once, from what V8 made of them in that process. Elsewhere the preload runs
// alone, and the core when it is wanted.

const { basics } = require('./basics.js');
const { findSnapshot } = require('./find_snapshot.js');
const addon = require('./load_addon.js');
const code = require('./load_code.js');

const { env, isNative, nodeProcess, ownModule, slice, warn } = basics;
// Node's permission model lets nothing be loaded that is not allowed to be read.
const isWanted = env.FAST_RESOLVE !== '0' && nodeProcess.permission === undefined;
/** As they are before the program runs. */
let encodePath;
let evaluate;
/** `[preload,core]`: two functions. */
let text;
let preload;
let core;
/** For the core: where the snapshot is, and how to get at the code where it had to be compiled. */
let origin;

function evaluateBoth({ directory, name }) {
  // Who trusts the snapshot wants nothing looked at.
  const known = addon.getNative()?.readCode(directory, name, KEY_OF_TEXTS, !env.FAST_RESOLVE_TRUST) ?? undefined;
  const ran = code.run(text, `${__dirname}/core.js`, known);
  if (ran === undefined) return;
  const { value, makeCode } = ran;
  preload = value[0];
  core = value[1];
  origin = {
    directoryOfSnapshot: known && directory,
    code: makeCode && { key: KEY_OF_TEXTS, make: makeCode },
  };
}

/**
 * A function of the texts, where there is no snapshot. `node:vm` takes 0.2 ms to load, in processes that may not ask for anything.
 * @param {string} name The file that stands in stack traces.
 * @param {string} before What stands before the text in that file, as far as lines go.
 */
function evaluateText(begin, end, name, before) {
  const part = `${before}${slice(text, begin, end)}`;
  let value;
  try {
    // A name that has a blank or the end of a line would be none.
    const place = encodePath(__dirname) === __dirname ? __dirname : 'fast-resolve';
    if (isNative(evaluate, 'eval')) value = evaluate(`${part}\n//# sourceURL=${place}/${name}`);
  } catch {
    // Whoever started Node lets no text be evaluated.
  }
  value ??= code.run(part, `${__dirname}/${name}`)?.value;
  if (value === undefined) throw new Error('somebody has replaced eval and a part of node:vm');
  return value;
}

/** Runs the core with what the preload has for it. */
function runCore(given) {
  core ??= evaluateText(LENGTH_OF_PRELOAD + 2, -1, 'core.js', '');
  return core({ __proto__: null, ...given, ...origin, addon }, require, ownModule, __dirname, __filename);
}

function boot() {
  try {
    ({ encodeURI: encodePath, eval: evaluate } = globalThis);
  } catch {
    // Somebody has forbidden them: `node:vm` does it.
  }
  text = code.textOf(TEXTS);
  const snapshot = isWanted ? findSnapshot() : undefined;
  if (snapshot !== undefined) evaluateBoth(snapshot);
  const hasSnapshot = core !== undefined;
  preload ??= evaluateText(1, LENGTH_OF_PRELOAD + 1, 'register.js', LINES_BEFORE_TEXTS);
  const given = { __proto__: null, basics, isWanted, hasSnapshot, runCore };
  preload(given, require, ownModule, __dirname, __filename);
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
