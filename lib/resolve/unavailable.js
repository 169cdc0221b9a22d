'use strict';

// What is said where the addon can't be had.

const { describeFailures } = require('./addon_failures.js');
const { captured } = require('./captured.js');
const { failures } = require('./load_addon.js');

const { arch, includes, platform, told, warn } = captured;

/** Whether nobody misses the addon: whoever started Node has turned addons off, or this is Windows, for which there is none. */
function isAddonUnwanted() {
  return platform === 'win32' || failures[0]?.error?.code === 'ERR_DLOPEN_DISABLED';
}

/** Why there is no addon, as an error for those who can't do without. */
function createUnavailableError() {
  const error = new Error(describeFailures(failures, platform, arch, includes), { cause: failures[0]?.error });
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  return error;
}

/** Says so once in a thread, where Node does what the addon would have done. */
function warnOfAddon() {
  if (told.ofAddon || isAddonUnwanted()) return;
  told.ofAddon = true;
  const { code, message } = createUnavailableError();
  warn(`${message}\nNode resolves.`, code);
}

module.exports = { createUnavailableError, warnOfAddon };
