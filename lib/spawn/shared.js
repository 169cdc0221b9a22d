'use strict';

// The seam of this thread. There may be but one, and two bundles have it, each of which may be loaded without the other: the preload,
// which has to be one file, and that of `fast-resolve/spawn`. Who is loaded first leaves his where the other one finds it: with
// Node's class of the handles, which no program has a use for.

const { Process, defineProperty } = require('./taken.js');

/** Of the same version of this package only. */
const KEY = Symbol.for(`fast-resolve/spawn ${typeof PACKAGE_VERSION === 'undefined' ? 'lib' : PACKAGE_VERSION}`);

function share() {
  const seam = { addon: require('./addon.js'), core: require('./core.js') };
  if (Process !== undefined) defineProperty(Process, KEY, { __proto__: null, value: seam });
  return seam;
}

module.exports = Process?.[KEY] ?? share();
