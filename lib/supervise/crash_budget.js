'use strict';

// How many restarts within which time are too many: Erlang's intensity and period, systemd's StartLimitBurst and
// StartLimitIntervalSec.

class CrashBudget {
  #maxRestarts;
  #window;
  /** When it was restarted, oldest first; never more than `maxRestarts` of them. */
  #spent = [];

  constructor({ maxRestarts, window }) {
    this.#maxRestarts = maxRestarts;
    this.#window = window;
  }

  /** Whether one more restart is within the budget at this time, which never runs backwards; it is then spent. */
  spend(now) {
    if (this.#maxRestarts === Number.POSITIVE_INFINITY) return true;
    while (this.#spent.length > 0 && now - this.#spent[0] >= this.#window) this.#spent.shift();
    if (this.#spent.length >= this.#maxRestarts) return false;
    this.#spent.push(now);
    return true;
  }

  reset() {
    this.#spent = [];
  }
}

module.exports = { CrashBudget };
