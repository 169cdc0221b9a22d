'use strict';

// Loads the addon from where it mostly lies on the most frequent platform: where a checkout has it, and where npm installs it beside this
// package. If it can't be loaded from there, `load_addon.js` looks everywhere, and finds out why.

const { basics } = require('./basics.js');

const { apply, arch, dlopen, env, existsSync, nodeProcess, path, platform } = basics;

/** The bundler puts the version of this package here; files that tests load one by one have none. */
const VERSION = typeof PACKAGE_VERSION === 'undefined' ? undefined : PACKAGE_VERSION;
const { NAPI_RS_NATIVE_LIBRARY_PATH: named } = env;
const root = path.dirname(__dirname);

/** The addon with what it gives at first (`src/binding/first.rs`), or undefined. */
function openFirst() {
  if (named || platform !== 'linux') return undefined;
  const name = `linux-${arch}-gnu`;
  const end = `/fast-resolve.${name}.node`;
  const ofCheckout = root + end;
  const file = existsSync(ofCheckout) ? ofCheckout : `${root}-${name}${end}`;
  if (file !== ofCheckout && !existsSync(file)) return undefined;
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
