'use strict';

// Runs the core, which the preload has as a text in a comment: V8 goes through a comment much quicker than through code, and most
// children of a program have no use for it. What V8 made of it in an earlier process comes from the snapshot, which takes half of
// the time.

const { captured } = require('./captured.js');
const shared = require('./imports.js');
const { createUnavailableError, getNative, isAddonUnwanted } = require('./load_addon.js');

const {
  apply,
  env,
  getBuiltinModule,
  getPrototypeOf,
  includes,
  isNative,
  lastIndexOf,
  ownModule,
  slice,
  sourceOf,
  startsWith,
} = captured;

let compiler;
let parts;

/**
 * What the core is compiled with, as it is now: the first request comes before the program's own code, and `node:vm` costs too much
 * for a process that asks for nothing. Where a program's code has run before, it may have put something else in its place.
 */
function takeCompiler() {
  if (compiler !== undefined) return;
  compiler = null;
  try {
    const { Script } = getBuiltinModule('vm');
    const { createCachedData, runInThisContext } = Script.prototype;
    const { runInContext } = getPrototypeOf(Script.prototype);
    const isNodes =
      includes(sourceOf(Script), 'class Script extends ContextifyScript') &&
      includes(sourceOf(runInThisContext), 'super.runInContext') &&
      isNative(createCachedData, 'createCachedData') &&
      isNative(runInContext, 'runInContext');
    if (isNodes) compiler = { Script, createCachedData, runInContext, runInThisContext };
  } catch {
    // What is there is not even of the same shape.
  }
}

/** @param {{ directory: string, name: string } | undefined} snapshot */
function loadCore(snapshot) {
  if (parts !== undefined) return parts;
  takeCompiler();
  // `runInThisContext` looks for `runInContext` when it is called.
  if (compiler === null || getPrototypeOf(compiler.Script.prototype).runInContext !== compiler.runInContext) {
    throw new Error('somebody has replaced a part of node:vm');
  }
  const native = getNative();
  // Who trusts the snapshot wants nothing looked at.
  const looksAhead = !env.FAST_RESOLVE_TRUST;
  const known = (snapshot && native?.readCode(snapshot.directory, snapshot.name, CORE_KEY, looksAhead)) ?? undefined;
  const { Script, createCachedData, runInThisContext } = compiler;
  const filename = `${__dirname}/core.js`;
  const text = sourceOf(CORE_TEXT);
  const begin = 'function(){/*';
  if (!startsWith(text, begin)) throw new Error('a loader has rewritten register.js');
  const script = new Script(slice(text, begin.length, lastIndexOf(text, '*/')), {
    __proto__: null,
    filename,
    cachedData: known,
  });
  const isNew = known === undefined || script.cachedDataRejected === true;
  const run = apply(runInThisContext, script, []);
  const given = {
    captured,
    imports: shared,
    addon: { createUnavailableError, getNative, isAddonUnwanted },
    directoryOfSnapshot: known && snapshot.directory,
    code: isNew ? { key: CORE_KEY, make: () => apply(createCachedData, script, []) } : undefined,
  };
  ({ parts } = run(given, require, ownModule, __dirname, filename));
  return parts;
}

module.exports = { loadCore, takeCompiler };
