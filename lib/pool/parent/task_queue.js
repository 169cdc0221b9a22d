'use strict';

/** The tasks that wait: those of the highest priority first, and among them the one that came first. */
class TaskQueue {
  size = 0;
  /** By priority. */
  #lines = new Map();
  #priorities = [];

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
      const task = this.#lines.get(priority).shift();
      if (task !== undefined) {
        this.size--;
        return task;
      }
    }
    return undefined;
  }

  remove(task) {
    const isRemoved = this.#lines.get(task.priority)?.remove(task) ?? false;
    if (isRemoved) this.size--;
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
