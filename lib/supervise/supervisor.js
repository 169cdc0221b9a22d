'use strict';

// Keeps one process running. A Run is one process; the supervisor decides what follows its end.
//
// There is at most one current run. A reload has a second one, which becomes the current one when it is ready; the former is
// retired then. The end of the current run is answered in one place (#onEnd), unless somebody retired it before.

const { EventEmitter } = require('node:events');
const { callUser } = require('../shared/call_user.js');
const { openEventsChannel } = require('../shared/events_channel.js');
const { INSPECT, showing } = require('../shared/inspected.js');

const { restartDelay } = require('./backoff.js');
const { CrashBudget } = require('./crash_budget.js');
const { createFailedError, createStoppedError } = require('./errors.js');
const { HeldSockets } = require('./held_sockets.js');
const { startEndingWithParent } = require('./parent_exit.js');
const { ParentEvents } = require('./parent_events.js');
const { isCrash, isWanted } = require('./restart_policy.js');
const { Run } = require('./run.js');

/** What a group does with its members. */
const STOP = Symbol('stop');
const FORWARD = Symbol('forward');

const { publish } = openEventsChannel('fast-resolve:supervisor', 'supervisor');

class Supervisor extends EventEmitter {
  #settings;
  #clock;
  #sockets;
  #parent;
  #budget;
  #state = 'starting';
  #restarts = 0;
  /** Restarts since it last was up for `minUptime`. */
  #attempt = 0;
  #current;
  /** Every run that has not ended. */
  #live = new Set();
  #restartTimer;
  /** Restarts and reloads that were asked for take place one after the other. */
  #operations = Promise.resolve();
  /** Counts the stops: what was asked for before one of them is not done after it. */
  #epoch = 0;
  #stopping;
  #failure;
  /** Those who wait for the process to be ready. */
  #waiting = new Set();

