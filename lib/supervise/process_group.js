'use strict';

// A child process in a group of its own, and signals to that group. This is the only file of the supervisor that knows by
// what means a process is started.

const { fork, spawn } = require('node:child_process');

const hasGroups = process.platform !== 'win32';

/**
 * Starts what the command says. The child leads a process group of its own, so that its own children can be reached; on
 * Windows, which has no groups, it stands alone.
 */
function spawnInGroup({ file, command, args, options }, _isDetached) {
  const spawnOptions = { ...options, detached: hasGroups, windowsHide: true };
  return file === undefined ? spawn(command, args, spawnOptions) : fork(file, args, spawnOptions);
}

/**
 * Sends a signal to the child and to what it started, also when the child itself has gone. Node has reaped the child then;
 * its number can't belong to anybody else as long as a member of the group lives.
 * @returns {boolean} whether anyone was there to get it
 */
function killGroup(child, signal) {
  if (!hasGroups) return child.exitCode === null && child.signalCode === null && child.kill(signal);
  try {
    return process.kill(-child.pid, signal);
  } catch (error) {
    // The whole group has gone; or what is left of it is not this user's to end. (macOS says so of processes that have ended
    // and were not reaped, too.)
    if (error.code === 'ESRCH' || error.code === 'EPERM') return false;
    throw error;
  }
}

module.exports = { killGroup, spawnInGroup };
