'use strict';

// Handles of children that the addon started. Node's own handle stays what Node's JavaScript holds, with another prototype
// for the methods that libuv can't answer: libuv does not know of the child.

const { getNative } = require('./addon.js');
const taken = require('./taken.js');

const { apply, AsyncResource, defineProperty, executionAsyncId, prototype, setPrototypeOf, uncurry } = taken;

const close = uncurry(taken.nodes.close);
const getAsyncId = uncurry(taken.nodes.getAsyncId);
const hasRef = uncurry(taken.nodes.hasRef);
const spawn = uncurry(taken.nodes.spawn);
const unref = uncurry(taken.nodes.unref);
const asyncId = uncurry(taken.asyncResource.asyncId);
const runInAsyncScope = uncurry(taken.asyncResource.runInAsyncScope);

const UV_EINVAL = -22;
/** No stream has this descriptor: libuv gives up before it has done anything but set the handle up. */
const IMPOSSIBLE_STDIO = [{ __proto__: null, type: 'fd', fd: -1 }];
const majorVersion = taken.parseInt(taken.versions.node, 10);
const takesOptions = majorVersion < 24;

/**
 * From libuv 1.52 on, a handle whose set-up fails is taken off the loop's list at once, and once more when it is closed: by then
 * its neighbours on the list may be gone, so that this writes to memory that is somebody else's. There the addon puts it back.
 */
const uvVersion = uncurry(taken.split)(taken.versions.uv, '.');
const hasToBeRelinked = uvVersion[0] > 1 || uvVersion[1] >= 52;

/** What an AsyncResource keeps its ids under; undefined if that can't be found out. */
const idSymbols = findIdSymbols();

function findIdSymbols() {
  const id = findKeyReadBy(asyncId);
  const triggerId = findKeyReadBy(uncurry(taken.asyncResource.triggerAsyncId));
  return typeof id === 'symbol' && typeof triggerId === 'symbol' ? { id, triggerId } : undefined;
}

/** Without a resource, which listeners would hear of. */
function findKeyReadBy(method) {
  let key;
  const get = (_, name) => {
    key = name;
    return 0;
  };
  method(new taken.Proxy({}, { __proto__: null, get }));
  return key;
}

/** What was set first in {@link Unfinished}. */
let first;
/** A class whose instances an AsyncResource does not come to be: whatever it sets in them is refused, before anybody hears of it. */
function Unfinished() {}
Unfinished.prototype = new taken.Proxy(
  {},
  {
    __proto__: null,
    set(_, key, value) {
      first = { key, value };
      return false;
    },
  },
);

/**
 * Where AsyncLocalStorage keeps its values in frames, a resource takes along the frame that it is made in, and does so first.
 * @returns {{ key: symbol, value: unknown } | undefined} Undefined if it is something else.
 */
function findFrame() {
  try {
    taken.construct(AsyncResource, ['PROCESSWRAP'], Unfinished);
  } catch {
    // It was refused.
  }
  const found = first;
  // What a frame holds is not held by us.
  first = undefined;
  return found?.key?.description === 'context_frame' ? found : undefined;
}

const frameSymbol = findFrame()?.key;
/** Whether there is all that makes a resource of a handle. */
const canBeResource = idSymbols !== undefined && (frameSymbol !== undefined || majorVersion < 24);

/** The asynchronous resource of a child: the handle itself (to Node's own code it is one), with what others have. */
function resourceFor(handle) {
  if (!canBeResource) return new AsyncResource('PROCESSWRAP');
  defineProperty(handle, idSymbols.id, { __proto__: null, value: getAsyncId(handle) });
  defineProperty(handle, idSymbols.triggerId, { __proto__: null, value: executionAsyncId() });
  if (frameSymbol !== undefined) {
    defineProperty(handle, frameSymbol, { __proto__: null, value: findFrame()?.value });
  }
  return handle;
}

/**
 * Has libuv set up a handle, without a child. From then on Node treats it as that of any child: it can be closed, and
 * freed. (One that was never set up is never freed.)
 */
