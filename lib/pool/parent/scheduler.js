'use strict';

// Who gets which task. Tasks go to the worker that has least to do; with shared memory they are given ahead of what it can
// run, so that it is never idle, and are taken back when another one is.

const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { LONGEST_SILENCE } = require('./assignment.js');
const { Counts } = require('./counts.js');
const { CustomQueue } = require('./custom_queue.js');
const { createAbortError, createStalledError, createTimeoutError } = require('./errors.js');
const { TaskQueue } = require('./task_queue.js');

/** Tasks that a worker is given beyond those that it runs. */
const AHEAD = 64;
/** How often an idempotent task is begun before its worker's end counts as its own. */
const MOST_ATTEMPTS = 3;
/** Milliseconds without a result, after which what a worker has not begun may go to another one. */
const SLOW = 1;
/** Errors of a channel that the worker has closed; the event for that may come later. */
const CLOSED_CODES = ['ERR_IPC_CHANNEL_CLOSED', 'EPIPE', 'ECONNRESET'];

class Scheduler {
  /** Tasks that no worker has. */
  queue;
  #options;
  #crew;
  #isWindowed;
  #isStealing = false;
  #keys = new Map();

  /**
   * @param {object} crew The workers: see crew.js.
   * @param {(error: unknown) => void} onError Told of what no task is told of.
   */
  constructor(options, crew, onError) {
    this.#options = options;
    this.#crew = crew;
    this.counts = new Counts(options.recordTiming);
    const { taskQueue } = options;
    this.queue = taskQueue === undefined ? new TaskQueue() : new CustomQueue(taskQueue, onError);
    // A queue of the user's decides at every turn what is next; nothing is to be ahead of it.
    this.#isWindowed = options.taskQueue === undefined;
  }

