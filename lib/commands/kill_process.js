'use strict';

// Signals to a child of Node's own making, and to all of its group.

const { spawn } = require('node:child_process');

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} signal
 * @param {boolean} isTree Whether all of its group are to get it, also when it has gone itself.
 */
function killProcess(child, signal, isTree) {
  if (!isTree) child.kill(signal);
  else if (process.platform === 'win32') killTree(child);
  else killGroup(child, signal);
}

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // Nobody is left, or the group is not made yet or not ours to signal: then the child alone.
    if (error.code !== 'ESRCH') child.kill(signal);
  }
}

/** Whether there is anyone left in the group that the child led. */
function isGroupAlive(child) {
  if (process.platform === 'win32') return false;
  try {
    process.kill(-child.pid, 0);
    return true;
  } catch (error) {
    return error.code !== 'ESRCH';
  }
}

/** Windows has no groups; this tool walks the tree as it is now. */
function killTree(child) {
  const killer = spawn('taskkill', ['/pid', `${child.pid}`, '/T', '/F'], { stdio: 'ignore', windowsHide: true });
  killer.once('error', () => child.kill());
  killer.unref();
}

module.exports = { isGroupAlive, killProcess };
