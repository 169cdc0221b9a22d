'use strict';

// Looks after workers while they have something to do: what they have done and not sent, whether they still react, how much
// memory they take. And after those that have nothing to do.

const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { readUsage } = require('./usage.js');

/** Milliseconds between two looks. */
const INTERVAL = 25;
/** Milliseconds between two looks at a worker's memory. */
const MEMORY_INTERVAL = 500;
/** The shortest wait for idle workers. */
const SHORTEST = 20;

class Watch {
  #crew;
  #options;
  #pool;
  #interval;
  #idleTimer;
  #memorySeenAt = 0;
  #lookedAt = 0;
  /** When each of those that have something to do was first seen to. @type {Map<object, number>} */
  #busySince = new Map();
  /** Whether the system tells what a worker takes. */
  #isTold;

  constructor(crew, options, pool) {
    this.#crew = crew;
    this.#options = options;
    this.#pool = pool;
  }

  start() {
    this.#interval ??= setInterval(() => this.look(now()), INTERVAL).unref();
  }

  /** What is done every INTERVAL. */
  look(time) {
    const passed = Math.min(time - this.#lookedAt, INTERVAL);
    const wasBlocked = time - this.#lookedAt > 2 * INTERVAL;
    this.#lookedAt = time;
    const busy = this.#crew.workers.filter(({ assignments }) => assignments.size > 0);
    this.#busySince = new Map(busy.map((worker) => [worker, this.#busySince.get(worker) ?? time]));
    for (const worker of busy) {
      if (time - worker.lane.heardAt >= INTERVAL) worker.lane.readOutbox();
      // Who has not looked can't tell who has not answered.
      if (wasBlocked) worker.pingedAt = 0;
      else this.#lookAtResponse(worker, time);
    }
    this.#crew.scheduler.steal();
    this.#lookAtStreams(busy, passed);
    if (time - this.#memorySeenAt >= MEMORY_INTERVAL) this.#lookAtMemory(time);
    if (busy.length > 0) return;
    // The next task starts it again.
    clearInterval(this.#interval);
    this.#interval = undefined;
    this.#waitForIdle();
  }

  /** A worker whose event loop turns answers at once. */
  #lookAtResponse(worker, time) {
    const { unresponsiveAfter, endUnresponsive } = this.#options;
    if (unresponsiveAfter === Number.POSITIVE_INFINITY || !worker.isReady || worker.state === 'ending') return;
    // One that had nothing to do had nothing to say.
    const since = Math.max(worker.lane.heardAt, this.#busySince.get(worker));
    if (worker.pingedAt < since) {
      if (time - since >= unresponsiveAfter / 2) worker.ping(time);
      return;
    }
    if (worker.isUnresponsive || time - worker.pingedAt < unresponsiveAfter / 2) return;
    // It may have been asked earlier, because of its memory.
    if (time - since < unresponsiveAfter) return;
    worker.isUnresponsive = true;
    this.#pool.emitEvent('workerUnresponsive', worker, time - since);
    if (endUnresponsive) worker.kill(`its event loop was blocked for more than ${unresponsiveAfter} ms`);
  }

  /** A stream that nobody reads holds a worker; it is ended for those that wait for one. */
  #lookAtStreams(busy, passed) {
    const { stallTimeout } = this.#options;
    const { scheduler } = this.#crew;
    if (stallTimeout === Number.POSITIVE_INFINITY || !scheduler.isAnyWaiting) return;
    for (const worker of busy) {
      for (const assignment of worker.assignments.list()) {
        const { stream } = assignment.task;
        if (assignment.isForsaken || !stream?.isStalled) continue;
        stream.stalledFor += passed;
        if (stream.stalledFor >= stallTimeout) scheduler.endStalled(assignment, stallTimeout);
      }
    }
  }

  /** A worker that has grown too large is replaced, between two tasks. */
  #lookAtMemory(time) {
    this.#memorySeenAt = time;
    const { maxMemoryBytes } = this.#options;
    this.#isTold ??= readUsage(process.pid) !== undefined;
    if (maxMemoryBytes === Number.POSITIVE_INFINITY && this.#isTold) return;
    for (const worker of this.#crew.workers) {
      if (!worker.isActive || !worker.isReady) continue;
      // Where the system does not tell, the worker does. Were one asked again that has not answered, it would never be late.
      if (!this.#isTold && worker.pingedAt < worker.lane.heardAt) worker.ping(time);
      if (worker.stats.memoryBytes > maxMemoryBytes) worker.retire();
    }
  }

  #waitForIdle() {
    const { idleTimeout } = this.#options;
    if (idleTimeout === Number.POSITIVE_INFINITY) return;
    const look = () => {
      const wait = this.#crew.endIdle(idleTimeout);
      if (wait === undefined || this.#interval !== undefined) return;
      clearTimeout(this.#idleTimer);
      this.#idleTimer = setTimeout(look, Math.min(Math.max(SHORTEST, wait), LONGEST_TIMER)).unref();
    };
    look();
  }
}

module.exports = { INTERVAL, Watch };
