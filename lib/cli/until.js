'use strict';

// A preload that ends the program when its start is over, as FAST_RESOLVE_UNTIL says: its first server listens, it sends its first
// message, something else is emitted on `process`, or so many milliseconds have gone by.

const { takeFromEnvironment } = require('./preload_once.js');

const moment = takeFromEnvironment(__filename, 'FAST_RESOLVE_UNTIL');
if (moment !== undefined) endAt(moment);

function end() {
  process.exit(0);
}

function endAt(when) {
  if (when === 'listening') endWhenListening();
  else if (when === 'message') process.send = end;
  else if (/^\d/.test(when)) setTimeout(end, Number(when));
  else process.once(when, end);
}

function endWhenListening() {
  const { Server } = require('node:net');
  const { listen } = Server.prototype;
  Server.prototype.listen = function (...args) {
    this.once('listening', end);
    return listen.apply(this, args);
  };
}
