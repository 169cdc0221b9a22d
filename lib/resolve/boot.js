'use strict';

// What `dist/register.js` begins with. All else lies in it as texts, in a comment: V8 goes through that in no time, and takes 40 µs for each
// KB of this, whether it runs or not. Where an earlier process has left a snapshot of this program, the first of the texts are made of V8's code
// in it; elsewhere the preload's is evaluated. What is called here is what there is before the program runs.

const { basics } = require('./basics.js');
const { findSnapshot } = require('./find_snapshot.js');
const load_code = require('./load_code.js');
const { openFirst } = require('./open_first.js');
const { origin } = require('./origin.js');
const { started } = require('./program.js');

const { env, nodeProcess, ownModule, sourceOf } = basics;

/** Where each begins and ends. */
const PLACES = PLACES_OF_TEXTS;
const PRELOAD = 0;
const IMPORTS = 2;

function boot() {
  const source = sourceOf(TEXTS);
  const begin = 'function(){/*[';
  if (!source.startsWith(begin)) throw new Error('a loader has rewritten register.js');
  const text = source.slice(begin.length - 1, source.lastIndexOf('*/'));
  origin.text = text;
  origin.places = PLACES;
  origin.files = {
    __proto__: null,
    basics: { basics },
    load_code,
    open_first: { openFirst },
    origin: { origin },
    program: { started },
  };
  // Node's permission model lets nothing be loaded that is not allowed to be read.
  const isWanted = env.FAST_RESOLVE !== '0' && nodeProcess.permission === undefined;
  const code = isWanted && openSnapshot(KEY_OF_EARLY);
  const isOpen = code !== false;
  if (isOpen) {
    load_code.compile(PRELOAD, text.slice(0, PLACES[IMPORTS][1] + 1), KEY_OF_EARLY, code === true ? undefined : code);
  }
  const make = origin.made[PRELOAD] ?? load_code.evaluateText(PRELOAD, text.slice(1, PLACES[PRELOAD][1]));
  load_code.runText(make).register.register(isWanted, isOpen);
}

/** Opens the snapshot of this program; whether there is one that can be used, or what that has of V8's code. */
function openSnapshot(key) {
  origin.snapshot = findSnapshot();
  if (origin.snapshot === undefined) return false;
  origin.native = openFirst();
  const { directory, name } = origin.snapshot;
  // Who trusts the snapshot wants nothing looked at.
  return origin.native?.openSnapshot(directory, name, !env.FAST_RESOLVE_TRUST, key) ?? false;
}

/** Without the preload: the core, for others of the package, and Node resolves. */
function giveUp(error) {
  ownModule.exports = {
    get parts() {
      return require(`${__dirname}/core.js`).parts;
    },
    told: { __proto__: null, ofAddon: false },
  };
  const message = `fast-resolve could not be loaded; Node resolves. ${error?.stack ?? error}`;
  try {
    nodeProcess.emitWarning(message, { type: 'FastResolveWarning', code: 'FAST_RESOLVE_FAILED' });
  } catch {
    // The program goes on as it would without us.
  }
}

try {
  boot();
} catch (error) {
  giveUp(error);
}
