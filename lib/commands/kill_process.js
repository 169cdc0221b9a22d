'use strict';

// Signals to a child of Node's own making, and to all of its group.

const { spawn } = require('node:child_process');

const { signalGroup } = require('../shared/signal_group.js');

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} signal
 * @param {boolean} isTree Whether all of its group are to get it, also when it has gone itself.
 * @returns {number} 0, or the negative number of the error.
 */
function killProcess(child, signal, isTree) {
  if (process.platform === 'win32' && isTree) return killTree(child);
  // A child that Node has waited for has lost its number; its group has it still.
  if (!isTree && (child.exitCode !== null || child.signalCode !== null)) return 0;
  try {
    process.kill(isTree ? -child.pid : child.pid, signal);
    return 0;
  } catch (error) {
    // Nobody is left.
    return error.code === 'ESRCH' ? 0 : error.errno;
  }
}

/** Whether there is anyone left in the group that the child led whom this process may end. */
function isGroupAlive(child) {
  return process.platform !== 'win32' && signalGroup(child.pid, 0);
}

/** Windows has no groups; this tool walks the tree as it is now. */
function killTree(child) {
  const killer = spawn('taskkill', ['/pid', `${child.pid}`, '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  killer.once('error', () => child.kill());
  killer.unref();
  return 0;
}

module.exports = { isGroupAlive, killProcess };
