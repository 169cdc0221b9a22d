'use strict';

// No worker outlives its parent, nor does what it has started: both are of one process group.

const { DESCRIPTORS } = require('../protocol/channels.js');

/** Milliseconds that a worker has to end by itself when its parent is gone. */
const GRACE = 500;

let killOwnGroup = () => {};

/**
 * @param {object | null} native The addon. Without it, and on Windows, a worker ends only when its event loop turns.
 * @param {boolean} isGroupLeader
 */
function endWithParent(native, isGroupLeader) {
  if (native !== null && process.platform !== 'win32') {
    native.endWithParent(DESCRIPTORS.TASKS, GRACE);
    killOwnGroup = native.killOwnGroup;
  } else if (isGroupLeader) killOwnGroup = () => process.kill(0, 'SIGKILL');
}

/** The parent is gone; there is nobody to be told of it. */
function exitWithoutParent() {
  // The last of all listeners: those of the user have run.
  process.on('exit', () => killOwnGroup());
  process.exit();
}

module.exports = { endWithParent, exitWithoutParent };