function setUp(handle) {
  spawnNothing(handle);
  relink(handle);
}

/** Puts a handle whose spawn failed just now back on the loop's list, be it ours or one that Node was to start. */
function relink(handle) {
  if (hasToBeRelinked && canSetUp && hasRef(handle)) getNative().relinkProcess(handle);
}

function spawnNothing(handle) {
  return takesOptions
    ? spawn(handle, { __proto__: null, file: '-', args: [], envPairs: [], stdio: IMPOSSIBLE_STDIO })
    : spawn(handle, '-', [], undefined, [], IMPOSSIBLE_STDIO, 0, undefined, undefined);
}

/** Whether handles of this Node can be set up so, tried once. */
let canSetUp;

function canBeUsed() {
  canSetUp ??= tryToSetUp();
  return canSetUp;
}

function tryToSetUp() {
  if (hasToBeRelinked && !getNative().canRelink()) return false;
  const { spare: handle } = taken;
  const isSetUp = spawnNothing(handle) === UV_EINVAL && hasRef(handle);
  // Nobody is to see it in a list of what keeps the process alive.
  unref(handle);
  close(handle);
  // It is put back as well, and leads to the handles that are not closed.
  const isRelinked = !hasToBeRelinked || getNative().learnProcess(handle);
  return isSetUp && isRelinked;
}

const signalNames = { __proto__: null };
const signals = taken.getBinding('constants')?.os?.signals;
for (const name in signals) signalNames[signals[name]] ??= name;

/** By handle: the id of its child, whether it keeps the thread alive, what was told and closed, and where its end is told. */
const states = new taken.WeakMap();
const get = uncurry(taken.weakMap.get);
const set = uncurry(taken.weakMap.set);
const getState = (handle) => get(states, handle);
/** The handles of those whose ends are to be told, by the ids of their children. */
const living = { __proto__: null };
let children = null;
let nextId = 1;
let referenced = 0;

/** The addon's view of the children of this thread; null if there can be none (no more descriptors, say). */
function getChildren() {
  if (children === null) {
    try {
      children = new (getNative().Children)(onExit, !taken.isMainThread);
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

/** Makes a handle that was set up that of a child. `isKept`: its group can be signalled after its end, until it is forgotten. */
function adopt(handle, id, isKept) {
  const state = { id, isKept, isReferenced: false, isOver: false, isClosed: false, resource: resourceFor(handle) };
  setPrototypeOf(handle, childHandle);
  set(states, handle, state);
  living[id] = handle;
  reference(state);
}

/**
 * In place of Node's methods, which are called where they know a handle that was set up, and not closed: whoever has replaced them in
 * the meantime hears of it.
 */
const childHandle = {
  __proto__: prototype,
  close() {
    const state = getState(this);
    if (!state.isOver) {
      // Nobody wants to hear of the child any more; it is waited for even so.
      over(state);
      children.forget(state.id);
    }
    if (state.isClosed) return;
    state.isClosed = true;
    apply(prototype.close, this, arguments);
  },
  kill(signal) {
    return children.kill(getState(this).id, signal);
  },
  ref() {
    apply(prototype.ref, this, arguments);
    reference(getState(this));
  },
  unref() {
    apply(prototype.unref, this, arguments);
    unreference(getState(this));
  },
};

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
  delete living[state.id];
  unreference(state);
  state.isOver = true;
}

/** The addon tells the end of a child: when Node tells it, at the end of the turn of the loop that has found it. */
function onExit(id, code, signal, errno) {
  const handle = living[id];
  // Closed by somebody in the meantime.
  if (handle === undefined) return;
  const state = getState(handle);
  over(state);
  runInAsyncScope(state.resource, tellExit, undefined, handle, code, signal, errno);
}

function tellExit(handle, code, signal, errno) {
  if (errno !== 0) handle.onexit(-errno, '');
  else if (signal !== 0) handle.onexit(0, signalNames[signal] ?? '');
  else handle.onexit(code, '');
}

module.exports = { adopt, canBeUsed, getChildren, getState, relink, setUp, takeId };
