'use strict';

// A socket on its way: until its task begins, nobody may read from it, or what was read would be lost with whoever read it.

const net = require('node:net');

/** What the system has for this process stays with the system from now on; what was read before is still in the stream. */
function stopReading(handle) {
  const inner = handle instanceof net.Socket ? handle._handle : null;
  if (!inner?.reading) return false;
  inner.reading = false;
  inner.readStop();
  return true;
}

function startReading(handle) {
  const inner = handle instanceof net.Socket ? handle._handle : null;
  if (!inner || inner.reading) return;
  inner.reading = true;
  inner.readStart();
}

module.exports = { startReading, stopReading };
