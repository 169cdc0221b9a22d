'use strict';

// What runs commands, one for all pools of a thread. An engine has
// - `start(command, finish)`: `finish(command, outcome)` follows, once, and later than the call returns;
// - `terminate(command, isForced)`: ends it with its signal and later by force, or by force at once;
// - `write(command, bytes)`, which tells whether there is room for more, and `endInput(command)`; what was written is told
//   to `command.input.drain()`, and an end that reads no more to `command.input.disconnect()`;
// - `resume(command, bytes)`: so much of what `command.reader.take(bytes)` was given has been read.

const { NodeEngine } = require('./node_engine.js');

let nodeEngine;

/** The one over Node's own `child_process`. */
function getEngine() {
  nodeEngine ??= new NodeEngine();
  return nodeEngine;
}

module.exports = { getEngine };
