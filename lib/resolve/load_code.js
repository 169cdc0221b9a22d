'use strict';

// Runs a text by what V8 made of it in an earlier process, which takes a quarter of the time.

const { basics } = require('./basics.js');

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
 * @param {Buffer | undefined} cachedData What V8 made of it earlier.
 * @returns {{ value: unknown, makeCode: (() => Buffer) | undefined } | undefined} `makeCode`: where V8 had to compile it. Undefined where
 *   somebody has replaced a part of `node:vm`.
 */
function run(text, filename, cachedData) {
  const compiler = takeCompiler();
  if (compiler === undefined) return undefined;
  const { Script, createCachedData, runInThisContext } = compiler;
  const script = new Script(text, { __proto__: null, filename, cachedData });
  const isNew = cachedData === undefined || script.cachedDataRejected === true;
  return {
    value: apply(runInThisContext, script, []),
    makeCode: isNew ? () => apply(createCachedData, script, []) : undefined,
  };
}

module.exports = { run };
