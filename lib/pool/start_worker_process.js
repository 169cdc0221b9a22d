'use strict';

// The one place where a worker's process is made and killed. It leads a process group, so that what it has started goes with
// it. Started by the core, it dies with this process from its first moment on, and its group can be signalled safely when it
// has ended already; started by Node, it notices by its pipes (see worker/end_with_parent.js). What it has started is ended by the
// guard, where both it and this process were killed.

const { ChildProcess, fork } = require('node:child_process');
const { guard } = require('../shared/guard.js');
const { signalGroup } = require('../shared/signal_group.js');
const seam = require('../spawn/seam.js');

const HAS_GROUPS = process.platform !== 'win32';

/**
 * @param {string} file
 * @param {import('node:child_process').ForkOptions} options
 * @returns {{ child: import('node:child_process').ChildProcess, mechanism: string, isGroupLeader: boolean }}
 */
function startWorkerProcess(file, options) {
  // A session of its own makes it the leader of a group with Node's spawn, too; and keeps the terminal's ^C to the parent, which
  // takes its workers along.
  const start = () => fork(file, [], { ...options, detached: HAS_GROUPS, windowsHide: true });
  let child;
  try {
    child = seam.spawnWith({ parentDeathSignal: 'SIGKILL', processGroup: true, announcedTo: guard?.descriptor }, start);
  } catch (error) {
    // Node tells some of what goes wrong by an event, and throws the rest (EPERM, ENOMEM). Whoever asks for a task is told
    // either way, and not whoever happens to need a worker.
    child = new ChildProcess();
    process.nextTick(() => child.emit('error', error));
  }
  // The first one starts before the guard does: nobody is to wait for that.
  if (child.pid !== undefined) {
    guard?.hold();
    guard?.add(child.pid);
  }
  return { child, mechanism: seam.mechanismOf(child), isGroupLeader: HAS_GROUPS };
}

/** Kills the worker and all that it has started; also when the worker itself has ended already. */
function killWorkerProcess(child) {
  if (child.pid === undefined) return;
  if (seam.mechanismOf(child) !== 'node') seam.killGroup(child, 'SIGKILL');
  else if (HAS_GROUPS) signalGroup(child.pid, 'SIGKILL');
  else child.kill('SIGKILL');
}

/** It has ended and was killed for the last time. */
function forgetWorkerProcess(child) {
  seam.forgetGroup(child);
  if (child.pid === undefined) return;
  guard?.remove(child.pid);
  guard?.letGo();
}

module.exports = { forgetWorkerProcess, killWorkerProcess, startWorkerProcess };
