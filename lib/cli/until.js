'use strict';

// A preload that ends the program when its start is over, as FAST_RESOLVE_UNTIL says: its first server listens, or so many
// milliseconds have gone by.

const { env } = process;
const { FAST_RESOLVE_UNTIL: moment } = env;

// A thread is no start of its own, and finds nothing here any more.
if (moment !== undefined) {
  // Nor is a child of the program.
  delete env.FAST_RESOLVE_UNTIL;
  const others = env.NODE_OPTIONS.slice(`-r ${JSON.stringify(__filename)} `.length);
  if (others === '') delete env.NODE_OPTIONS;
  else env.NODE_OPTIONS = others;
  endAt(moment);
}

function endAt(when) {
  if (when !== 'listening') {
    setTimeout(() => process.exit(0), Number(when));
    return;
  }
  const { Server } = require('node:net');
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    this.once('listening', () => process.exit(0));
    return listen.apply(this, args);
  };
}