  /** Tasks that wait, for any worker or for one of their own. */
  get waitingCount() {
    let count = this.queue.size;
    for (const { line } of this.#crew.workers) count += line.size;
    return count;
  }

  /** Tasks that wait, run, or were left by their caller and still run. */
  get demand() {
    let demand = this.waitingCount;
    for (const { assignments } of this.#crew.workers) demand += assignments.size;
    return demand;
  }

  /** Whether any task waits for what a worker does. */
  get isAnyWaiting() {
    const { concurrency } = this.#options;
    return this.waitingCount > 0 || this.#crew.workers.some(({ assignments }) => assignments.size > concurrency);
  }

  submit(task) {
    if (task.options.key !== undefined) {
      this.#submitSticky(task);
      return;
    }
    if (task.priority !== 0 && this.#isWindowed) this.#respectPriorities();
    const worker = this.queue.size === 0 ? this.#pick() : undefined;
    if (worker === undefined) this.queue.push(task);
    else this.#give(worker, task);
    if (worker === undefined || worker.assignments.size > this.#options.concurrency) this.#crew.provide();
  }

  /** From now on nobody is given more than can begin at once, so that what is urgent is next. */
  #respectPriorities() {
    this.#isWindowed = false;
    for (const worker of this.#crew.workers) this.takeBack(worker);
  }

  #submitSticky(task) {
    const { key } = task.options;
    let worker = this.#keys.get(key);
    if (worker === undefined || !worker.isActive) {
      worker = this.#crew.leastLoaded();
      if (worker === undefined) {
        this.queue.push(task);
        this.#crew.provide();
        return;
      }
      this.#keys.set(key, worker);
    }
    worker.line.push(task);
    this.fill();
    this.#crew.provide();
  }

  /** Forgets which worker the keys of this one led to. */
  forgetKeys(worker) {
    for (const [key, owner] of this.#keys) if (owner === worker) this.#keys.delete(key);
  }

  #windowOf(worker) {
    const { concurrency } = this.#options;
    const window = this.#isWindowed && worker.assignments.canBeAhead ? concurrency + AHEAD : concurrency;
    return Math.min(window, this.#options.maxTasksPerWorker - worker.assignments.given + worker.assignments.size);
  }

  #hasRoom(worker) {
    return (
      worker.isReady &&
      worker.isActive &&
      !worker.isSpare &&
      !worker.lane.isBlocked &&
      worker.assignments.hasRoom &&
      worker.assignments.size < this.#windowOf(worker)
    );
  }

  /** The worker with least to do that takes one more. */
  #pick() {
    let picked;
    for (const worker of this.#crew.workers) {
      const isLess = picked === undefined || worker.assignments.size < picked.assignments.size;
      if (isLess && this.#hasRoom(worker)) picked = worker;
    }
    return picked;
  }

  /** Gives out what waits, as far as there is room. */
  fill() {
    for (const worker of this.#crew.workers) {
      while (worker.line.size > 0 && this.#hasRoom(worker)) this.#give(worker, worker.line.shift());
    }
    while (this.queue.size > 0) {
      const worker = this.#pick();
      if (worker === undefined) return;
      const task = this.queue.shift();
      if (task === undefined) return;
      // It has waited for the first worker.
      if (task.options.key === undefined) this.#give(worker, task);
      else this.#submitSticky(task);
    }
    this.#considerStealing();
  }

  #give(worker, task) {
    let assignment;
    try {
      assignment = worker.assignments.give(task);
    } catch (error) {
      task.reject(error);
      return;
    }
    task.assignment = assignment;
    const { timeout } = task.options;
    if (timeout !== Number.POSITIVE_INFINITY) this.#limit(assignment, timeout, timeout);
    if (worker.assignments.given >= this.#options.maxTasksPerWorker) worker.retire();
    this.#crew.watch.start();
  }

  /** The time of a task counts from its beginning, which the worker has written down. */
  #limit(assignment, timeout, rest) {
    // A parent that was busy reads what has come before it looks.
    const look = () => {
      if (assignment.isCurrent) this.#checkLimit(assignment, timeout);
    };
    assignment.timer = setTimeout(() => setImmediate(look), Math.min(rest, LONGEST_TIMER)).unref();
  }

  #checkLimit(assignment, timeout) {
    if (assignment.isForsaken) return;
    if (assignment.isOnItsWay) {
      this.#limit(assignment, timeout, LONGEST_SILENCE);
      return;
    }
    const elapsed = assignment.elapsed(now());
    if (elapsed < timeout || !assignment.hasBegun) {
      this.#limit(assignment, timeout, Math.max(1, timeout - elapsed));
      return;
    }
    const error = createTimeoutError(timeout);
    assignment.task.reject(error);
    this.#forsake(assignment, error);
  }

  /** The task is not wanted any more. */
  abort(task, reason) {
    const hasBegun = !this.#withdraw(task);
    task.reject(createAbortError(reason));
    if (hasBegun) this.#forsake(task.assignment, reason);
  }

  /** Takes a task out of wherever it waits; false if a worker has begun it. */
  #withdraw(task) {
    const { assignment } = task;
    if (assignment === null) {
      const isInLine = this.#crew.workers.some(({ line }) => line.remove(task));
      if (!isInLine) this.queue.remove(task);
      return true;
    }
    if (!assignment.revoke()) return false;
    assignment.worker.assignments.remove(assignment);
    task.assignment = null;
    return true;
  }

  /** Has the worker stop what it has begun: by being told, else by its end. */
  #forsake(assignment, reason) {
    const { killAfter } = this.#options;
    clearTimeout(assignment.timer);
    assignment.isForsaken = true;
    assignment.cancel(reason);
    if (killAfter !== Number.POSITIVE_INFINITY) this.#killLater(assignment, killAfter);
  }

