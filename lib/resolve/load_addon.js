'use strict';

// Loads the addon when it is first wanted, by what was there when this file was loaded: a program may have replaced anything by
// then. Remembers why it could not be loaded.

const { basics } = require('./basics.js');
const { completeAddon, openAddon } = require('./open_addon.js');
const { searchAddon } = require('./search_addon.js');

const { apply, arch, dlopen, env, existsSync, nodeProcess, path, platform } = basics;

const { NAPI_RS_NATIVE_LIBRARY_PATH: named } = env;

let first;
let native;
/** @type {{ file: string, message: string, error?: Error }[]} */
const failures = [];

/** The addon, or null, with the functions that a program needs which starts again. */
function getFirst() {
  if (first === undefined) first = findAtOnce() ?? search() ?? null;
  return first;
}

/** The whole addon, or null. */
function getNative() {
  if (native === undefined) native = completeAddon(getFirst());
  return native;
}

function search() {
  failures.length = 0;
  return named ? load(named) : searchAddon(__dirname, load);
}

/** Where a checkout has it, and where npm installs it beside this package, for the most frequent platform; wherever else it is takes longer. */
function findAtOnce() {
  if (named || platform !== 'linux') return undefined;
  const name = `linux-${arch}-gnu`;
  const root = path.dirname(__dirname);
  const ofCheckout = `${root}/fast-resolve.${name}.node`;
  if (existsSync(ofCheckout)) return load(ofCheckout);
  const ofPackage = `${root}-${name}/fast-resolve.${name}.node`;
  return existsSync(ofPackage) ? load(ofPackage) : undefined;
}

function load(file) {
  return openAddon(file, (module, name) => apply(dlopen, nodeProcess, [module, name]), failures);
}

module.exports = { failures, getFirst, getNative };
