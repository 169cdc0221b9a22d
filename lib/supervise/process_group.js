'use strict';

// A child process in a group of its own, and signals to that group. This is the only file of the supervisor that knows by
// what means a process is started: by the addon where it can, so that the kernel ends the child with its parent; otherwise by
// Node.

const { fork, spawn } = require('node:child_process');

const { signalGroup } = require('../shared/signal_group.js');
const seam = require('../spawn/seam.js');

const hasGroups = process.platform !== 'win32';

/**
 * Starts what the command says. The child leads a process group of its own, so that its own children can be reached; on
 * Windows, which has no groups, it stands alone.
 * @param {boolean} isDetached Whether it outlives this process.
 * @param {number} [announcedTo] Where the addon has the child say that it is there, before it can start anything.
 */
function spawnInGroup({ file, command, args, options }, isDetached, announcedTo) {
  const spawnOptions = { ...options, detached: hasGroups || isDetached, windowsHide: true };
  const start = () => (file === undefined ? spawn(command, args, spawnOptions) : fork(file, args, spawnOptions));
  const withParent = isDetached ? {} : { parentDeathSignal: 'SIGKILL', announcedTo };
  return seam.spawnWith({ processGroup: true, ...withParent }, start);
}

/**
 * Sends a signal to the child and to what it started, also when the child itself has just ended.
 * @returns {boolean} whether anyone was there to get it
 */
function killGroup(child, signal) {
  if (!hasGroups) return child.exitCode === null && child.signalCode === null && child.kill(signal);
  if (seam.mechanismOf(child) === 'clone' && seam.killGroup(child, signal)) return true;
  // Before Linux 6.9 nothing else finds a group whose leader was waited for, and Node knows nothing else. The number was given
  // away a moment ago at most.
  return signalGroup(child.pid, signal);
}

/** The end was told, and the group was killed for the last time: nothing is held for it any more. */
const forgetGroup = (child) => seam.forgetGroup(child);

module.exports = { forgetGroup, killGroup, spawnInGroup };
