'use strict';

// What the preload needs of Node before anything else, as it is when this file is loaded: before the program runs, and can replace
// anything.

/** In the bundle, `module` is that of a part; the bundle's own has another name (scripts/bundle.mjs). */
const ownModule = typeof bundleModule === 'undefined' ? module : bundleModule;
const nodeProcess = process;
const { arch, dlopen, env, platform } = process;
// Asked for by `require`, Node would first prepare these for ES modules, which takes longer than all that is done with them on the
// way to the hook.
const getBuiltinModule = process.getBuiltinModule ?? require;
const fs = getBuiltinModule('fs');
const path = getBuiltinModule('path');
const { existsSync } = fs;
const { apply } = Reflect;
const { toString: functionToString } = Function.prototype;

/** The text of a function. */
const sourceOf = (value) => (typeof value === 'function' ? apply(functionToString, value, []) : '');

/** A function of Node's binding itself; one that was bound has lost its name. */
function isNative(value, name) {
  return sourceOf(value) === `function ${name}() { [native code] }`;
}

/** One object: each file takes from it what it needs. */
const basics = {
  __proto__: null,
  apply,
  arch,
  dlopen,
  env,
  existsSync,
  fs,
  getBuiltinModule,
  isNative,
  nodeProcess,
  ownModule,
  path,
  platform,
  sourceOf,
};

module.exports = { basics };
