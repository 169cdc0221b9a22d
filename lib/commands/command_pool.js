'use strict';

// Runs commands, so many at a time. What runs and reads them is an engine; this decides which is next, and who is told.

const { AsyncResource } = require('node:async_hooks');
const { EventEmitter } = require('node:events');
const os = require('node:os');

const { listenForAbort } = require('../shared/abort_listener.js');
const { validateBoolean, validateOptions } = require('../shared/arguments.js');
const { createArgumentTypeError, createOutOfRangeError } = require('../shared/errors.js');
const { openEventsChannel } = require('../shared/events_channel.js');
const { INSPECT, showing } = require('../shared/inspected.js');
const { Command } = require('./command.js');
const { createCommandLine, createShellLine, sortArguments, validateFile } = require('./command_line.js');
const { chooseEngine, isCoreUsable } = require('./engine.js');
const { LineIterator } = require('./line_iterator.js');
const { CommandPromise, Live } = require('./live.js');
const { Queue } = require('./queue.js');
const { DEFAULTS, createSettings } = require('./settings.js');
const { Shortage, isShortage } = require('./shortage.js');

const { isHeard, publish } = openEventsChannel('fast-resolve:command-pool', 'pool');

class CommandPool extends EventEmitter {
  #concurrency;
  #maxQueue;
  #defaults;
  #isCoreWanted = isCoreUsable();
  /**
   * What follows from the end of a command has nothing to do with the call that wanted it: other commands start, and listeners
   * and streams are called. All of that runs in the asynchronous context in which the pool was made.
   */
  #context = new AsyncResource('CommandPool');
  #queue = new Queue();
  #running = new Set();
  #shortage = new Shortage(() => this.#context.runInAsyncScope(this.#startNext, this));
  #completed = 0;
  #isClosed = false;
  /** Those who wait for the last command of a closed pool. */
  #onIdle = [];

  constructor(options = {}) {
    super();
    this.#defaults = createSettings(DEFAULTS, options, ['concurrency', 'maxQueue']);
    this.#concurrency = checkCount(options.concurrency ?? countProcessors(), 'options.concurrency', 1);
    this.#maxQueue = checkCount(options.maxQueue ?? Number.POSITIVE_INFINITY, 'options.maxQueue', 0);
  }

  /** Commands that run now. */
  get running() {
    return this.#running.size;
  }

  /** Commands that wait. */
  get queued() {
    return this.#queue.size;
  }

  /** Commands that ran, or were to, and came to an end. */
  get completed() {
    return this.#completed;
  }

  /** All numbers in one call. */
  stats() {
    const { running, queued, completed } = this;
    return { running, queued, completed };
  }

