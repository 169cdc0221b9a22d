'use strict';

// Why a task has no result, where its function did not say so.

/** How much of a worker's last words the message repeats where it did not start. */
const LONGEST_EXCERPT = 2000;

/** A worker ended while it ran a task. */
class WorkerCrashedError extends Error {
  /**
   * @param {string} message
   * @param {{ exitCode: number | null, signal: string | null, oom: boolean, taskId: number | undefined, stderrTail: string,
   *   workerPid: number | undefined, cause?: unknown }} facts
   */
  constructor(message, { cause, ...facts }) {
    super(message, cause === undefined ? undefined : { cause });
    Object.assign(this, facts);
  }
}
Object.defineProperty(WorkerCrashedError.prototype, 'name', {
  value: 'WorkerCrashedError',
  configurable: true,
  writable: true,
});
Object.defineProperty(WorkerCrashedError.prototype, 'code', {
  value: 'FAST_RESOLVE_WORKER_CRASHED',
  configurable: true,
  writable: true,
});

/** How a worker ended, for whoever had a task there; or for those that waited for it to start. */
const createCrashError = (worker, task) => {
  const { exitCode, signalCode, stderrTail } = worker;
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
    workerPid: worker.process.pid,
    ...(cause === undefined ? {} : { cause: cause.error }),
  });
};

/** As Node's own functions reject when their signal aborts. */
function createAbortError(cause, message = 'The operation was aborted') {
  const error = new Error(message, cause === undefined ? undefined : { cause });
  error.name = 'AbortError';
  error.code = 'ABORT_ERR';
  return error;
}

const createTimeoutError = (milliseconds) =>
  new DOMException(`The task has run for more than ${milliseconds} ms`, 'TimeoutError');

function createPoolError(code, message) {
  const error = new Error(message);
  error.code = code;
  return error;
}

const createClosedError = () => createPoolError('FAST_RESOLVE_POOL_CLOSED', 'The pool is closed');

const createQueueFullError = (maxQueue) =>
  createPoolError('FAST_RESOLVE_QUEUE_FULL', `The queue of the pool is full: ${maxQueue} tasks wait`);

/** @param {string} deed What the user's queue has done, after "The queue of the pool". */
const createQueueError = (deed) => createPoolError('FAST_RESOLVE_QUEUE_BROKEN', `The queue of the pool ${deed}`);

const createStalledError = (milliseconds) =>
  createPoolError(
    'FAST_RESOLVE_STREAM_STALLED',
    `Nobody has read the stream for ${milliseconds} ms, and other tasks waited for its worker`,
  );

const createStartTimeoutError = (milliseconds) =>
  createPoolError('FAST_RESOLVE_START_TIMEOUT', `The worker was not ready within ${milliseconds} ms`);

const createLaneError = ({ id, process: { pid } }, cause) => {
  const message = `What worker ${id} (pid ${pid}) sent can't be read: ${cause?.message ?? cause}`;
  return Object.assign(new Error(message, { cause }), { code: 'FAST_RESOLVE_WORKER_MALFORMED', workerPid: pid });
};

/** With the code that Node gives whoever sends to one that is closed already. */
const createChannelClosedError = () =>
  createPoolError('ERR_IPC_CHANNEL_CLOSED', 'The worker closed its channel before the handle had come');

module.exports = {
  WorkerCrashedError,
  createAbortError,
  createChannelClosedError,
  createClosedError,
  createCrashError,
  createLaneError,
  createQueueError,
  createQueueFullError,
  createStalledError,
  createStartTimeoutError,
  createTimeoutError,
};
