'use strict';

// Runs what the preload's file has as texts in comments: V8 goes through a comment much quicker than through code. What V8 made of
// them in an earlier process comes from the snapshot, which takes a quarter of the time.

const { basics } = require('./basics.js');

const { apply, getBuiltinModule, getPrototypeOf, includes, isNative, lastIndexOf, slice, sourceOf, startsWith } =
  basics;

/** The text in the comment that a function is made of. */
function textOf(commented) {
  const text = sourceOf(commented);
  const begin = 'function(){/*';
  if (!startsWith(text, begin)) throw new Error('a loader has rewritten register.js');
  return slice(text, begin.length, lastIndexOf(text, '*/'));
}

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

module.exports = { run, textOf };
