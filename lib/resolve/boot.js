'use strict';

// What `dist/register.js` is. What the preload does lies in it as texts. Where an earlier process has left a snapshot of this program, two of
// them are run at once, from what V8 made of them in that process: the preload, and what gives the snapshot's answers. Elsewhere the
// preload runs alone.

const { basics } = require('./basics.js');
const { findSnapshot } = require('./find_snapshot.js');
const load_addon = require('./load_addon.js');
const { origin } = require('./origin.js');
const { giveFiles, openSnapshot, takeTexts, texts } = require('./texts.js');

const { env, nodeProcess, ownModule, warn } = basics;
// Node's permission model lets nothing be loaded that is not allowed to be read.
const isWanted = env.FAST_RESOLVE !== '0' && nodeProcess.permission === undefined;

function boot() {
  takeTexts();
  giveFiles({ __proto__: null, basics: { basics }, load_addon, origin: { origin }, texts: { texts } });
  if (isWanted) origin.snapshot = findSnapshot();
  const isOpen = origin.snapshot !== undefined && openSnapshot();
  if (isOpen) texts.compileEarly();
  texts.loadPreload().register(isWanted, isOpen);
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
