'use strict';

// Commands that wait: those of the highest priority first, and among these the first that came. One may leave from
// anywhere, at the same small cost: a thousand that are cancelled leave nothing behind.

/** @typedef {{ priority: number, order: number, previous: Waiting | null, next: Waiting | null, command: object }} Waiting */

class Queue {
  #size = 0;
  #lastOrder = 0;
  /** The first and the last of each priority that has any. */
  #lines = new Map();
  /** The priorities that have any, the lowest first. */
  #priorities = [];

  get size() {
    return this.#size;
  }

  /** @returns {Waiting} What to leave with. */
  add(command, priority) {
    const waiting = this.place(command, priority);
    const line = this.#lineOf(priority);
    this.#insert(line, waiting, line.last, null);
    return waiting;
  }

  /** @returns {Waiting} The place of one that comes now, and does not wait: it may have to later. */
  place(command, priority) {
    this.#lastOrder++;
    return { priority, order: this.#lastOrder, previous: null, next: null, command };
  }

  /**
   * One waits again, before all that came after it.
   * @param {Waiting} waiting As `add` or `place` gave it, and not in here.
   */
  restore(waiting) {
    const line = this.#lineOf(waiting.priority);
    let next = line.first;
    // Those that were given back before are few: no more than run at a time.
    while (next !== null && next.order < waiting.order) next = next.next;
    this.#insert(line, waiting, next === null ? line.last : next.previous, next);
  }

  #lineOf(priority) {
    let line = this.#lines.get(priority);
    if (line === undefined) {
      line = { first: null, last: null };
      this.#lines.set(priority, line);
      this.#priorities.splice(this.#placeOf(priority), 0, priority);
    }
    return line;
  }

  #insert(line, waiting, previous, next) {
    waiting.previous = previous;
    waiting.next = next;
    if (previous === null) line.first = waiting;
    else previous.next = waiting;
    if (next === null) line.last = waiting;
    else next.previous = waiting;
    this.#size++;
  }

  /** Takes the next command; undefined if none waits. */
  shift() {
    const priority = this.#priorities.at(-1);
    if (priority === undefined) return undefined;
    const { first } = this.#lines.get(priority);
    this.remove(first);
    return first.command;
  }

  /** @param {Waiting} waiting As `add` gave it, and still in here. */
  remove(waiting) {
    const { priority, previous, next } = waiting;
    const line = this.#lines.get(priority);
    if (previous === null) line.first = next;
    else previous.next = next;
    if (next === null) line.last = previous;
    else next.previous = previous;
    this.#size--;
    if (line.first === null) {
      this.#lines.delete(priority);
      this.#priorities.splice(this.#placeOf(priority), 1);
    }
  }

  /** All that wait, in the order in which they would be taken. */
  *[Symbol.iterator]() {
    for (const priority of [...this.#priorities].reverse()) {
      for (let waiting = this.#lines.get(priority).first; waiting !== null; waiting = waiting.next) {
        yield waiting.command;
      }
    }
  }

  /** Where a priority stands, or would stand. */
  #placeOf(priority) {
    let low = 0;
    let high = this.#priorities.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#priorities[middle] < priority) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

module.exports = { Queue };
