'use strict';

// Loads the addon from where it mostly lies: where somebody has named it, where a checkout has it, and where npm installs it beside this package.
// If it can't be loaded from there, `load_addon.js` looks everywhere, and finds out why.

const { basics } = require('./basics.js');

const { apply, arch, dlopen, env, existsSync, nodeProcess, path, platform } = basics;

/** The bundler puts the version of this package here; files that tests load one by one have none. */
const VERSION = typeof PACKAGE_VERSION === 'undefined' ? undefined : PACKAGE_VERSION;
const { NAPI_RS_NATIVE_LIBRARY_PATH: named } = env;
const root = path.dirname(__dirname);
/** Where other packages of an installation lie beside this one. */
const parent = path.dirname(root);
const isInstalled = parent.endsWith('/node_modules');

/** The addon with what it gives at first (`src/binding/first.rs`), or undefined. */
function openFirst() {
  if (named) return open(named);
  if (platform !== 'linux') return undefined;
  return openFor(`linux-${arch}-gnu`) ?? openFor(`linux-${arch}-musl`);
}

function openFor(name) {
  const file = `fast-resolve.${name}.node`;
  const ofCheckout = `${root}/${file}`;
  if (existsSync(ofCheckout)) return open(ofCheckout);
  const ofPackage = `${parent}/fast-resolve-${name}/${file}`;
  return isInstalled && existsSync(ofPackage) ? open(ofPackage) : undefined;
}

function open(file) {
  const loaded = { __proto__: null, exports: { __proto__: null } };
  try {
    apply(dlopen, nodeProcess, [loaded, file]);
  } catch {
    return undefined;
  }
  const { exports } = loaded;
  return VERSION === undefined || exports.VERSION === VERSION ? exports : undefined;
}

module.exports = { openFirst };
