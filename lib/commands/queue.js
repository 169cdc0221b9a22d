'use strict';

// Commands that wait: those of the highest priority first, and among these the first that came. One may leave from
// anywhere, at the same small cost: a thousand that are cancelled leave nothing behind.

/** @typedef {{ priority: number, previous: Waiting | null, next: Waiting | null, command: object }} Waiting */

class Queue {
  #size = 0;
  /** The first and the last of each priority that has any. */
  #lines = new Map();
  /** The priorities that have any, the lowest first. */
  #priorities = [];

  get size() {
    return this.#size;
  }

  /** @returns {Waiting} What to leave with. */
  add(command, priority) {
    let line = this.#lines.get(priority);
    if (line === undefined) {
      line = { first: null, last: null };
      this.#lines.set(priority, line);
      this.#priorities.splice(this.#placeOf(priority), 0, priority);
    }
    const waiting = { priority, previous: line.last, next: null, command };
    if (line.last === null) line.first = waiting;
    else line.last.next = waiting;
    line.last = waiting;
    this.#size++;
    return waiting;
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
