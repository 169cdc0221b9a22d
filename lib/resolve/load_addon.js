'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { describeFailures, findAddon, loadAddon } = require('./addon_places.js');
const { captured } = require('./captured.js');

const { apply, arch, dlopen, env, includes, nodeProcess, path, platform, split } = captured;

const NAMED = env.NAPI_RS_NATIVE_LIBRARY_PATH;

/** This package's directory: the bundle lies one below it, and this file, which tests load by itself, two. */
const parts = split(__dirname, path.sep);
parts.length -= typeof PACKAGE_VERSION === 'undefined' ? 2 : 1;

let native;
const failures = [];

/** The addon, or null. */
function getNative() {
  if (native === undefined) native = (NAMED ? load(NAMED) : findAddon(parts, platform, arch, load)) ?? null;
  return native;
}

function load(file) {
  return loadAddon(file, (module, name) => apply(dlopen, nodeProcess, [module, name]), failures);
}

/** Whether nobody misses the addon: whoever started Node has turned addons off, or this is Windows, which is left to Node. */
function isAddonUnwanted() {
  return platform === 'win32' || failures[0]?.error?.code === 'ERR_DLOPEN_DISABLED';
}

/** Why there is no addon, as an error for those who can't do without. */
function createUnavailableError() {
  const error = new Error(describeFailures(failures, platform, arch, includes), { cause: failures[0]?.error });
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  return error;
}

module.exports = { createUnavailableError, getNative, isAddonUnwanted };