  #killLater(assignment, wait) {
    const look = () => {
      if (!assignment.isCurrent) return;
      if (assignment.isOnItsWay) this.#killLater(assignment, LONGEST_SILENCE);
      else assignment.worker.kill('a task did not stop when it was told to');
    };
    assignment.timer = setTimeout(() => setImmediate(look), Math.min(wait, LONGEST_TIMER)).unref();
  }

  /** The consumer of a stream has left. */
  leaveStream(task) {
    if (task.isSettled) return;
    const reason = createAbortError(undefined, 'The consumer of the stream has left');
    if (this.#withdraw(task)) task.reject(reason);
    else {
      task.resolve(undefined);
      this.#forsake(task.assignment, reason);
    }
    this.fill();
  }

  /** Nobody has read a stream for so long, and others wait for its worker. */
  endStalled(assignment, milliseconds) {
    const error = createStalledError(milliseconds);
    assignment.task.reject(error);
    this.#forsake(assignment, error);
  }

  /** Takes back what a worker has not begun. */
  takeBack(worker, most = Number.POSITIVE_INFINITY) {
    const { assignments } = worker;
    let count = 0;
    for (const assignment of assignments.list().reverse()) {
      if (count === most) break;
      if (assignment.isForsaken || !assignment.revoke()) continue;
      assignments.remove(assignment);
      this.#requeue(assignment.task);
      count++;
    }
    return count;
  }

  /** The worker has closed its channel, or the system does not let the handle through; nor will it others. */
  handleNotSent(assignment, error) {
    const { task, worker, isForsaken } = assignment;
    // Parent and worker may both find it out.
    if (!assignment.isCurrent) return;
    worker.assignments.remove(assignment);
    if (!isForsaken) this.#tryElsewhere(task, error, !worker.process.connected || CLOSED_CODES.includes(error.code));
    worker.retire();
    this.fill();
  }

  #tryElsewhere(task, error, mayHelp) {
    task.attempts++;
    if (mayHelp && task.attempts < MOST_ATTEMPTS) this.#requeue(task);
    else {
      task.assignment = null;
      task.reject(error);
    }
  }

  /** A worker has ended a task. Whether anybody waits for its result. */
  end(assignment) {
    const { task, worker, isForsaken } = assignment;
    worker.prove();
    worker.completed++;
    const { beganAt, endedAt } = assignment;
    this.counts.add(beganAt - task.enqueuedAt, endedAt - beganAt, !isForsaken);
    worker.assignments.remove(assignment);
    return !isForsaken;
  }

  /** A worker is given nothing more: what waits for it goes to others, and so does what it has not begun, unless that is to be its last. */
  leave(worker) {
    this.forgetKeys(worker);
    for (let task = worker.line.shift(); task !== undefined; task = worker.line.shift()) this.submit(task);
    if (worker.assignments.given < this.#options.maxTasksPerWorker) this.takeBack(worker);
  }

  /** Puts a task back to the front, where it came from. */
  #requeue(task) {
    task.assignment = null;
    this.queue.unshift(task);
  }

  /** A worker is gone: what it had not begun goes to others, the rest is told. */
  abandonAll(worker, createError) {
    const { assignments, line } = worker;
    const told = [];
    const inLine = [];
    for (let task = line.shift(); task !== undefined; task = line.shift()) inLine.push(task);
    for (const task of inLine.reverse()) this.#requeue(task);
    for (const assignment of assignments.list().reverse()) {
      const { task, isForsaken } = assignment;
      const { hasBegun } = assignment;
      assignments.remove(assignment);
      if (isForsaken) continue;
      task.assignment = null;
      if (hasBegun) task.attempts++;
      const mayRunAgain = task.options.idempotent && task.attempts < MOST_ATTEMPTS && task.stream === undefined;
      if (!hasBegun || mayRunAgain) this.#requeue(task);
      else told.push(task);
    }
    this.forgetKeys(worker);
    // Whoever listens finds everything where it belongs.
    for (const task of told) task.reject(createError(task));
  }

  /** Ends all that waits, each with an error of its own. */
  rejectWaiting(createError) {
    this.#endWaiting((task) => task.reject(createError(task)));
  }

  /** Ends all that waits with one error. */
  rejectWaitingWith(error) {
    this.#endWaiting((task) => task.rejectLikeOthers(error));
  }

  #endWaiting(end) {
    for (const { line } of this.#crew.workers) {
      for (let task = line.shift(); task !== undefined; task = line.shift()) end(task);
    }
    // Who hears of one of them may cancel the others.
    for (const task of this.queue.takeAll()) if (!task.isSettled) end(task);
  }

  /** Nothing waits: an idle worker may still take over what another one has not come to. */
  #considerStealing() {
    if (this.#isStealing || !this.#isWindowed || this.#crew.workers.length < 2 || this.#findThief() === undefined)
      return;
    if (this.#findVictim() === undefined) return;
    this.#isStealing = true;
    // Whoever waited for results may be about to ask for more.
    setImmediate(() => {
      this.#isStealing = false;
      this.steal();
    }).unref();
  }

  #findThief() {
    const { concurrency } = this.#options;
    return this.#crew.workers.find((worker) => worker.assignments.size < concurrency && this.#hasRoom(worker));
  }

  /** The worker that has most to do beyond what it runs. */
  #findVictim() {
    let victim;
    for (const worker of this.#crew.workers) {
      const { size } = worker.assignments;
      if (size > this.#options.concurrency && size > (victim?.assignments.size ?? 0)) victim = worker;
    }
    return victim;
  }

  /** Has idle workers take over what a slow one was given. */
  steal() {
    if (this.queue.size > 0 || this.#findThief() === undefined) return;
    const victim = this.#findVictim();
    if (victim === undefined || now() - victim.lane.heardAt < SLOW) return;
    const spare = victim.assignments.size - this.#options.concurrency;
    if (this.takeBack(victim, Math.ceil(spare / 2)) > 0) this.fill();
  }
}

module.exports = { Scheduler };
