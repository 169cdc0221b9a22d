'use strict';

// Why a task has no result, where its function did not say so.

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
  createLaneError,
  createQueueError,
  createQueueFullError,
  createStalledError,
  createStartTimeoutError,
  createTimeoutError,
};
