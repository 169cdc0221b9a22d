'use strict';

// Starts a child by the addon, for a handle of Node's.

const handles = require('./handles.js');
const { AT, FLAG } = require('./layout.js');
const { readRequest } = require('./request.js');
const { isMainThread } = require('./taken.js');

/** Of the addon: Node has to start the child, and nothing was done. */
const NOT_UNDERSTOOD = 1;

/**
 * Starts a child, which {@link adopt} gives to a handle. Nothing may fail in between: the child runs.
 * @param values What `spawn` of the handle was called with.
 * @param extras What is wanted of the child besides what Node can say; null if nothing is.
 * @returns {{ id: number, pid: number, error: number, isKept: boolean } | undefined} `pid`: 0 if there is no child. `error`: 0, or
 * an errno below 0. Undefined if Node has to start the child, and nothing was done.
 */
function start(values, extras) {
  const request = tryToRead(values);
  if (request === undefined) return undefined;
  const children = handles.getChildren();
  if (children === null) return undefined;
  const { numbers } = request;
  const id = handles.takeId();
  numbers[AT.ID] = id;
  if (extras !== null) addExtras(numbers, extras);

  const error = children.spawn(request.strings, numbers, request.pipes);
  // What it can't take (a NUL byte, say) was refused before anything was done.
  if (error === NOT_UNDERSTOOD) return undefined;
  // The pid stands where the id stood.
  return { id, pid: numbers[AT.ID], error, isKept: extras?.processGroup === true };
}

/** Makes the handle that of the child that was started. Returns what Node's `spawn` would: 0, or an errno below 0. */
function adopt(handle, { id, pid, error, isKept }) {
  handles.setUp(handle);
  if (pid !== 0) {
    handle.pid = pid;
    handles.adopt(handle, id, isKept);
  }
  return error;
}

function tryToRead(values) {
  try {
    return readRequest(values);
  } catch {
    // Of a value that becomes no string, Node has to say so.
    return undefined;
  }
}

function addExtras(numbers, { parentDeathSignal, processGroup, announcedTo }) {
  if (parentDeathSignal !== undefined) {
    numbers[AT.PARENT_DEATH_SIGNAL] = parentDeathSignal;
    // The signal comes when the thread ends that spawned.
    if (!isMainThread) numbers[AT.FLAGS] |= FLAG.LASTING_THREAD;
  }
  if (processGroup) numbers[AT.FLAGS] |= FLAG.OWN_GROUP;
  if (announcedTo !== undefined) numbers[AT.ANNOUNCED_TO] = announcedTo;
}

module.exports = { adopt, start };
