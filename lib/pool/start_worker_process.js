'use strict';

// The one place where a worker's process is made and killed. It leads a process group, so that what it has started goes with
// it; where there are no process groups, only the worker itself.

const { fork } = require('node:child_process');

const HAS_GROUPS = process.platform !== 'win32';

/**
 * @param {string} file
 * @param {string[]} argv
 * @param {import('node:child_process').ForkOptions} options
 * @returns {{ child: import('node:child_process').ChildProcess, mechanism: string, isGroupLeader: boolean }}
 */
function startWorkerProcess(file, argv, options) {
  const child = fork(file, argv, { ...options, detached: HAS_GROUPS, windowsHide: true });
  return { child, mechanism: 'fork', isGroupLeader: HAS_GROUPS };
}

/** Kills the worker and all that it has started; also when the worker itself has ended already. */
function killWorkerProcess(child) {
  if (child.pid === undefined) return;
  if (!HAS_GROUPS) child.kill('SIGKILL');
  else killGroup(child.pid);
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    // ESRCH: nothing of the group is left. EPERM: what is left has become another user, and is out of reach.
    if (error.code !== 'ESRCH' && error.code !== 'EPERM') throw error;
  }
}

module.exports = { killWorkerProcess, startWorkerProcess };
