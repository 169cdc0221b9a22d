'use strict';

// What the preload needs of Node before anything else, as it is when this file is loaded: before the program runs, and can replace
// anything.

/** In the bundle, `module` is that of a part; the bundle's own has another name (scripts/bundle.mjs). */
const ownModule = typeof bundleModule === 'undefined' ? module : bundleModule;
const nodeProcess = process;
const { arch, dlopen, emitWarning, env, platform } = process;
// Asked for by `require`, Node would first prepare these for ES modules, which takes longer than all that is done with them on the
// way to the hook.
const getBuiltinModule = process.getBuiltinModule ?? require;
const fs = getBuiltinModule('fs');
const path = getBuiltinModule('path');
const { existsSync } = fs;
const { apply } = Reflect;
const { getPrototypeOf } = Object;
const { bind, call, toString: functionToString } = Function.prototype;
const encode = encodeURIComponent;
/** Makes a function of a method, which takes what it is called on first. */
const uncurry = apply(bind, bind, [call]);
const includes = uncurry(String.prototype.includes);
const lastIndexOf = uncurry(String.prototype.lastIndexOf);
const slice = uncurry(String.prototype.slice);
const split = uncurry(String.prototype.split);
const startsWith = uncurry(String.prototype.startsWith);

const execArgv = [...process.execArgv];
/** The program that is run, as Node made a path of it. */
let program = typeof process.argv[1] === 'string' ? process.argv[1] : undefined;
/** What a snapshot belongs to: how the program is started, and the program. Of a long text, the end is the name of the file. */
let snapshotOf = `${execArgv.join(' ')} ${program ?? ''} ${process.version}`;

function describeProgram() {
  return { program, snapshotOf };
}

/** A worker of a pool shares the snapshot of its parent. */
function setProgram(ofParent) {
  ({ program, snapshotOf } = ofParent);
}

/** The text of a function. */
const sourceOf = (value) => (typeof value === 'function' ? apply(functionToString, value, []) : '');

/** A function of Node's binding itself; one that was bound has lost its name. */
function isNative(value, name) {
  return sourceOf(value) === `function ${name}() { [native code] }`;
}

/** Says that something went wrong, if the program leaves a way to say it. */
function warn(message, code) {
  try {
    apply(emitWarning, nodeProcess, [message, { __proto__: null, type: 'FastResolveWarning', code }]);
  } catch {
    // The program goes on as it would without us.
  }
}

/** One object: each file takes from it what it needs. */
const basics = {
  apply,
  arch,
  describeProgram,
  dlopen,
  encode,
  env,
  execArgv,
  existsSync,
  fs,
  getBuiltinModule,
  getPrototypeOf,
  includes,
  isNative,
  lastIndexOf,
  nodeProcess,
  ownModule,
  path,
  platform,
  setProgram,
  slice,
  sourceOf,
  split,
  startsWith,
  uncurry,
  warn,
};

module.exports = { basics };
