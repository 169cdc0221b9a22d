'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { findAddon, loadAddon } = require('./addon_places.js');
const { basics } = require('./basics.js');

const { apply, arch, dlopen, env, nodeProcess, path, platform, split } = basics;

const NAMED = env.NAPI_RS_NATIVE_LIBRARY_PATH;

/** This package's directory: the bundle lies one below it, and this file, which tests load by itself, two. */
const parts = split(__dirname, path.sep);
parts.length -= typeof PACKAGE_VERSION === 'undefined' ? 2 : 1;

let native;
/** @type {{ file: string, message: string, error?: Error }[]} */
const failures = [];

/** The addon, or null. */
function getNative() {
  if (native === undefined) native = (NAMED ? load(NAMED) : findAddon(parts, platform, arch, load)) ?? null;
  return native;
}

function load(file) {
  return loadAddon(file, (module, name) => apply(dlopen, nodeProcess, [module, name]), failures);
}

module.exports = { failures, getNative };
