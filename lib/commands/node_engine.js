'use strict';

// Runs commands with Node's own `child_process`, where the core can't: the same results, but for the resource usage, which
// Node does not tell.

const { NodeProcess } = require('./node_process.js');

class NodeEngine {
  /** By command: the process, and who is told of its end. */
  #processes = new Map();

  start(command, finish) {
    if (this.#processes.size === 0) process.on('exit', this.#killAll);
    const run = new NodeProcess(command, (outcome) => {
      this.#processes.delete(command);
      if (this.#processes.size === 0) process.off('exit', this.#killAll);
      finish(command, outcome);
    });
    this.#processes.set(command, run);
    run.start();
  }

  terminate(command, isForced) {
    this.#processes.get(command)?.cancel(isForced);
  }

  write(command, bytes) {
    return this.#processes.get(command)?.write(bytes) ?? false;
  }

  endInput(command) {
    this.#processes.get(command)?.endInput();
  }

  pidOf(command) {
    return this.#processes.get(command)?.pid;
  }

  show(command, descriptor) {
    this.#processes.get(command)?.show(descriptor);
  }

  resume(command) {
    this.#processes.get(command)?.resume();
  }

  /** The nearest thing to a parent-death signal: it helps where the process ends in good order. */
  #killAll = () => {
    for (const run of this.#processes.values()) run.abandon();
  };
}

module.exports = { NodeEngine };