  /**
   * @param {ReturnType<import('./settings.js').createSettings>} settings
   * @param {HeldSockets} [sockets] Those of a group, which its members share.
   */
  constructor(settings, clock, sockets = new HeldSockets(settings.handles)) {
    super();
    this.#settings = settings;
    this.#clock = clock;
    this.#budget = new CrashBudget(settings.restart);
    this.#sockets = sockets;
    this.#parent = new ParentEvents(settings, {
      stop: (reason, signal) => this.#stop(reason, signal),
      forward: (signal) => this[FORWARD](signal),
    });
    this.#open();
    this.#launch();
  }

  get state() {
    return this.#state;
  }

  get pid() {
    return this.process?.pid;
  }

  get process() {
    return this.#current?.hasEnded ? undefined : this.#current?.child;
  }

  get restarts() {
    return this.#restarts;
  }

  get addresses() {
    return this.#sockets.addresses();
  }

  /** All numbers in one call. */
  stats() {
    const { readyAt, hasEnded } = this.#current;
    const isUp = readyAt !== undefined && !hasEnded;
    return {
      state: this.#state,
      pid: this.pid,
      restarts: this.#restarts,
      attempt: this.#attempt,
      uptimeMs: isUp ? this.#clock.now() - readyAt : 0,
    };
  }

  whenReady() {
    if (this.#state === 'running' || this.#state === 'reloading') return Promise.resolve();
    if (this.#state === 'failed') return Promise.reject(this.#failure);
    if (this.#state === 'stopped') return Promise.reject(createStoppedError(this.#settings.title));
    return this.#nextReady();
  }

  stop() {
    return this.#stop('requested');
  }

  restart() {
    return this.#enqueue(() => this.#restart());
  }

  reload() {
    return this.#enqueue(() => (this.#state === 'running' ? this.#reload() : this.#restart()));
  }

  [Symbol.asyncDispose]() {
    return this.stop();
  }

  /** Takes what is held while the service is up. */
  #open() {
    this.#settings.signal?.throwIfAborted();
    this.#sockets.open();
    this.#parent.listen();
  }

  #close() {
    this.#sockets.close();
    this.#parent.unlisten();
  }

  [STOP](reason, signal) {
    return this.#stop(reason, signal);
  }

  [FORWARD](signal) {
    for (const run of this.#live) run.kill(signal);
  }

  #createRun() {
    const start = (announcedTo) => new Run(this.#settings, this.#sockets, this.#clock, announcedTo);
    const run = this.#settings.detached ? start() : startEndingWithParent(start);
    this.#live.add(run);
    run.once('start', () => this.#tell('start', { pid: run.pid }));
    run.child?.on('message', (message, handle) => this.#tell('message', message, handle, { pid: run.pid }));
    run.once('end', (ending) => {
      this.#live.delete(run);
      const { exitCode, signal, error } = ending;
      // Without a number there was no process that could exit.
      if (run.pid !== undefined) this.#tell('exit', { pid: run.pid, exitCode, signal, error });
      // Who was told of it may have stopped all.
      const isStopped = run.isRetired || this.#stopping !== undefined;
      if (run === this.#current && !isStopped) this.#onEnd(run, ending);
    });
    return run;
  }

  #launch() {
    this.#restartTimer = undefined;
    this.#state = 'starting';
    const run = this.#createRun();
    run.once('ready', () => this.#onReady(run));
    this.#current = run;
  }

  #onReady(run) {
    this.#state = 'running';
    for (const { resolve } of this.#waiting) resolve();
    this.#waiting.clear();
    this.#tell('ready', { pid: run.pid });
  }

  #onEnd(run, ending) {
    // The one that is being started takes its place, or its end is answered in the place of this one's.
    if (this.#state === 'reloading') return;
    this.#answer(run, ending);
  }

  #answer(run, ending) {
    const { restart } = this.#settings;
    const now = this.#clock.now();
    if (run.readyAt !== undefined && now - run.readyAt >= restart.minUptime) this.#attempt = 0;
    if (!isWanted(restart.when, ending)) {
      if (isCrash(ending)) this.#fail(ending, '');
      else this.#settle('stopped', createStoppedError(this.#settings.title), 'stop', { reason: 'exit' });
      return;
    }
    if (!this.#budget.spend(now)) {
      this.#fail(ending, `, and was restarted ${restart.maxRestarts} times within ${restart.window} ms`);
      return;
    }
    const delay = restartDelay(this.#attempt, restart, this.#clock.random());
    this.#attempt += 1;
    this.#restarts += 1;
    this.#state = 'backoff';
    this.#restartTimer = this.#clock.setTimeout(() => this.#launch(), delay);
    this.#tell('restart', { ...ending, delay, attempt: this.#attempt });
  }

  #fail(ending, consequence) {
    this.#failure = createFailedError(this.#settings.title, ending, this.#settings, this.#restarts, consequence);
    this.#settle('failed', this.#failure, 'failed', this.#failure);
  }

  /** The service is down. Whoever waited for it hears why. */
  #settle(state, error, event, detail) {
    this.#close();
    this.#state = state;
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
    this.#tell(event, detail);
  }

  /** A listener that throws is its program's affair, and must not keep what comes next from being done. */
  #tell(event, ...details) {
    publish(this, event, details);
    callUser(() => this.emit(event, ...details));
  }

  #nextReady() {
    return new Promise((resolve, reject) => this.#waiting.add({ resolve, reject }));
  }

  async #stop(reason, signal) {
    if (this.#stopping !== undefined) {
      // Asked again by another signal, somebody is in a hurry: the process gets that one, too.
      if (signal !== undefined) for (const run of this.#live) run.kill(signal);
      return this.#stopping;
    }
    if (this.#state === 'stopped' || this.#state === 'failed') return undefined;
    this.#epoch += 1;
    this.#state = 'stopping';
    this.#clock.clearTimeout(this.#restartTimer);
    this.#stopping = this.#retireAll(signal).finally(() => {
      this.#stopping = undefined;
      this.#settle('stopped', createStoppedError(this.#settings.title), 'stop', { reason });
    });
    return this.#stopping;
  }

  async #retireAll(signal) {
    await Promise.all([...this.#live].map((run) => this.#retire(run, signal)));
  }

  #retire(run, signal) {
    run.isRetired = true;
    return run.stop(signal);
  }

  #enqueue(operation) {
    const epoch = this.#epoch;
    const promise = this.#operations.then(async () => {
      await this.#stopping;
      if (epoch !== this.#epoch) throw createStoppedError(this.#settings.title);
      await operation();
    });
    this.#operations = promise.catch(() => {});
    return promise;
  }

  async #restart() {
    const epoch = this.#epoch;
    if (this.#state === 'stopped' || this.#state === 'failed') this.#open();
    this.#clock.clearTimeout(this.#restartTimer);
    this.#budget.reset();
    this.#attempt = 0;
    this.#state = 'stopping';
    this.#tell('restart', { reason: 'requested', exitCode: null, signal: null, delay: 0, attempt: 0 });
    await this.#retireAll();
    if (epoch !== this.#epoch) throw createStoppedError(this.#settings.title);
    this.#launch();
    await this.#nextReady();
  }

  /** The former process serves until the next one is ready, and goes on if that never happens. */
  async #reload() {
    const epoch = this.#epoch;
    const former = this.#current;
    this.#state = 'reloading';
    const next = this.#createRun();
    next.once('ready', () => {
      this.#current = next;
      this.#onReady(next);
    });
    const isReady = await next.ready;
    if (epoch !== this.#epoch) throw createStoppedError(this.#settings.title);
    if (isReady) {
      await this.#retire(former);
      return;
    }
    const ending = await next.ended;
    const consequence = former.hasEnded ? '' : '; the former process goes on';
    const error = createFailedError(this.#settings.title, ending, this.#settings, this.#restarts, consequence);
    if (former.hasEnded) {
      this.#current = next;
      this.#answer(next, ending);
    } else {
      this.#state = 'running';
    }
    throw error;
  }
}

Supervisor.prototype[INSPECT] = showing('Supervisor', ({ state, pid, restarts, addresses }) => ({
  state,
  pid,
  restarts,
  addresses,
}));

module.exports = { FORWARD, STOP, Supervisor };
