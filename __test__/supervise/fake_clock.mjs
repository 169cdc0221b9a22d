// Time that passes when a test says so.

export class FakeClock {
  #now = 0;
  #timers = new Set();

  /** Chance, as the supervisor takes it; 0: no jitter. */
  random = () => 0;

  now = () => this.#now;

  setTimeout = (callback, delay) => {
    const timer = { at: this.#now + delay, callback };
    this.#timers.add(timer);
    return timer;
  };

  clearTimeout = (timer) => {
    this.#timers.delete(timer);
  };

  /** In how many milliseconds each timer is due. */
  get pending() {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((a, b) => a - b);
  }

  /** Runs what is due within this time, in its order. */
  advance(milliseconds) {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#timers.delete(next);
      this.#now = next.at;
      next.callback();
    }
    this.#now = end;
  }
}
