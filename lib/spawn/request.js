'use strict';

// What Node's JavaScript asks of a handle's `spawn`, in the form that the addon takes. This is Node's internal interface: a
// request of any shape that is not known here is Node's own to understand.

const { isInt32, readFlags } = require('./flags.js');
const { AT, FLAG, IGNORE, PIPE } = require('./layout.js');
const { defineProperty, getBinding, getPrototypeOf, isArray, isNative, Numbers, uncurry } = require('./taken.js');

const pipePrototype = getBinding('pipe_wrap')?.Pipe?.prototype;
/** What opens the parent's end of a pipe; undefined if it is not Node's any more. */
const openPipe = isNative(pipePrototype?.open) ? uncurry(pipePrototype.open) : undefined;

/** Where the descriptors begin. */
const STDIO = AT.COMMON;

/** Most children have three or four; an array for them is used again and again. */
let shared = new Numbers(STDIO + 16);

/**
 * Reads what `spawn` of a handle was called with.
 * @returns {{ strings: string, numbers: Int32Array, pipes: object[] } | undefined} Undefined if it is not understood. The
 * numbers are good until the next call. `pipes`: what is to open the parent's ends of the pipes, in order.
 */
function readRequest(values) {
  // Node 24 and later: the values one by one.
  if (values.length === 8) {
    const options = readFlags(values[5]);
    return (
      options && read(values[0], values[1], values[2], values[3], values[4], options.isDetached, values[6], values[7])
    );
  }
  // Node 20 and 22: an object.
  const options = values[0];
  if (values.length !== 1 || options === null || typeof options !== 'object') return undefined;
  // Node looks for `true` and nothing else.
  const isDetached = options.detached === true;
  return read(
    options.file,
    options.args,
    options.cwd,
    options.envPairs,
    options.stdio,
    isDetached,
    options.uid,
    options.gid,
  );
}

function read(file, args, cwd, envPairs, stdio, isDetached, uid, gid) {
  if (typeof file !== 'string' || file === '') return undefined;
  if (!isArray(args) || !isArray(envPairs) || !isArray(stdio)) return undefined;
  const hasCwd = typeof cwd === 'string' && cwd !== '';
  const argumentText = textOf(args);
  const environmentText = textOf(envPairs);
  if (argumentText === undefined || environmentText === undefined) return undefined;

  if (shared.length < STDIO + stdio.length) shared = new Numbers(STDIO + stdio.length);
  const numbers = shared;
  let flags = (isDetached ? FLAG.DETACHED : 0) | (hasCwd ? FLAG.CWD : 0);
  if (uid !== undefined && uid !== null) {
    if (!isInt32(uid)) return undefined;
    flags |= FLAG.UID;
    numbers[AT.UID] = uid;
  }
  if (gid !== undefined && gid !== null) {
    if (!isInt32(gid)) return undefined;
    flags |= FLAG.GID;
    numbers[AT.GID] = gid;
  }
  const pipes = [];
  for (let index = 0; index < stdio.length; index++) {
    const descriptor = describeStdio(stdio[index]);
    if (descriptor === undefined) return undefined;
    numbers[STDIO + index] = descriptor;
    if (descriptor === PIPE) append(pipes, openerOf(stdio[index].handle));
  }
  numbers[AT.ARGUMENT_COUNT] = args.length;
  numbers[AT.ENVIRONMENT_COUNT] = envPairs.length;
  numbers[AT.FLAGS] = flags;
  numbers[AT.PARENT_DEATH_SIGNAL] = 0;
  numbers[AT.ANNOUNCED_TO] = 0;
  numbers[AT.STDIO_COUNT] = stdio.length;
  const strings = `${file}\0${hasCwd ? cwd : ''}${argumentText}${environmentText}`;
  return { strings, numbers, pipes };
}

/** All values as strings, with a NUL byte before each; undefined if one becomes no string. */
function textOf(values) {
  let text = '';
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    // Node's own conversion is the same, but for this one.
    if (typeof value === 'symbol') return undefined;
    text += `\0${value}`;
  }
  return text;
}

/** To store under an index would call an accessor that a program has given the prototype of all arrays. */
function append(list, value) {
  defineProperty(list, list.length, { __proto__: null, value, enumerable: true, configurable: true, writable: true });
}

/** A descriptor, or a number for what is none; undefined if it is not understood. */
function describeStdio(item) {
  switch (item?.type) {
    case 'ignore':
      return IGNORE;
    case 'pipe':
    case 'overlapped':
      return isPipe(item.handle) ? PIPE : undefined;
    case 'wrap':
      return asDescriptor(item.handle?.fd);
    case 'fd':
    case 'inherit':
      return asDescriptor(item.fd);
    default:
      return undefined;
  }
}

/** What is no descriptor gets an error of libuv's. */
function asDescriptor(value) {
  return isInt32(value) && value >= 0 ? value : undefined;
}

function isPipe(handle) {
  return (
    openPipe !== undefined && typeof handle === 'object' && handle !== null && getPrototypeOf(handle) === pipePrototype
  );
}

/** For the addon: `open` as Node has it, whatever the program sees in its place. */
function openerOf(handle) {
  return { __proto__: null, open: (descriptor) => openPipe(handle, descriptor) };
}

module.exports = { STDIO, readRequest };
