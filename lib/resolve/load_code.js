'use strict';

// Runs a text by what V8 made of it in an earlier process, which comes from the snapshot: that takes a quarter of the time.

const { basics } = require('./basics.js');
const { getNative } = require('./load_addon.js');
const { origin } = require('./origin.js');

const { apply, getBuiltinModule, getPrototypeOf, includes, isNative, sourceOf } = basics;

/** What is compiled with; undefined where somebody has replaced a part of `node:vm`. */
function takeCompiler() {
  try {
    const { Script } = getBuiltinModule('vm');
    const { createCachedData, runInThisContext } = Script.prototype;
    // `runInThisContext` looks for `runInContext`.
    const isNodes =
      includes(sourceOf(Script), 'class Script extends ContextifyScript') &&
      includes(sourceOf(runInThisContext), 'super.runInContext') &&
      isNative(createCachedData, 'createCachedData') &&
      isNative(getPrototypeOf(Script.prototype).runInContext, 'runInContext');
    return isNodes ? { Script, createCachedData, runInThisContext } : undefined;
  } catch {
    // What is there is not even of the same shape.
    return undefined;
  }
}

/**
 * @param {string} text
 * @param {string} filename
 * @param {string} key By which V8's code of it is kept.
 * @returns {unknown} What it evaluates to. Undefined where somebody has replaced a part of `node:vm`.
 */
function compile(text, filename, key) {
  const { directory, name } = origin.snapshot;
  const compiler = takeCompiler();
  const native = getNative();
  if (compiler === undefined || native === null) return undefined;
  const { Script, createCachedData, runInThisContext } = compiler;
  const cachedData = native.readCode(directory, name, key) ?? undefined;
  const script = new Script(text, { __proto__: null, filename, cachedData });
  if (cachedData === undefined || script.cachedDataRejected === true) {
    origin.code = { key, make: () => apply(createCachedData, script, []) };
  }
  return apply(runInThisContext, script, []);
}

module.exports = { compile };
