'use strict';

// What the seam needs of Node and of the language, taken when this file is loaded: by the preload, before there is a program that
// could patch any of it. Nothing is asked for but what Node has loaded by itself, and little is done with it, so that it costs next
// to nothing. What runs from the first spawn on uses these, and walks through arrays by index: iterators can be patched, too.

const { AsyncResource, executionAsyncId } = require('node:async_hooks');

const { defineProperty, getPrototypeOf, setPrototypeOf } = Object;
const { apply } = Reflect;
const { dlopen, emitWarning } = process;
const { includes: includesText } = String.prototype;
const { toString: toText } = Function.prototype;
const node = process;

/** Gives Node's bindings by their names. To load `child_process` for what is in them would take longer than all else here. */
const getBinding = findGetBinding();

function findGetBinding() {
  const asked = process.binding;
  if (typeof asked !== 'function') return () => undefined;
  // With --pending-deprecation, there is a function before it that warns the program of what it has not done.
  const inner = getPrototypeOf(asked);
  const own = inner?.name === 'binding' ? inner : asked;
  return (name) => {
    try {
      return apply(own, node, [name]);
    } catch {
      // The permission model forbids it, or there is none of this name.
      return undefined;
    }
  };
}

const binding = getBinding('process_wrap');

const includes = (text, part) => apply(includesText, text, [part]);

/** A function of Node's binding, and not what a tool put there. */
function isNative(value) {
  return typeof value === 'function' && includes(apply(toText, value, []), '[native code]');
}

/** Says to the program's user why children are Node's. */
function tellReason(reason, code) {
  const message = `${reason}\nNode starts child processes as it did before.`;
  apply(emitWarning, node, [message, { __proto__: null, type: 'FastResolveWarning', code }]);
}

const Process = typeof binding?.Process === 'function' ? binding.Process : undefined;
const prototype = Process?.prototype;

module.exports = {
  apply,
  arch: process.arch,
  construct: Reflect.construct,
  defineProperty,
  Failure: Error,
  getBinding,
  getPrototypeOf,
  includes,
  isArray: Array.isArray,
  Numbers: Int32Array,
  parseInt: Number.parseInt,
  Proxy,
  setPrototypeOf,
  split: String.prototype.split,
  TooDeep: RangeError,
  /** The method as a function that takes its `this` first. */
  uncurry: Function.prototype.bind.bind(Function.prototype.call),
  WeakMap,
  weakMap: { get: WeakMap.prototype.get, set: WeakMap.prototype.set },

  AsyncResource,
  asyncResource: {
    asyncId: AsyncResource.prototype.asyncId,
    runInAsyncScope: AsyncResource.prototype.runInAsyncScope,
    triggerAsyncId: AsyncResource.prototype.triggerAsyncId,
  },
  dlopen: (module, file) => apply(dlopen, node, [module, file]),
  executionAsyncId,
  isLinux: process.platform === 'linux',
  // Node forbids threads to abort the process. `node:worker_threads` would say it, too, and takes milliseconds to load.
  isMainThread: process.abort?.disabled !== true,
  isNative,
  isPermissionModelUsed: process.permission !== undefined,
  tellReason,
  versions: process.versions,

  /** Where Node puts options of a spawn into a number, the bits by their names: from version 24 on. */
  flags: binding?.constants,
  /** The class of the handles of children; undefined where there is no way to it. */
  Process,
  /** Its prototype, which has the `spawn` to be replaced. */
  prototype,
  /** A handle to try things with, made when nobody listens to what is made. */
  spare: Process && new Process(),
  /** What stands there before anybody has changed it. */
  nodes: {
    close: prototype?.close,
    getAsyncId: prototype?.getAsyncId,
    hasRef: prototype?.hasRef,
    spawn: prototype?.spawn,
    unref: prototype?.unref,
  },
};
