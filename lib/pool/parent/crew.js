'use strict';

// The workers of a pool: how many there are, which of them are ready, when they start and end.

const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { callUser } = require('./call_user.js');
const { PoolWorker } = require('./pool_worker.js');
const { createCrashError } = require('./crash_error.js');
const { Watch } = require('./watch.js');

/** How often a worker may end on its way without a word before that is what its file does. */
const MOST_SILENT_ENDS = 3;
/**
 * Milliseconds that a worker has to end by itself when it is told to. Many, since on a busy machine it may not get the processor
 * for long; and only one that hangs at its end takes them all.
 */
const GRACE = 10_000;

class Crew {
  /** Those that are gone are not among them. @type {PoolWorker[]} */
  workers = [];
  /** @type {import('./scheduler.js').Scheduler} */
  scheduler;
  /** Why no more workers are started. */
  failure = undefined;
  #options;
  #pool;
  #surroundings;
  #watch;
  #isClosing = false;
  /** Starts in a row that came to nothing. */
  #failures = 0;
  #retry;
  #whenEmpty = [];

  /** @param {object} pool `emitEvent(name, …)`, `demand` (tasks that wait or run), `taskEnded(assignment)`. */
  constructor(options, pool, surroundings) {
    this.#options = options;
    this.#pool = pool;
    this.#surroundings = surroundings;
    this.#watch = new Watch(this, options, pool);
  }

