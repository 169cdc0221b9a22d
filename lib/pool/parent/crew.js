'use strict';

// The workers of a pool: how many there are, which of them are ready, when they start and end.

const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { createCrashError } = require('./errors.js');
const { Scheduler } = require('./scheduler.js');
const { Watch } = require('./watch.js');
const { Worker } = require('./worker.js');

/** How often a worker may end before it began a task, its file having loaded or not said why, before that is what its file does. */
const MOST_SILENT_ENDS = 3;
/** Milliseconds after which a worker has stayed, however soon another one would be started. */
const LEAST_STAY = 5000;

class Crew {
  /** Those that are gone are not among them. @type {Worker[]} */
  workers = [];
  /** Why no more workers are started. */
  failure = undefined;
  #options;
  #pool;
  #surroundings;
  #isClosing = false;
  /** Starts in a row that came to nothing. */
  #failures = 0;
  #retry;
  /** Whether one was started in this turn of the event loop, which each holds up; and whether more are wanted. */
  #hasStarted = false;
  #isMoreWanted = false;
  #whenEmpty = [];

  /** @param {object} pool `emitEvent(name, …)`, and `emitError(error)` for what no task is told of. */
  constructor(options, pool, surroundings) {
    this.#options = options;
    this.#pool = pool;
    this.#surroundings = surroundings;
    this.scheduler = new Scheduler(options, this, pool.emitError);
    this.watch = new Watch(this, options, pool);
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
    const wanted = Math.min(maxWorkers, Math.max(minWorkers, Math.ceil(this.scheduler.demand / concurrency)));
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
    if (!this.#hasActive) this.scheduler.rejectWaitingWith(error);
  }

  /** Since the last failure, they are started one after the other. */
  get #waitsForAnother() {
    if (this.#failures === 0) return false;
    return this.#retry !== undefined || this.workers.some((worker) => worker.isActive && !worker.isReady);
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
    if (this.#waitsForAnother) return false;
    if (this.#hasStarted) {
      this.#isMoreWanted = true;
      return false;
    }
    this.#waitForNextTurn();
    const worker = new Worker(this, this.#options, this.#surroundings);
    worker.isSpare = isSpare;
    this.workers.push(worker);
    // Whoever makes a pool listens to it afterwards.
    process.nextTick(() => this.#pool.emitEvent('workerCreate', worker));
    return true;
  }

  #waitForNextTurn() {
    this.#hasStarted = true;
    setImmediate(() => {
      this.#hasStarted = false;
      if (!this.#isMoreWanted) return;
      this.#isMoreWanted = false;
      this.provide();
    }).unref();
  }

  // What a worker tells.

  workerReady(worker) {
    this.watch.start();
    this.#pool.emitEvent('workerReady', worker);
    this.scheduler.fill();
    this.scheduler.steal();
    // Since the last failure, they are started one after the other.
    if (this.#failures > 0) this.provide();
  }

  workerProven() {
    this.#failures = 0;
  }

  /** What a worker sent can't be read, and it is about to end. */
  laneBroken(worker) {
    this.scheduler.forgetKeys(worker);
    this.#pool.emitError(worker.laneError.error);
  }

  workerGone(worker) {
    this.workers.splice(this.workers.indexOf(worker), 1);
    // One that stayed for as long as the longest wait between two starts is not started again and again.
    const stay = Math.max(this.#options.restart.maxDelay, LEAST_STAY);
    if (worker.assignments.haveBegun || now() - worker.readyAt >= stay) worker.prove();
    const hasFailed = worker.hasFailedToStart && !this.#isClosing;
    this.scheduler.abandonAll(worker, (task) => createCrashError(worker, task));
    this.#pool.emitEvent('workerExit', worker, worker.exitCode, worker.signalCode);
    if (hasFailed) this.#startFailed(worker);
    else if (!this.#hasActive) this.#stopWaiting();
    this.#provideWorkers();
    this.scheduler.fill();
    // The tasks that waited for this are on their way to a spare before the time that its own replacement takes.
    if (this.#options.spares > 0) setImmediate(() => this.provide());
    if (this.workers.length === 0) for (const callback of this.#whenEmpty.splice(0)) callback();
  }

  get #hasActive() {
    return this.workers.some(({ isActive }) => isActive);
  }

  /** Another try follows, later and later; who waits is told if there is nobody else to wait for. */
  #startFailed(worker) {
    this.#failures++;
    const { error, isCertain } = worker.failure;
    if (this.#failures > 1) this.#tryLater();
    const isHopeless = isCertain || this.#failures >= MOST_SILENT_ENDS;
    const isLast = !this.#hasActive;
    const hasTask = this.scheduler.waitingCount > 0;
    if (isHopeless && isLast) this.scheduler.rejectWaitingWith(error);
    // While a worker lives, tasks are run, and more workers are tried for.
    if (isLast && this.#failures >= this.#options.restart.maxFailures) this.failure = { error };
    // Those that are still starting tell by themselves.
    const isLeftToOthers = isHopeless && this.workers.some(({ isActive, isReady }) => isActive && isReady);
    if (!hasTask || isLeftToOthers || this.failure !== undefined) this.#pool.emitError(error);
  }

  #tryLater() {
    const { delay, maxDelay, maxFailures } = this.#options.restart;
    const wait = this.#failures < maxFailures ? delay * 2 ** (this.#failures - 2) : maxDelay;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(
      () => {
        this.#retry = undefined;
        this.provide();
      },
      Math.min(maxDelay, wait, LONGEST_TIMER),
    ).unref();
  }

  #stopWaiting() {
    clearTimeout(this.#retry);
    this.#retry = undefined;
  }

  // How workers end.

  /** All that are there now are replaced. */
  recycle() {
    this.failure = undefined;
    this.#failures = 0;
    for (const worker of [...this.workers]) worker.retire();
    this.scheduler.fill();
  }

  /** From now on none is started for tasks to come; those that wait are still run. */
  endAll() {
    this.#isClosing = true;
    this.#stopWaiting();
    for (const worker of [...this.workers]) worker.end();
  }

  killAll(reason) {
    this.#isClosing = true;
    this.#stopWaiting();
    for (const worker of [...this.workers]) worker.kill(reason);
  }

  /** Resolves when there is no worker left. */
  whenEmpty() {
    if (this.workers.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  /**
   * Ends those that have had nothing to do for so many milliseconds.
   * @returns {number | undefined} How long it takes until that may be so of the next; undefined where all others stay.
   */
  endIdle(idleTimeout) {
    const before = now() - idleTimeout;
    const { minWorkers } = this.#options;
    const surplus = this.#active(false).length - minWorkers;
    const idle = this.#ready().filter(({ assignments, line, idleSince }) => {
      return assignments.size === 0 && line.size === 0 && idleSince <= before;
    });
    for (const worker of idle.slice(0, Math.max(0, surplus))) {
      worker.end();
      this.scheduler.forgetKeys(worker);
    }
    const left = this.#ready();
    if (left.length === 0 || this.#active(false).length <= minWorkers) return undefined;
    return Math.min(...left.map(({ idleSince }) => idleSince)) - before;
  }

  /** Those that could have something to do: for one that is starting, somebody may wait. */
  #ready() {
    return this.#active(false).filter(({ isReady }) => isReady);
  }
}

module.exports = { Crew };
