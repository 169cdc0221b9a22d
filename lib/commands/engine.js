'use strict';

// What runs commands, one for all pools of a thread. An engine has
// - `start(command, finish)`: `finish(command, outcome)` follows, once, and later than the call returns;
// - `terminate(command, isForced)`: ends it with its signal and later by force, or by force at once;
// - `write(command, bytes)`, which tells whether there is room for more, and `endInput(command)`; what was written is told
//   to `command.input.drain()`, and an end that reads no more to `command.input.disconnect()`;
// - `resume(command, bytes)`: so much of what `command.reader.take(bytes)` was given has been read.

const { native } = require('../internals.js');
const { NativeEngine } = require('./native_engine.js');
const { NodeEngine } = require('./node_engine.js');

let nativeEngine;
let nodeEngine;

/** The core, or Node's own `child_process` where the core can't run commands or is not to. */
function getEngine() {
  if (isNativeUsable()) {
    nativeEngine ??= new NativeEngine(native);
    return nativeEngine;
  }
  nodeEngine ??= new NodeEngine();
  return nodeEngine;
}

/** The variable names what is not to be used; those of its names that are not known here are the core's. */
function isNativeUsable() {
  const unwanted = process.env.FAST_RESOLVE_SPAWN_WITHOUT?.split(',') ?? [];
  return native?.Commands !== undefined && !unwanted.includes('native');
}

module.exports = { getEngine };
