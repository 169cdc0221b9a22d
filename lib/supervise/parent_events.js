'use strict';

// What one who keeps processes hears of this process while they are up: its signals, and the AbortSignal that was given for them.

const parentSignals = require('./parent_signals.js');

/** Signals that ask a program to end; the process is stopped when one of them is forwarded. */
const ENDING_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGQUIT', 'SIGBREAK'];

class ParentEvents {
  #signals;
  #abortSignal;
  #stop;
  #forward;

  /**
   * @param {{ forwardSignals: string[], signal?: AbortSignal }} settings
   * @param {{ stop: (reason: string, signal?: string) => void, forward: (signal: string) => void }} actions
   */
  constructor({ forwardSignals, signal }, { stop, forward }) {
    this.#signals = forwardSignals;
    this.#abortSignal = signal;
    this.#stop = stop;
    this.#forward = forward;
  }

  listen() {
    parentSignals.listen(this.#signals, this.#onSignal);
    this.#abortSignal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  unlisten() {
    parentSignals.unlisten(this.#signals, this.#onSignal);
    this.#abortSignal?.removeEventListener('abort', this.#onAbort);
  }

  #onAbort = () => this.#stop('aborted');

  #onSignal = (signal) => {
    if (ENDING_SIGNALS.includes(signal)) this.#stop('signal', signal);
    else this.#forward(signal);
  };
}

module.exports = { ParentEvents };
