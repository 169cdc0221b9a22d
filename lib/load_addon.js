'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { findAddon, listAddonNames } = require('./addon_places.js');
const { captured } = require('./captured.js');

const { apply, arch, dlopen, env, nodeProcess, path, platform, split } = captured;

const NAMED = env.NAPI_RS_NATIVE_LIBRARY_PATH;

/** This package's directory: this file's lies in it. */
const parts = split(__dirname, path.sep);
parts.length--;

let native;
const failures = [];

/** The addon, or null. */
function getNative() {
  if (native === undefined) native = (NAMED ? load(NAMED) : findAddon(parts, platform, arch, load)) ?? null;
  return native;
}

function load(file) {
  const loaded = { exports: {} };
  try {
    apply(dlopen, nodeProcess, [loaded, file]);
    return loaded.exports;
  } catch (error) {
    failures[failures.length] = error;
    return undefined;
  }
}

/** Whether whoever started Node has turned addons off. */
function isAddonUnwanted() {
  return failures[0]?.code === 'ERR_DLOPEN_DISABLED';
}

/** Why there is no addon, as an error for those who can't do without. */
function createUnavailableError() {
  const attempts = [...new Set(failures.map((failure) => failure.message.split('\n', 1)[0]))];
  const [name] = listAddonNames(platform, arch);
  const origin = `It comes with fast-resolve-${name}; a checkout has it after \`npm run build\`.`;
  const error = new Error(`The addon of fast-resolve can't be loaded. ${origin} Tried:\n- ${attempts.join('\n- ')}`, {
    cause: failures[0],
  });
  error.code = 'FAST_RESOLVE_ADDON_UNAVAILABLE';
  return error;
}

module.exports = { createUnavailableError, getNative, isAddonUnwanted };
