'use strict';

// What the running Node was started with, and whether it resolves as its documentation says.

const { captured } = require('./captured.js');
const { tellStart } = require('./tell_start.js');
const { getNative } = require('./load_addon.js');

const { env, nodeProcess } = captured;

const NO_ADDON = 'the addon is missing';

let nodeOptions;
let reasonToStepAside;

/** @returns {import('../../target/binding.js').JsStartOptions} */
function getNodeOptions() {
  if (nodeOptions === undefined) {
    tellStart();
    nodeOptions = getNative().startOptions();
  }
  return nodeOptions;
}

/** The conditions that hold for `require`, besides `default`. */
function getConditions() {
  return getNodeOptions().requireConditions;
}

/** The conditions that hold for `import`, besides `default`. */
function getImportConditions() {
  return getNodeOptions().importConditions;
}

/** Why resolution in this process is not what Node's documentation describes; null if it is. Found out once. */
function whyUnknownTerritory() {
  if (reasonToStepAside === undefined) reasonToStepAside = findReason();
  return reasonToStepAside;
}

function findReason() {
  if (nodeProcess.platform === 'win32') return 'Windows is left to Node';
  if (nodeProcess.permission !== undefined) return "Node's permission model is on";
  if (nodeProcess.versions?.pnp !== undefined) return 'Yarn PnP resolves';
  if (env.WATCH_REPORT_DEPENDENCIES) return 'Node watches what is loaded';
  if (env.NODE_DEBUG && /\bmodule\b/i.test(env.NODE_DEBUG)) return 'NODE_DEBUG tells what is resolved';
  if (getNative() === null) return NO_ADDON;
  if (!getNative().isSupported()) return 'this platform has no implementation';
  if (!getNodeOptions().isKnown)
    return 'Node was started with options that are not known, or that change how it resolves';
  return null;
}

/** Whether resolution in this process is what Node's documentation describes. */
function isKnownTerritory() {
  return reasonToStepAside === null || whyUnknownTerritory() === null;
}

/** Whether Node resolves for no other reason than that there is no addon. */
function isAddonMissing() {
  return whyUnknownTerritory() === NO_ADDON;
}

module.exports = {
  getConditions,
  getImportConditions,
  getNodeOptions,
  isAddonMissing,
  isKnownTerritory,
  whyUnknownTerritory,
};
