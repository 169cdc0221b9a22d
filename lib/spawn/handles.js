'use strict';

// Handles of children that the addon started. Node's own handle stays what Node's JavaScript holds, with another prototype
// for the methods that libuv can't answer: libuv does not know of the child.

const { AsyncLocalStorage, AsyncResource, executionAsyncId } = require('node:async_hooks');
const { ChildProcess } = require('node:child_process');
const os = require('node:os');
// Not the global one, which tests replace by a clock of their own.
const { setImmediate } = require('node:timers');
const { isMainThread } = require('node:worker_threads');

const { native } = require('../addon.js');

/** That of the handles, which has the `spawn` to be replaced. */
const Process = Object.getPrototypeOf(new ChildProcess()._handle);
const nodes = { close: Process.close, ref: Process.ref, spawn: Process.spawn, unref: Process.unref };

const UV_EINVAL = -os.constants.errno.EINVAL;
/** No stream has this descriptor: libuv gives up before it has done anything but set the handle up. */
const IMPOSSIBLE_STDIO = [{ type: 'fd', fd: -1 }];
const takesOptions = Number.parseInt(process.versions.node, 10) < 24;

/**
 * From libuv 1.52 on, a handle whose set-up fails is taken off the loop's list at once, and once more when it is closed: by then
 * its neighbours on the list may be gone, so that this writes to memory that is somebody else's. There it is closed at once,
 * and put back on the list.
 */
const [uvMajor, uvMinor] = process.versions.uv.split('.').map(Number);
const closesAtOnce = uvMajor > 1 || uvMinor >= 52;

const { runInAsyncScope } = AsyncResource.prototype;

/** What an AsyncResource keeps its ids under, if a handle can be one (to Node's own code it is); null if not. Asked once. */
let idSymbols;

function getIdSymbols() {
  if (idSymbols === undefined) idSymbols = findIdSymbols() ?? null;
  return idSymbols;
}

function findIdSymbols() {
  // A handle that is closed at once loses its id.
  if (closesAtOnce) return undefined;
  const all = Object.getOwnPropertySymbols(new AsyncResource('fast-resolve'));
  const find = (name) => all.find(({ description }) => description === name);
  const [id, triggerId, frame] = ['async_id_symbol', 'trigger_async_id_symbol', 'context_frame'].map(find);
  if (id === undefined || triggerId === undefined || (frame !== undefined && areFramesUsed(frame))) return undefined;
  return { id, triggerId };
}

/** Whether AsyncLocalStorage keeps its values in frames, and not with resources. */
function areFramesUsed(frame) {
  const storage = new AsyncLocalStorage();
  const resource = storage.run(0, () => new AsyncResource('fast-resolve'));
  // What a storage in use turns on slows every promise of the program.
  storage.disable();
  return resource[frame] !== undefined;
}

/** The asynchronous resource of a child: the handle itself where it can be, with its ids found where those of others are. */
function resourceFor(handle) {
  const symbols = getIdSymbols();
  if (symbols === null) return new AsyncResource('PROCESSWRAP');
  Object.defineProperty(handle, symbols.id, { value: handle.getAsyncId() });
  Object.defineProperty(handle, symbols.triggerId, { value: executionAsyncId() });
  return handle;
}

/**
 * Has libuv set up a handle, without a child. From then on Node treats it as that of any child: it can be closed, and
 * freed. (One that was never set up is never freed.)
 */
function setUp(handle) {
  const error = takesOptions
    ? nodes.spawn.call(handle, { file: '-', args: [], envPairs: [], stdio: IMPOSSIBLE_STDIO })
    : nodes.spawn.call(handle, '-', [], undefined, [], IMPOSSIBLE_STDIO, 0, undefined, undefined);
  if (error !== UV_EINVAL) return false;
  if (!closesAtOnce) return true;
  nodes.close.call(handle);
  return native.relinkClosingProcess();
}

/** Whether handles of this Node can be set up so, tried once. */
let canSetUp;

