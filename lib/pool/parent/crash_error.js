'use strict';

const { WorkerCrashedError } = require('./errors.js');

/** How a worker ended, for whoever had a task there; or for those that waited for it to start. */
const createCrashError = (worker, task) => {
  const { exitCode, signalCode, stderrTail, child } = worker.life;
  const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`;
  const why = worker.endReason === undefined ? '' : `: ${worker.endReason}`;
  const when = task === undefined ? 'before it was ready' : 'while it ran the task';
  return new WorkerCrashedError(`The worker ended ${how} ${when}${why}`, {
    exitCode,
    signal: signalCode,
    oom: /JavaScript heap out of memory|FATAL ERROR: .*heap|out of memory/i.test(stderrTail),
    taskId: task?.id,
    stderrTail,
    workerPid: child.pid,
    ...(worker.fatalError === undefined ? {} : { cause: worker.fatalError.error }),
  });
};

module.exports = { createCrashError };
