'use strict';

// The pool as its user sees it.

const {
  constants: { MAX_LENGTH },
} = require('node:buffer');
const { EventEmitter } = require('node:events');
const { native } = require('../../resolve/addon.js');
const { addAwaiting, addCall } = require('../../shared/call_site.js');
const { checkInteger } = require('../../shared/checks.js');
const { createArgumentTypeError } = require('../../shared/errors.js');
const { openEventsChannel } = require('../../shared/events_channel.js');
const { INSPECT, showing } = require('../../shared/inspected.js');
const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { callUser } = require('../../shared/call_user.js');
const { Crew } = require('./crew.js');
const { createAbortError, createClosedError, createQueueFullError } = require('./errors.js');
const { Leases } = require('./leases.js');
const { Blocks } = require('../shared_memory/blocks.js');
const { readCloseOptions, readOptions, readRunOptions } = require('./options.js');
const { Task } = require('./task.js');
const { TaskStream } = require('./task_stream.js');

const { publish } = openEventsChannel('fast-resolve:pool', 'pool');

const checkLength = checkInteger(0, MAX_LENGTH);

class Pool extends EventEmitter {
  #options;
  #crew;
  #scheduler;
  #memory;
  #leases;
  #createdAt = now();
  /** Tasks that have not settled. */
  #pending = 0;
  #isOverfull = false;
  #closing;
  #whenDone = [];
  /** Keeps the parent alive for as long as there is something to do; nothing else of the pool does. */
  #keepAlive;
  #onSettled = () => this.#taskSettled();

  constructor(options) {
    super();
    this.#options = readOptions(options);
    this.#memory = native?.SharedMemory === undefined ? undefined : Blocks.create(native);
    this.#leases = new Leases(this.#memory);
    const inside = {
      emitEvent: (name, worker, ...facts) => this.#tell(name, worker.info, ...facts),
      emitError: (error) => this.#emitError(error),
    };
    this.#crew = new Crew(this.#options, inside, { poolMemory: this.#memory, leases: this.#leases });
    this.#scheduler = this.#crew.scheduler;
    this.#crew.provide();
  }

  /** Runs a task. */
  run(value, options) {
    let task;
    try {
      task = this.#createTask(value, readRunOptions(options, this.#options));
    } catch (error) {
      return Promise.reject(error);
    }
    if (!task.isSettled) this.#submit(task);
    const site = this.#options.callSites ? new Error() : undefined;
    return task.promise.then(undefined, (error) => {
      if (!task.isErrorShared) {
        if (site === undefined) addAwaiting(error);
        else addCall(error, site);
      }
      throw error;
    });
  }

