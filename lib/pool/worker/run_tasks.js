'use strict';

// Runs the tasks that arrive, in order, so many at a time.

const { AsyncLocalStorage } = require('node:async_hooks');
const { FLAGS, KINDS } = require('../protocol/frames.js');
const { SLOTS } = require('../protocol/control_block.js');
const { describeThrown } = require('../protocol/errors.js');
const { now } = require('../protocol/clock.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { readValue } = require('../protocol/values.js');
const { TaskContext } = require('./context.js');
const { startReading, stopReading } = require('../protocol/sockets.js');
const { streamItems } = require('./stream_items.js');

/** Milliseconds that a result may wait for the next task to end, so that both go in one write. */
const LONGEST_WAIT = 1;

class TaskRunner {
  /** By the id of the task. */
  #running = new Map();
  #waiting = [];
  #next = 0;
  #free;
  #isReady = false;
  #handles = new Map();
  #isWithoutChannel = false;
  #functions;
  #storage;
  /** The task that runs, where there is only one at a time. */
  #current;
  #afterFirst;

  constructor({ lane, memory, control, isJson, concurrency, functions, afterFirst }) {
    Object.assign(this, { lane, memory, control, isJson });
    this.#free = concurrency;
    this.#functions = functions;
    this.#afterFirst = afterFirst;
    if (concurrency > 1) this.#storage = new AsyncLocalStorage();
  }

  /** The context of the task that this is called from. */
  get current() {
    return this.#storage === undefined ? this.#current : this.#storage.getStore();
  }

  /** From now on tasks are run. */
  start() {
    this.#isReady = true;
    this.#runWaiting();
  }

  /** A task has arrived. */
  add({ id, extra, codec, chunk, start, end }) {
    this.#waiting.push({
      id,
      // Now, since a later one may get the same number.
      load: this.#functions.get(extra & FLAGS.FUNCTION_MASK),
      flags: extra,
      codec,
      chunk,
      start,
      end,
      context: undefined,
      credit: 0,
      wake: undefined,
      isCancelled: false,
    });
    if (this.#isReady && this.#free > 0) this.#runWaiting();
  }

  addHandle({ id, head }, handle) {
    stopReading(handle);
    if (head !== undefined) handle?.unshift(Buffer.from(head, 'base64'));
    this.#handles.set(id, handle);
    if (this.#isReady) this.#runWaiting();
  }

  /** No handle comes any more. */
  loseChannel() {
    this.#isWithoutChannel = true;
    if (this.#isReady) this.#runWaiting();
  }

  cancel(id, reason) {
    const task = this.#running.get(id);
    if (task === undefined) return;
    task.isCancelled = true;
    task.wake?.();
    TaskContext.abort(task.context, reason);
  }

  /** The consumer of a stream takes so many items more. */
  pull(id, items) {
    const task = this.#running.get(id);
    if (task === undefined) return;
    task.credit += items;
    task.wake?.();
  }

  #runWaiting() {
    while (this.#free > 0 && this.#next < this.#waiting.length) {
      const task = this.#waiting[this.#next];
      // The handle comes by Node's channel, the task by the lane.
      const isIncomplete = task.flags & FLAGS.HAS_HANDLE && !this.#handles.has(task.id);
      if (isIncomplete && !this.#isWithoutChannel) break;
      this.#waiting[this.#next++] = undefined;
      if (isIncomplete) this.lane.signal(KINDS.NO_HANDLE, task.id, now());
      else this.#begin(task);
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    } else if (this.#next > SLOTS) {
      this.#waiting = this.#waiting.slice(this.#next);
      this.#next = 0;
    }
  }

  #begin(task) {
    const time = now();
    // What has ended does not wait for what may take long.
    if (time - this.lane.since > LONGEST_WAIT) this.lane.flush();
    const isOurs = this.control === undefined || this.control.begin(task.id % SLOTS, task.id, time);
    const handle = this.#takeHandle(task);
    if (!isOurs) {
      // The parent has its own, which another worker gets.
      if (typeof handle?.destroy === 'function') handle.destroy();
      else handle?.close();
      return;
    }
    startReading(handle);
    this.#free--;
    task.context = new TaskContext(this, task.id);
    this.#current = task.context;
    this.#running.set(task.id, task);
    let result;
    let isLater = false;
    try {
      const value = readValue(task, this.memory);
      task.chunk = undefined;
      const { load } = task;
      result =
        typeof load === 'function' ? this.#call(load, value, task, handle) : this.#callLater(load, value, task, handle);
      // To ask for `then` may throw, as all that belongs to the user.
      isLater = typeof result?.then === 'function';
    } catch (error) {
      this.#fail(task, error);
      return;
    }
    if (isLater || task.flags & FLAGS.STREAM) this.#settleLater(task, result);
    else this.#succeed(task, result);
  }

  #takeHandle({ id, flags }) {
    if (!(flags & FLAGS.HAS_HANDLE)) return undefined;
    const handle = this.#handles.get(id);
    this.#handles.delete(id);
    return handle;
  }

  #call(callee, value, { context }, handle) {
    if (handle !== undefined) context.handle = handle;
    return this.#storage === undefined ? callee(value, context) : this.#storage.run(context, callee, value, context);
  }

  /** The function's file is being loaded. */
  async #callLater(load, value, task, handle) {
    return this.#call(await load, value, task, handle);
  }

  async #settleLater(task, given) {
    let result;
    try {
      result = await given;
      if (task.flags & FLAGS.STREAM) result = await streamItems(this, task, result);
    } catch (error) {
      this.#fail(task, error);
      this.#runWaiting();
      return;
    }
    this.#succeed(task, result);
    this.#runWaiting();
  }

  #succeed(task, result) {
    const time = now();
    this.control?.end(task.id % SLOTS, time);
    try {
      if (task.flags & FLAGS.STREAM) this.lane.signal(KINDS.END, task.id, time);
      else this.lane.send(KINDS.RESULT, task.id, result, this.memory, this.isJson, time);
    } catch (error) {
      this.#fail(task, error);
      return;
    }
    this.#end(task);
  }

  #fail(task, error) {
    const time = now();
    // A socket is the parent's again. Of a result that can't be cloned, it may be the reason.
    const { handle } = task.context;
    if (typeof handle?.destroy === 'function') handle.destroy();
    this.control?.end(task.id % SLOTS, time);
    this.lane.send(KINDS.FAILURE, task.id, describeThrown(error), noMemory, false, time);
    this.#end(task);
  }

  #end(task) {
    this.#free++;
    this.#running.delete(task.id);
    if (this.#current === task.context) this.#current = undefined;
    if (this.#afterFirst === undefined) return;
    setImmediate(this.#afterFirst);
    this.#afterFirst = undefined;
  }
}

module.exports = { TaskRunner };