  /** Those that work, and those that stand by. */
  #active(isSpare) {
    return this.workers.filter((worker) => worker.isActive && worker.isSpare === isSpare);
  }

  leastLoaded() {
    const loadOf = ({ assignments, line }) => assignments.size + line.size;
    return this.#active(false).reduce(
      (least, worker) => (least === undefined || loadOf(worker) < loadOf(least) ? worker : least),
      undefined,
    );
  }

  /** Sees to it that there are as many workers as there is work for. */
  provide() {
    if (this.#provideWorkers()) this.#provideSpares();
  }

  /** False where one has to wait. */
  #provideWorkers() {
    if (this.#isClosing) return false;
    if (this.failure !== undefined) {
      this.#rejectHopeless();
      return false;
    }
    let count = this.#active(false).length;
    const { minWorkers, maxWorkers, concurrency } = this.#options;
    const wanted = Math.min(maxWorkers, Math.max(minWorkers, Math.ceil(this.#pool.demand / concurrency)));
    for (; count < wanted; count++) if (!this.#addOne()) return false;
    return true;
  }

  #provideSpares() {
    for (let spares = this.#active(true).length; spares < this.#options.spares; spares++) {
      if (!this.#start(true)) return;
    }
  }

  /** No more are started: without a worker, what waits would wait for ever. */
  #rejectHopeless() {
    const { error } = this.failure;
    if (!this.workers.some(({ isActive }) => isActive)) this.scheduler.rejectWaiting(() => error);
  }

  #addOne() {
    const spares = this.#active(true);
    const spare = spares.find(({ isReady }) => isReady) ?? spares[0];
    if (spare === undefined) return this.#start(false);
    spare.isSpare = false;
    if (spare.isReady) this.scheduler.fill();
    return true;
  }

  /** False where it has to wait. */
  #start(isSpare) {
    if (
      this.#failures > 0 &&
      (this.#retry !== undefined || this.workers.some((worker) => worker.isActive && !worker.isReady))
    ) {
      return false;
    }
    const worker = new PoolWorker(this, this.#options, this.#surroundings);
    worker.isSpare = isSpare;
    this.workers.push(worker);
    // Whoever makes a pool listens to it afterwards.
    process.nextTick(() => this.#pool.emitEvent('workerCreate', worker));
    return true;
  }

  // What a worker tells.

  workerReady(worker) {
    this.#failures = 0;
    // What it was started for may have been cancelled meanwhile, and it is idle from now on.
    worker.idleSince = now();
    this.#watch.start();
    this.#pool.emitEvent('workerReady', worker);
    this.scheduler.fill();
    this.scheduler.steal();
  }

  workerHeard(worker) {
    worker.isUnresponsive = false;
    this.scheduler.fill();
    this.#endIfDone(worker);
  }

  taskEnded(assignment, settle) {
    this.#pool.taskEnded(assignment, settle);
  }

  /** A handle does not come to its worker, nor may others. */
  handleNotSent(assignment, error) {
    const { worker } = assignment;
    // Parent and worker may both find it out.
    if (worker.assignments.find(assignment.id) !== assignment) return;
    this.scheduler.handleNotSent(assignment, error);
    this.retire(worker);
    this.scheduler.fill();
  }

  taskProgressed(task, value) {
    const { onProgress } = task.options;
    if (onProgress !== undefined) callUser(() => onProgress(value));
  }

  workerGone(worker) {
    this.workers.splice(this.workers.indexOf(worker), 1);
    const hasFailed = !worker.isReady && !worker.isRetiring;
    this.scheduler.abandonAll(worker, (task) => createCrashError(worker, task));
    this.#pool.emitEvent('workerExit', worker, worker.life.exitCode, worker.life.signalCode);
    if (hasFailed) this.#startFailed(worker);
    this.#provideWorkers();
    this.scheduler.fill();
    // The tasks that waited for this are on their way to a spare before the time that its own replacement takes.
    if (this.#options.spares > 0) setImmediate(() => this.provide());
    if (this.workers.length === 0) for (const callback of this.#whenEmpty.splice(0)) callback();
  }

  /** Another try follows, later and later; who waits is told if there is nobody else to wait for. */
  #startFailed(worker) {
    this.#failures++;
    const { delay, maxDelay, maxFailures } = this.#options.restart;
    const told = worker.startError ?? (worker.life.spawnError && { error: worker.life.spawnError });
    const { error } = told ?? { error: createCrashError(worker, undefined) };
    if (this.#failures > 1) {
      const wait = Math.min(maxDelay, delay * 2 ** (this.#failures - 2), LONGEST_TIMER);
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => {
        this.#retry = undefined;
        this.provide();
      }, wait).unref();
    }
    const isHopeless = told !== undefined || this.#failures >= MOST_SILENT_ENDS;
    const hasTask = this.scheduler.waitingCount > 0;
    if (isHopeless && !this.workers.some(({ isActive }) => isActive)) this.scheduler.rejectWaiting(() => error);
    if (this.#failures >= maxFailures) this.failure = { error };
    if (!hasTask || this.failure !== undefined) this.#pool.emitError(error);
  }

  // How workers end.

  /** It ends when what it has begun is done; the rest goes to others. */
  retire(worker) {
    if (worker.isRetiring) return;
    worker.isRetiring = true;
    this.scheduler.forgetKeys(worker);
    for (let task = worker.line.shift(); task !== undefined; task = worker.line.shift()) this.scheduler.submit(task);
    // What it was given last may be its last by the count, and is left to it.
    if (worker.assignments.given < this.#options.maxTasksPerWorker) this.scheduler.takeBack(worker);
    this.#endIfDone(worker);
    this.provide();
  }

  #endIfDone(worker) {
    if (worker.isRetiring && worker.assignments.size === 0 && worker.life.state !== 'ending') worker.end(GRACE);
  }

  /** All that are there now are replaced. */
  recycle() {
    this.failure = undefined;
    this.#failures = 0;
    for (const worker of [...this.workers]) this.retire(worker);
    this.scheduler.fill();
  }

  /** From now on none is started for tasks to come; those that wait are still run. */
  endAll() {
    this.#isClosing = true;
    clearTimeout(this.#retry);
    for (const worker of [...this.workers]) worker.end(GRACE);
  }

  killAll(reason) {
    this.#isClosing = true;
    clearTimeout(this.#retry);
    for (const worker of [...this.workers]) worker.kill(reason);
  }

  /** Resolves when there is no worker left. */
  whenEmpty() {
    if (this.workers.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /** Somebody has something to do. */
  watch() {
    this.#watch.start();
  }

  /** Those that could have something to do: for one that is starting, somebody may wait. */
  #ready() {
    return this.#active(false).filter(({ isReady }) => isReady);
  }

  /** Ends those that have had nothing to do for long. */
  endIdle(before) {
    const idle = this.#ready().filter(({ assignments, line, idleSince }) => {
      return assignments.size === 0 && line.size === 0 && idleSince <= before;
    });
    const surplus = this.#active(false).length - this.#options.minWorkers;
    for (const worker of idle.slice(0, Math.max(0, surplus))) {
      worker.isRetiring = true;
      this.scheduler.forgetKeys(worker);
      worker.end(GRACE);
    }
  }

  /** Since when each of those that work has had nothing to do, the longest first. */
  get idleSince() {
    return this.#ready()
      .map(({ idleSince }) => idleSince)
      .sort((left, right) => left - right);
  }

  /** Whether there are more than are to stay. */
  get hasSurplus() {
    return this.#active(false).length > this.#options.minWorkers;
  }
}

module.exports = { Crew };
