'use strict';

const { WorkerCrashedError } = require('./errors.js');

/** How much of a worker's last words the message repeats where it did not start. */
const LONGEST_EXCERPT = 2000;

/** How a worker ended, for whoever had a task there; or for those that waited for it to start. */
const createCrashError = (worker, task) => {
  const { exitCode, signalCode, stderrTail, child } = worker.life;
  const how = signalCode === null ? `with exit code ${exitCode}` : `by ${signalCode}`;
  const cause = worker.fatalError ?? worker.laneError;
  const why = worker.endReason === undefined ? '' : `: ${worker.endReason}`;
  const when = worker.isReady ? 'before it began a task' : 'before it was ready';
  // What nobody has asked for, nobody else tells of: options that Node does not take, say.
  const words = task === undefined && stderrTail !== '' ? `\n${stderrTail.slice(-LONGEST_EXCERPT).trimEnd()}` : '';
  const message = `The worker ended ${how} ${task === undefined ? when : 'while it ran the task'}${why}${words}`;
  return new WorkerCrashedError(message, {
    exitCode,
    signal: signalCode,
    oom: /JavaScript heap out of memory|FATAL ERROR: .*heap|out of memory/i.test(stderrTail),
    taskId: task?.id,
    stderrTail,
    workerPid: child.pid,
    ...(cause === undefined ? {} : { cause: cause.error }),
  });
};

module.exports = { createCrashError };
