'use strict';

// Compiles what the preload has as text, as Node compiles a module, with what there is for that before the program runs.

const { apply } = require('./taken.js');

/** In the bundle, `module` is that of a part; the bundle's own has another name (scripts/bundle.mjs). */
const ownModule = typeof bundleModule === 'undefined' ? module : bundleModule;
// Under a policy, Node gives a module no constructor; then children are Node's.
const prototype = (ownModule.constructor ?? require('node:module')).prototype;
const { _compile } = prototype;

/**
 * What the text exports.
 * @param {string} name That of the file with this text, for stack traces; it is not read.
 * @param {object} early The parts that the text asks for instead of having them twice.
 */
function compile(text, name, early) {
  const file = `${__dirname}/${name}`;
  const late = { __proto__: prototype, id: file, filename: file, exports: {}, children: [], paths: [], early };
  apply(_compile, late, [text, file]);
  return late.exports;
}

module.exports = compile;
