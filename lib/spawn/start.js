'use strict';

// Starts a child by the addon, for a handle of Node's.

const handles = require('./handles.js');
const { AT, FLAG } = require('./layout.js');
const { readRequest } = require('./request.js');
const { isMainThread } = require('./taken.js');

/** Of the addon: Node has to start the child, and nothing was done. */
const NOT_UNDERSTOOD = 1;

/**
 * @param values What `spawn` of the handle was called with.
 * @param extras What is wanted of the child besides what Node can say; null if nothing is.
 * @returns {number | undefined} 0, an errno below 0, or undefined if Node has to start the child, and nothing was done.
 */
function start(handle, values, extras) {
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
  handles.setUp(handle);
  // It stands where the id stood.
  const pid = numbers[AT.ID];
  if (pid !== 0) {
    handle.pid = pid;
    handles.adopt(handle, id, extras?.processGroup === true);
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

module.exports = { start };
