'use strict';

const USUAL = 0;

/** The tasks that wait: those of the highest priority first, and among them the one that came first. */
class TaskQueue {
  size = 0;
  /** By priority. */
  #lines = new Map();
  #priorities = [];

  /** How many different ones it knows. */
  get priorityCount() {
    return this.#priorities.length;
  }

  push(task) {
    this.#lineOf(task.priority).push(task);
    this.size++;
  }

  /** Puts a task back to where it came from. */
  unshift(task) {
    this.#lineOf(task.priority).unshift(task);
    this.size++;
  }

  shift() {
    for (const priority of this.#priorities) {
      const line = this.#lines.get(priority);
      const task = line.shift();
      if (task === undefined) continue;
      this.size--;
      if (line.size === 0) this.#forget(priority);
      return task;
    }
    return undefined;
  }

  /** Takes all that wait. */
  takeAll() {
    return Array.from({ length: this.size }, () => this.shift());
  }

  remove(task) {
    const line = this.#lines.get(task.priority);
    if (line === undefined || !line.remove(task)) return;
    this.size--;
    if (line.size === 0) this.#forget(task.priority);
  }

  /** Priorities may be as many as tasks (a deadline is one). The usual one is always there. */
  #forget(priority) {
    if (priority === USUAL) return;
    this.#lines.delete(priority);
    this.#priorities.splice(this.#priorities.indexOf(priority), 1);
  }

  #lineOf(priority) {
    let line = this.#lines.get(priority);
    if (line === undefined) {
      line = new Line();
      this.#lines.set(priority, line);
      this.#priorities.push(priority);
      this.#priorities.sort((left, right) => right - left);
    }
    return line;
  }
}

const ENOUGH = 1024;

/** First in, first out, without moving what waits. */
class Line {
  #tasks = [];
  #first = 0;

  get size() {
    return this.#tasks.length - this.#first;
  }

  push(task) {
    this.#tasks.push(task);
  }

  unshift(task) {
    if (this.#first > 0) this.#tasks[--this.#first] = task;
    else this.#tasks.unshift(task);
  }

  shift() {
    if (this.#first === this.#tasks.length) return undefined;
    const task = this.#tasks[this.#first];
    this.#tasks[this.#first++] = undefined;
    if (this.#first === this.#tasks.length || this.#first > ENOUGH) {
      this.#tasks = this.#tasks.slice(this.#first);
      this.#first = 0;
    }
    return task;
  }

  remove(task) {
    const index = this.#tasks.indexOf(task, this.#first);
    if (index !== -1) this.#tasks.splice(index, 1);
    return index !== -1;
  }
}

module.exports = { Line, TaskQueue };