  /** Runs a file. */
  run(file, args, options) {
    return this.#gather(new Error(), () => {
      validateFile(file);
      const sorted = sortArguments(args, options);
      const settings = createSettings(this.#defaults, sorted.options);
      return { settings, line: createCommandLine(file, sorted.args, settings) };
    });
  }

  /** Runs a line in a shell. */
  exec(commandLine, options) {
    return this.#gather(new Error(), () => {
      validateFile(commandLine);
      const settings = createSettings(this.#defaults, options);
      return { settings, line: createShellLine(commandLine, settings.shell || true) };
    });
  }

  /** Runs a file, and gives the lines that it writes as they come. */
  lines(file, args, options) {
    validateFile(file);
    const sorted = sortArguments(args, options);
    const settings = createSettings(this.#defaults, sorted.options);
    const line = createCommandLine(file, sorted.args, settings);
    const site = new Error();
    return new LineIterator(settings, {
      start: (reader, settle) => {
        const command = new Command(line, settings, site, (result) => {
          this.#tellEnd(result);
          settle(result);
        });
        command.reader = reader;
        this.#admit(command);
        return command;
      },
      resume: (command, bytes) => command.engine.resume(command, bytes),
      stop: (command, stop) => this.#stop(command, stop),
    });
  }

  /** Takes no more commands, and waits for those there are; with `force`, ends them. */
  async close(options = {}) {
    validateOptions(options, 'options', ['force']);
    const { force = false } = options;
    validateBoolean(force, 'options.force');
    this.#isClosed = true;
    if (force) this.#endAll();
    if (this.#running.size > 0 || this.#queue.size > 0) await new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * @param {Error} site Made where the call came in.
   * @param {() => { settings: object, line: object }} read What is to be run; what it throws rejects.
   */
  #gather(site, read) {
    let live;
    const promise = new CommandPromise((resolve, reject) => {
      const { line, settings } = read();
      const command = new Command(line, settings, site, (result) => {
        this.#tellEnd(result);
        if (result.failed && settings.reject) reject(result);
        else resolve(result);
      });
      live = new Live(command, this.#context);
      command.live = live;
      this.#admit(command);
    });
    promise.watch(live);
    return promise;
  }

  #admit(command) {
    const { priority, signal } = command.settings;
    command.watchInput(this.#context, (error) => this.#stop(command, { cause: error, isInput: true }));
    if (this.#isClosed) {
      command.refuse('ERR_COMMAND_POOL_CLOSED', 'The pool is closed');
    } else if (signal?.aborted) {
      command.finishUnstarted(signal.reason);
    } else if (this.#hasRoom) {
      this.#watchSignal(command);
      command.place = this.#queue.place(command, priority);
      this.#start(command);
    } else if (this.#queue.size < this.#maxQueue) {
      this.#watchSignal(command);
      command.place = this.#queue.add(command, priority);
      command.waiting = command.place;
    } else {
      command.refuse('ERR_COMMAND_QUEUE_FULL', `${this.#maxQueue} commands wait already`);
    }
  }

  get #hasRoom() {
    return this.#running.size < this.#concurrency && !this.#shortage.isBlocking;
  }

  #watchSignal(command) {
    const { signal } = command.settings;
    if (signal === undefined) return;
    command.stopListening = listenForAbort(signal, () => this.#stop(command, { cause: signal.reason, isInput: false }));
  }

  #start(command) {
    this.#running.add(command);
    command.markStarted();
    command.onError = this.#tellError;
    // It costs a turn of JavaScript.
    const isAwaited = command.input !== null || this.#shortage.isOn || this.#isHeard('start');
    command.onStart = isAwaited ? this.#onStart : null;
    if (this.#shortage.isOn) this.#shortage.tryOne(command);
    command.engine = chooseEngine(command.settings, this.#isCoreWanted);
    command.engine.start(command, this.#finish);
    command.live?.start();
  }

  /** There is a process. Before, its input is not touched: it may not come to one at the first try. */
  #onStart = (command, pid) => {
    command.input?.connect({
      write: (bytes) => command.engine.write(command, bytes),
      end: () => command.engine.endInput(command),
    });
    if (this.#isHeard('start')) {
      const { text, file, args, queuedMs } = command;
      this.#emitLater('start', { command: text, file, args, pid, queuedMs });
    }
    this.#context.runInAsyncScope(this.#endShortage, this);
  };

  #finish = (command, outcome) => {
    this.#running.delete(command);
    this.#shortage.forget(command);
    try {
      if (this.#isToWait(command, outcome)) {
        this.#putBack(command);
      } else {
        this.#completed++;
        this.#shortage.ease();
        command.finish(outcome);
      }
    } finally {
      this.#context.runInAsyncScope(this.#startNext, this);
    }
  };

  #isToWait({ stop, settings }, { errno }) {
    return isShortage(errno) && stop === null && this.#shortage.note(settings.startRetryTime);
  }

  #putBack(command) {
    command.engine = null;
    command.waiting = command.place;
    this.#queue.restore(command.place);
  }

  #endShortage() {
    if (!this.#shortage.isOn) return;
    this.#shortage.end();
    if (this.#queue.size > 0) this.#startNext();
    else this.#tellIfDrained();
  }

  /** The next one that finds nothing is the first of another shortage. */
  #endNeedlessShortage() {
    if (this.#shortage.isOverWithout(this.#queue.size)) this.#endShortage();
  }

  /** What nobody listens for costs nothing. */
  #isHeard(event) {
    return isHeard() || this.listenerCount(event) > 0;
  }

  #tellEnd(result) {
    if (this.#isHeard('end')) this.#emitLater('end', result);
  }

  /** No promise tells of it, and it is nothing that a process should end for. */
  #tellError = (error) => {
    if (this.listenerCount('error') > 0) {
      this.#emitLater('error', error);
      return;
    }
    publish(this, 'error', [error]);
    this.#context.runInAsyncScope(() => process.emitWarning(error));
  };

  #startNext() {
    if (this.#queue.size > 0) {
      while (this.#queue.size > 0 && this.#hasRoom) {
        const command = this.#queue.shift();
        command.waiting = null;
        this.#start(command);
      }
      this.#tellIfDrained();
    }
    this.#endNeedlessShortage();
    if (this.#running.size === 0 && this.#queue.size === 0) {
      for (const resolve of this.#onIdle.splice(0)) resolve();
    }
  }

  #tellIfDrained() {
    // One that is tried may have to wait again.
    if (this.#queue.size === 0 && !this.#shortage.isOn) this.#emitLater('drain');
  }

  /** Listeners run by themselves: what they throw must not keep other commands from their end. */
  #emitLater(event, ...values) {
    publish(this, event, values);
    process.nextTick(() => this.#context.runInAsyncScope(() => this.emit(event, ...values)));
  }

  /** Ends a command early. One that is over already is none of its pool's. */
  #stop(command, stop, isForced = false) {
    if (command.waiting !== null) {
      this.#queue.remove(command.waiting);
      command.waiting = null;
      command.stop = stop;
      if (this.#shortage.isOn) this.#endNeedlessShortage();
      else this.#tellIfDrained();
      command.finishUnstarted(stop.cause);
    } else if (this.#running.has(command)) {
      command.stop ??= stop;
      command.engine.terminate(command, isForced);
    }
  }

  #endAll() {
    const cause = Object.assign(new Error('The pool was closed'), { code: 'ERR_COMMAND_POOL_CLOSED' });
    const stop = { cause, isInput: false };
    for (const command of [...this.#queue]) this.#stop(command, stop);
    for (const command of [...this.#running]) this.#stop(command, stop, true);
  }
}

// The first Nodes of the 20th line have no such symbol.
if (Symbol.asyncDispose !== undefined) {
  CommandPool.prototype[Symbol.asyncDispose] = function asyncDispose() {
    return this.close();
  };
}

function countProcessors() {
  return os.availableParallelism();
}

function checkCount(value, name, least) {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (value !== Number.POSITIVE_INFINITY && !(Number.isInteger(value) && value >= least)) {
    throw createOutOfRangeError(name, `an integer >= ${least}, or Infinity`, value);
  }
  return value;
}

CommandPool.prototype[INSPECT] = showing('CommandPool', ({ running, queued, completed }) => ({
  running,
  queued,
  completed,
}));

module.exports = { CommandPool };