function canBeUsed() {
  if (canSetUp === undefined) {
    canSetUp = false;
    if (!isNative(nodes.spawn) || (closesAtOnce && !native.canRelink())) return false;
    const handle = new ChildProcess()._handle;
    canSetUp = setUp(handle) && (closesAtOnce || (typeof handle.hasRef === 'function' && handle.hasRef()));
    handle.close();
  }
  return canSetUp;
}

/** A function of Node's binding, and not what a tool put there. */
function isNative(value) {
  return typeof value === 'function' && Function.prototype.toString.call(value).includes('[native code]');
}

const signalNames = new Map();
for (const [name, number] of Object.entries(os.constants.signals)) {
  if (!signalNames.has(number)) signalNames.set(number, name);
}

/** By handle: the id of its child, whether it keeps the thread alive, what was told and closed, and where its end is told. */
const states = new WeakMap();
/** Those whose ends are to be told, by the ids of their children. */
const living = new Map();
let children = null;
let nextId = 1;
let referenced = 0;

/** The addon's view of the children of this thread; null if there can be none (no more descriptors, say). */
function getChildren() {
  if (children === null) {
    try {
      children = new native.Children(onExit, !isMainThread);
    } catch {
      return null;
    }
  }
  return children;
}

/** An id for the next child. */
function takeId() {
  const id = nextId;
  nextId = nextId === 0x7fffffff ? 1 : nextId + 1;
  return id;
}

/** Makes a handle that was set up that of a child. */
function adopt(handle, id) {
  const state = { id, isReferenced: false, isOver: false, isClosed: false, resource: resourceFor(handle) };
  Object.setPrototypeOf(handle, closesAtOnce ? closedHandle : childHandle);
  states.set(handle, state);
  living.set(id, handle);
  reference(state);
  return state;
}

/** In place of Node's methods. The others are Node's, which know a handle that was set up, and not closed. */
const childHandle = {
  __proto__: Process,
  close(callback) {
    const state = states.get(this);
    if (!state.isOver) {
      // Nobody wants to hear of the child any more; it is waited for even so.
      over(state);
      children.forget(state.id);
    }
    if (state.isClosed) return;
    state.isClosed = true;
    closeNodes(this, state.resource, callback);
  },
  kill(signal) {
    return children.kill(states.get(this).id, signal);
  },
  ref() {
    nodes.ref.call(this);
    reference(states.get(this));
  },
  unref() {
    nodes.unref.call(this);
    unreference(states.get(this));
  },
};

/** Where libuv's part is closed already: Node's methods do nothing there, and know nothing. */
const closedHandle = {
  __proto__: childHandle,
  getAsyncId() {
    return states.get(this).resource.asyncId();
  },
  hasRef() {
    return states.get(this).isReferenced;
  },
};

/** Closes libuv's part, and calls back when that is done. */
function closeNodes(handle, resource, callback) {
  if (!closesAtOnce) nodes.close.call(handle, callback);
  else if (typeof callback === 'function') setImmediate(() => resource.runInAsyncScope(callback, handle));
}

function reference(state) {
  if (state.isReferenced || state.isOver) return;
  state.isReferenced = true;
  referenced++;
  if (referenced === 1) children.keepAlive(true);
}

function unreference(state) {
  if (!state.isReferenced) return;
  state.isReferenced = false;
  referenced--;
  if (referenced === 0) children.keepAlive(false);
}

function over(state) {
  living.delete(state.id);
  unreference(state);
  state.isOver = true;
}

/** The addon tells the end of a child: when Node tells it, at the end of the turn of the loop that has found it. */
function onExit(id, code, signal, errno) {
  const handle = living.get(id);
  // Closed by somebody in the meantime.
  if (handle === undefined) return;
  const state = states.get(handle);
  over(state);
  runInAsyncScope.call(state.resource, tellExit, undefined, handle, code, signal, errno);
}

function tellExit(handle, code, signal, errno) {
  if (errno !== 0) handle.onexit(-errno, '');
  else if (signal !== 0) handle.onexit(0, signalNames.get(signal) ?? '');
  else handle.onexit(code, '');
}

module.exports = { Process, adopt, canBeUsed, getChildren, isNative, nodesSpawn: nodes.spawn, setUp, states, takeId };
