'use strict';

// What runs commands, one for all pools of a thread. An engine has
// - `start(command, finish)`: `finish(command, outcome)` follows, once, and later than the call returns;
// - `terminate(command, isForced)`: ends it with its signal and later by force, or by force at once;
// - `write(command, bytes)`, which tells whether there is room for more, and `endInput(command)`; what was written is told
//   to `command.input.drain()`, and an end that reads no more to `command.input.disconnect()`;
// - `pidOf(command)`, undefined before there is a process, and `command.onStart(command, pid)` when there is;
// - `show(command, descriptor)`: what it has written to that output, and writes from now on, goes to `command.live.push(descriptor, bytes)`
//   as well, before its end is told; nothing, if that is about to be told;
// - `resume(command, bytes)`: so much of what `command.reader.take(bytes)` was given has been read.

const { AsyncResource } = require('node:async_hooks');

const { native } = require('../resolve/addon.js');
const { NativeEngine } = require('./native_engine.js');
const { NodeEngine } = require('./node_engine.js');

/** What lives as long as the thread is made in here: in a caller's asynchronous context, it would keep that for good. */
const context = new AsyncResource('CommandEngine');

let nativeEngine;
let nodeEngine;

/** The core, or Node's own `child_process` where the core can't run this command or is not to. */
function chooseEngine(settings, isCoreWanted) {
  if (isCoreWanted) {
    nativeEngine ??= context.runInAsyncScope(() => new NativeEngine(native));
    if (nativeEngine.canRun(settings)) return nativeEngine;
  }
  nodeEngine ??= new NodeEngine();
  return nodeEngine;
}

/** Whether there is a core, and nobody who does not want it. */
function isCoreUsable() {
  // With the permission model, Node decides what may be run.
  return native?.Commands !== undefined && process.permission === undefined && process.env.FAST_RESOLVE_SPAWN !== '0';
}

module.exports = { chooseEngine, isCoreUsable };
