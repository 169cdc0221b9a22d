'use strict';

// Makes functions of the texts that the preload's file has: by what V8 made of them in an earlier process, which takes a quarter of the time,
// or by evaluating them.

const { basics } = require('./basics.js');
const { origin } = require('./origin.js');

const { apply, getBuiltinModule, isNative, ownModule, sourceOf } = basics;

/** The files that they are shown as. */
const FILES = ['register.js', 'early.js', 'imports.js', 'core.js', 'addon.js', 'without-addon.js'];

/** As they are before the program runs. */
let encodePath;
let evaluate;
try {
  ({ encodeURI: encodePath, eval: evaluate } = globalThis);
} catch {
  // Somebody has forbidden them: `node:vm` does it.
}

/** What is compiled with, once that was wanted. */
let compiler;

/** Null where somebody has replaced a part of `node:vm`. */
function takeCompiler() {
  try {
    const { Script } = getBuiltinModule('vm');
    const { createCachedData, runInThisContext } = Script.prototype;
    // `runInThisContext` looks for `runInContext`.
    const isNodes =
      sourceOf(Script).includes('class Script extends ContextifyScript') &&
      sourceOf(runInThisContext).includes('super.runInContext') &&
      isNative(createCachedData, 'createCachedData') &&
      isNative(Object.getPrototypeOf(Script.prototype).runInContext, 'runInContext');
    return isNodes ? { Script, createCachedData, runInThisContext } : null;
  } catch {
    // What is there is not even of the same shape.
    return null;
  }
}

/**
 * @param {string} text
 * @param {string} filename
 * @param {Buffer | undefined} [cachedData] What V8 made of it earlier.
 * @returns {{ value: unknown, makeCode: (() => Buffer) | undefined } | undefined} `makeCode`: where V8 had to compile it. Undefined where
 *   somebody has replaced a part of `node:vm`.
 */
function run(text, filename, cachedData) {
  compiler ??= takeCompiler();
  if (compiler === null) return undefined;
  const { Script, createCachedData, runInThisContext } = compiler;
  const script = new Script(text, { __proto__: null, filename, cachedData });
  const isNew = cachedData === undefined || script.cachedDataRejected === true;
  return {
    value: apply(runInThisContext, script, []),
    makeCode: isNew ? () => apply(createCachedData, script, []) : undefined,
  };
}

/**
 * Where there is a snapshot: makes texts, which lie one behind the other, of V8's code in it, or has V8's code of them go there.
 * @param {number} first The number of the first.
 * @param {string} text An array of them.
 * @param {string} key
 * @param {Buffer | undefined} code What the snapshot has of this key.
 */
function compile(first, text, key, code) {
  const ran = run(text, `${__dirname}/${FILES[first]}`, code);
  if (ran === undefined) return;
  const { value, makeCode } = ran;
  if (makeCode !== undefined) origin.codes = { __proto__: null, key, make: makeCode, next: origin.codes };
  for (let index = 0; index < value.length; index++) origin.made[first + index] = value[index];
}

/** `node:vm` takes 0.2 ms to load, in processes that may not ask for anything. */
function evaluateText(index, part) {
  // Of the first, lines are those of the file.
  const text = index === 0 ? LINES_BEFORE_TEXTS + part : part;
  let value;
  try {
    // A name that has a blank or the end of a line would be none.
    const place = encodePath(__dirname) === __dirname ? __dirname : 'fast-resolve';
    if (isNative(evaluate, 'eval')) value = evaluate(`${text}\n//# sourceURL=${place}/${FILES[index]}`);
  } catch {
    // Whoever started Node lets no text be evaluated.
  }
  value ??= run(text, `${__dirname}/${FILES[index]}`)?.value;
  if (value === undefined) throw new Error('somebody has replaced eval and a part of node:vm');
  return value;
}

/** Runs the function of a text; gives the files that it returns, which those that come later may ask for. */
function runText(make) {
  const files = make(origin.files, require, ownModule, __dirname, __filename);
  for (const name in files) origin.files[name] = files[name];
  return files;
}

module.exports = { compile, evaluateText, runText };