  /** Runs a task whose function is an async generator. */
  stream(value, options) {
    const stream = new TaskStream((task) => this.#scheduler.leaveStream(task));
    const task = this.#createTask(value, readRunOptions(options, this.#options));
    task.stream = stream;
    stream.attach(task, new Error());
    if (!task.isSettled) this.#submit(task);
    return stream;
  }

  #createTask(value, options) {
    this.#checkOpen();
    const task = new Task(value, options, this.#onSettled);
    this.#pending++;
    if (this.#pending === 1) this.#stayAlive();
    const { signal } = options;
    if (signal?.aborted) task.reject(createAbortError(signal.reason));
    else if (signal !== undefined) task.abortWith(signal, (aborted, reason) => this.#abort(aborted, reason));
    return task;
  }

  #checkOpen() {
    if (this.#closing !== undefined) throw createClosedError();
    if (this.#crew.failure !== undefined) throw this.#crew.failure.error;
    const { maxQueue } = this.#options;
    if (maxQueue === Number.POSITIVE_INFINITY) return;
    // A worker that is idle, or can be started, takes it at once.
    if (this.#scheduler.demand >= this.#capacity + maxQueue) throw createQueueFullError(maxQueue);
  }

  get #capacity() {
    return this.#options.maxWorkers * this.#options.concurrency;
  }

  #submit(task) {
    try {
      this.#scheduler.submit(task);
    } catch (error) {
      // A queue of the user's does not take it.
      if (!task.isSettled) task.reject(error);
      return;
    }
    if (!this.#isOverfull && this.needsDrain) {
      this.#isOverfull = true;
      this.#tell('needsDrain');
    }
  }

  #abort(task, reason) {
    this.#scheduler.abort(task, reason);
    this.#scheduler.fill();
  }

  #taskSettled() {
    this.#pending--;
    if (this.#isOverfull && this.#scheduler.waitingCount === 0) {
      this.#isOverfull = false;
      this.#tell('drain');
    }
    if (this.#pending > 0) return;
    this.#keepAlive?.unref();
    for (const callback of this.#whenDone.splice(0)) callback();
  }

  #stayAlive() {
    if (this.#keepAlive === undefined) this.#keepAlive = setInterval(() => {}, LONGEST_TIMER);
    else this.#keepAlive.ref();
  }

  #tell(name, ...facts) {
    publish(this, name, facts);
    callUser(() => this.emit(name, ...facts));
  }

  /** An error that no task is told of. */
  #emitError(error) {
    if (this.listenerCount('error') > 0) {
      this.#tell('error', error);
      return;
    }
    publish(this, 'error', [error]);
    process.emitWarning(`In a pool of processes: ${error?.stack ?? error}`, 'FastResolveWarning');
  }

  /** A buffer that goes to a worker and back without being copied. */
  alloc(bytes) {
    return this.#leases.alloc(checkLength(bytes, 'bytes'));
  }

  /** Gives such a buffer back; it is empty from now on. */
  release(buffer) {
    if (!ArrayBuffer.isView(buffer))
      throw createArgumentTypeError('buffer', 'an instance of Buffer or TypedArray', buffer);
    return this.#leases.release(buffer);
  }

  /** Rejects what no worker has begun. */
  cancelPendingTasks() {
    for (const worker of this.#crew.workers) this.#scheduler.takeBack(worker);
    this.#scheduler.rejectWaiting(() => createAbortError(undefined, 'The task was cancelled before it began'));
  }

  /** Replaces all workers, each when it has done what it has begun. */
  recycleWorkers() {
    this.#crew.recycle();
  }

  /** Lets all tasks come to their end, then ends the workers. */
  close(options) {
    const { force, timeout } = readCloseOptions(options, this.#options);
    this.#closing ??= this.#close(force, timeout);
    return this.#closing;
  }

  async #close(force, timeout) {
    this.#stayAlive();
    if (force) this.cancelPendingTasks();
    const timer =
      timeout === Number.POSITIVE_INFINITY
        ? undefined
        : setTimeout(() => this.#end(), Math.min(timeout, LONGEST_TIMER));
    await this.#whenIdle();
    // The last task has let go of the parent; it still has to see its workers end.
    this.#stayAlive();
    this.#crew.endAll();
    await this.#crew.whenEmpty();
    clearTimeout(timer);
    this.#finish();
  }

  #whenIdle() {
    if (this.#pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenDone.push(resolve));
  }

  /** Ends everything now. */
  destroy() {
    const closing = this.#closing;
    this.#closing ??= this.#crew.whenEmpty().then(() => this.#finish());
    this.#end();
    // The last task has let go of the parent; it still has to see its workers end.
    this.#stayAlive();
    return closing ?? this.#closing;
  }

  #end() {
    const createError = () => createAbortError(undefined, 'The pool was destroyed');
    for (const worker of this.#crew.workers) {
      this.#scheduler.takeBack(worker);
      for (const assignment of worker.assignments.list()) {
        if (!assignment.isForsaken) assignment.task.reject(createError());
        assignment.isForsaken = true;
      }
    }
    this.#scheduler.rejectWaiting(createError);
    this.#crew.killAll('the pool was destroyed');
  }

  #finish() {
    clearInterval(this.#keepAlive);
    this.#memory?.close();
  }

  [Symbol.asyncDispose ?? Symbol.for('nodejs.asyncDispose')]() {
    return this.close();
  }

  /** Tasks that wait for a worker. */
  get queueSize() {
    const { concurrency } = this.#options;
    let ahead = 0;
    for (const { assignments } of this.#crew.workers) ahead += Math.max(0, assignments.size - concurrency);
    return this.#scheduler.waitingCount + ahead;
  }

  get needsDrain() {
    const { maxQueue } = this.#options;
    const limit = maxQueue === Number.POSITIVE_INFINITY ? this.#capacity : maxQueue;
    return this.queueSize >= Math.max(1, limit);
  }

  get completed() {
    return this.#scheduler.counts.completed;
  }

  /** The share of the time that the workers could have run tasks in which they did. */
  get utilization() {
    const possible = (now() - this.#createdAt) * this.#capacity;
    return possible === 0 ? 0 : Math.min(1, this.#scheduler.counts.runMilliseconds / possible);
  }

  get waitTime() {
    return this.#scheduler.counts.waitTime;
  }

  get runTime() {
    return this.#scheduler.counts.runTime;
  }

  /** All numbers in one call. */
  stats() {
    const { completed, queueSize, utilization, waitTime, runTime } = this;
    const { workers } = this.#crew;
    const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
    const ofWorkers = workers.map((worker) => worker.stats);
    return {
      workers: workers.length,
      ready: workers.filter(({ isReady }) => isReady).length,
      spares: workers.filter(({ isSpare }) => isSpare).length,
      pending: this.#pending,
      running: sum(workers.map(({ assignments }) => assignments.size)) - (queueSize - this.#scheduler.waitingCount),
      queueSize,
      completed,
      utilization,
      waitTime,
      runTime,
      memoryBytes: sum(ofWorkers.map(({ memoryBytes }) => memoryBytes)),
      cpuMs: sum(ofWorkers.map(({ cpuMs }) => cpuMs)),
    };
  }

  get workers() {
    return this.#crew.workers.map(({ info }) => info);
  }

  get options() {
    return this.#options;
  }
}

Pool.prototype[INSPECT] = showing('Pool', ({ workers, queueSize, completed, utilization }) => ({
  workers,
  queueSize,
  completed,
  utilization,
}));

module.exports = { Pool };
