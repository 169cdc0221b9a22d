'use strict';

// A preload that ends the program when its start is over, as FAST_RESOLVE_UNTIL says: its first server listens, or so many
// milliseconds have gone by.

const { env } = process;
const { FAST_RESOLVE_UNTIL: moment } = env;

// Children of the program are no starts of it.
delete env.FAST_RESOLVE_UNTIL;
const others = env.NODE_OPTIONS.slice(`-r ${JSON.stringify(__filename)} `.length);
if (others === '') delete env.NODE_OPTIONS;
else env.NODE_OPTIONS = others;

if (moment === 'listening') {
  const { Server } = require('node:net');
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    this.once('listening', () => process.exit(0));
    return listen.apply(this, args);
  };
} else {
  setTimeout(() => process.exit(0), Number(moment));
}
