'use strict';

// Asks a process that is ready, again and again, whether it still does what it is there for.

class Probe {
  #options;
  #clock;
  #ask;
  #isStopped = false;
  /** Given when what is waited for at present is of no use any more. */
  #over = new AbortController();

  /**
   * @param {{ check: Function, interval: number, timeout: number, failures: number }} options
   * @param {import('node:child_process').ChildProcess} child
   * @param {(failure: unknown) => void} onFailed Told, at most once, what the last of so many failures in a row was.
   */
  constructor(options, child, clock, onFailed) {
    this.#options = options;
    this.#clock = clock;
    this.#ask = (signal) => options.check({ pid: child.pid, process: child, signal });
    this.#run(onFailed);
  }

  stop() {
    this.#isStopped = true;
    this.#over.abort();
  }

  async #run(onFailed) {
    const { interval, failures } = this.#options;
    for (let failed = 0; failed < failures; ) {
      this.#over = new AbortController();
      await this.#wait(interval, this.#over.signal);
      if (this.#isStopped) return;
      const failure = await this.#failureOfOne();
      if (this.#isStopped) return;
      failed = failure === undefined ? 0 : failed + 1;
      if (failed === failures) onFailed(failure.error);
    }
  }

  /** What is wrong; undefined if nothing is. */
  async #failureOfOne() {
    const { timeout } = this.#options;
    const over = new AbortController();
    this.#over = over;
    const { signal } = over;
    const isLate = this.#wait(timeout, signal).then(() => {
      throw new Error(`The probe has not answered within ${timeout} ms`);
    });
    try {
      const answer = await Promise.race([isLate, (async () => this.#ask(signal))()]);
      return answer === false ? { error: undefined } : undefined;
    } catch (error) {
      return { error };
    } finally {
      over.abort();
      // It is over in any case, and nobody looks at it.
      isLate.catch(() => {});
    }
  }

  /** Waits so long, or until the signal is given. */
  #wait(milliseconds, signal) {
    return new Promise((resolve) => {
      const done = () => {
        this.#clock.clearTimeout(timer);
        resolve();
      };
      // If this process was busy meanwhile, the time is up before it has read the answer.
      const timer = this.#clock.setTimeout(() => setImmediate(done), milliseconds);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

module.exports = { Probe };
