'use strict';

const { INSPECT, showing } = require('../../shared/inspected.js');

/** A worker, as the user of a pool sees it. */
class WorkerInfo {
  #worker;

  constructor(worker) {
    this.#worker = worker;
  }

  get id() {
    return this.#worker.id;
  }

  get pid() {
    return this.#worker.process.pid;
  }

  /** Node's own ChildProcess, with all its events. */
  get process() {
    return this.#worker.process;
  }

  get isReady() {
    return this.#worker.isReady;
  }

  get isSpare() {
    return this.#worker.isSpare;
  }

  get isRetiring() {
    return this.#worker.isRetiring;
  }

  /** Tasks that it has. */
  get pending() {
    return this.#worker.assignments.size;
  }

  /** What starts and ends the process, and what takes it along when the parent is gone. */
  get mechanism() {
    return this.#worker.mechanism;
  }

  get stats() {
    return this.#worker.stats;
  }
}

WorkerInfo.prototype[INSPECT] = showing('Worker', ({ id, pid, isReady, isSpare, isRetiring, pending }) => ({
  id,
  pid,
  isReady,
  isSpare,
  isRetiring,
  pending,
}));

module.exports = { WorkerInfo };
