'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { captured } = require('./captured.js');
const { completeAddon, openAddon } = require('./open_addon.js');
const { openFirst } = require('./open_first.js');
const { origin } = require('./origin.js');
const { searchAddon } = require('./search_addon.js');

const { apply, dlopen, env, nodeProcess } = captured;

const { NAPI_RS_NATIVE_LIBRARY_PATH: named } = env;

let first = origin.native;
let native;
let standIn = null;
/** @type {{ file: string, message: string, error?: Error }[]} */
const failures = [];

/** The addon, or null, with the functions that a program needs which starts again; or what stands in for it. */
function getFirst() {
  if (first === undefined) first = openFirst() ?? search() ?? null;
  return first ?? standIn;
}

/** Has something else give these functions, where there is no addon. */
function useStandIn(given) {
  standIn = given;
}

/** The whole addon, or null. */
function getNative() {
  if (native === undefined) {
    getFirst();
    native = completeAddon(first);
  }
  return native;
}

function search() {
  return named ? load(named) : searchAddon(__dirname, load);
}

function load(file) {
  return openAddon(file, (module, name) => apply(dlopen, nodeProcess, [module, name]), failures);
}

module.exports = { failures, getFirst, getNative, useStandIn };
