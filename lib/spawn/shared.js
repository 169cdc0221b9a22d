'use strict';

// The seam of this thread. There may be but one, and two bundles have it, each of which may be loaded without the other: the preload,
// which has to be one file, and that of `fast-resolve/spawn`. Who is loaded first leaves his where the other one finds it: with
// Node's class of the handles, which no program has a use for.

const loadLate = require('./late.js');
const standIn = require('./stand_in.js');
const { Process, defineProperty } = require('./taken.js');

/** Of the same version of this package only. */
const KEY = Symbol.for(`fast-resolve/spawn ${typeof PACKAGE_VERSION === 'undefined' ? 'lib' : PACKAGE_VERSION}`);

standIn.loadLate = loadLate;

if (Process !== undefined && Process[KEY] === undefined) {
  defineProperty(Process, KEY, { __proto__: null, value: standIn });
}

module.exports = Process?.[KEY] ?? standIn;
