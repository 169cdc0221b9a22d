'use strict';

// What is to be ended together with this process: by itself as it exits, and by a guard where it gets no chance to. There is
// no listener and no guard while there is nothing to end.

const { guard } = require('../shared/guard.js');

const live = new Set();

const endAll = () => {
  for (const run of live) run.kill('SIGKILL');
};

/**
 * The guard stands before the process does, and knows of it before it can start anything: this process may be killed before it
 * has a chance to tell.
 * @param {(announcedTo?: number) => import('./run.js').Run} start
 */
function startEndingWithParent(start) {
  guard?.hold();
  const run = start(guard?.descriptor);
  if (run.pid === undefined) {
    guard?.letGo();
    return run;
  }
  if (live.size === 0) process.on('exit', endAll);
  live.add(run);
  guard?.add(run.pid);
  run.child.once('exit', () => {
    live.delete(run);
    guard?.remove(run.pid);
    guard?.letGo();
    if (live.size === 0) process.off('exit', endAll);
  });
  return run;
}

module.exports = { startEndingWithParent };
