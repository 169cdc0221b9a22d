'use strict';

// The machine, or this process, is out of descriptors or processes: commands wait until there are some again, and are tried one
// at a time, so that a thousand that wait are not a thousand failures at a time.

const { getSystemErrorName } = require('node:util');

const { clearTimeout, setTimeout } = require('./timers.js');

/** Out of descriptors, of those of the whole machine, out of processes or threads. */
const CODES = ['EMFILE', 'ENFILE', 'EAGAIN'];

/** Milliseconds until another one is tried, if none of the pool's own commands has ended: somebody else may have given back something. */
const INTERVAL = 100;

/** Whether the errno of a start says so. */
const isShortage = (errno) => errno !== 0 && CODES.includes(getSystemErrorName(errno));

class Shortage {
  #since;
  #mayTry = true;
  /** The command that is being tried. */
  #tried = null;
  #timer = null;
  #retry;

  /** @param {() => void} retry Called when another one may be tried. */
  constructor(retry) {
    this.#retry = retry;
  }

  get isOn() {
    return this.#since !== undefined;
  }

  /** Whether nobody is to be started now. */
  get isBlocking() {
    return this.isOn && !this.#mayTry;
  }

  /** Whether it is over since nobody waits, and nobody is being tried. */
  isOverWithout(waiting) {
    return this.isOn && waiting === 0 && this.#tried === null;
  }

  /**
   * A command could not be started.
   * @param {number} limit Milliseconds that it would wait, counted from the first of all that could not.
   * @returns {boolean} Whether it is to be tried again.
   */
  note(limit) {
    if (limit === 0) return false;
    const now = performance.now();
    this.#since ??= now;
    if (now - this.#since >= limit) return false;
    this.#mayTry = false;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.ease();
      this.#retry();
    }, INTERVAL);
    return true;
  }

  /** One is being tried. */
  tryOne(command) {
    this.#mayTry = false;
    this.#tried = command;
  }

  /** A command came to its end, or to none: it is not being tried any more. */
  forget(command) {
    if (this.#tried === command) this.#tried = null;
  }

  /** A command is over: there may be something again. */
  ease() {
    this.#mayTry = true;
  }

  /** One was started, or nobody is left who waits. */
  end() {
    this.#since = undefined;
    this.#mayTry = true;
    this.#tried = null;
    clearTimeout(this.#timer);
    this.#timer = null;
  }
}

module.exports = { Shortage, isShortage };
