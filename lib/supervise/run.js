'use strict';

// One process, from its start to its end: it starts, is ready or not, and ends exactly once.

const { EventEmitter, once } = require('node:events');

const { Probe } = require('./probe.js');
const { openOutputs, pipeOutput } = require('./output.js');
const { forgetGroup, killGroup, spawnInGroup } = require('./process_group.js');
const { awaitReady } = require('./readiness.js');
const { residentBytes } = require('./resident_memory.js');

/** How often the memory of a process is looked at, in milliseconds. */
const MEMORY_INTERVAL = 1_000;

/** Reasons that an error may say more of. */
const WITH_ERROR = ['spawn', 'notReady', 'probe'];

/** How long to wait for output that is still in the pipes of a process that has ended, in milliseconds. */
const OUTPUT_TIMEOUT = 1_000;

/**
 * How a process ended. `reason` is 'exit' or 'signal' where it ended by itself or because it was stopped, and otherwise what
 * it was ended for.
 * @typedef {{ reason: 'exit' | 'signal' | 'spawn' | 'notReady' | 'memory' | 'probe', exitCode: number | null,
 *   signal: NodeJS.Signals | null, error?: unknown }} Ending
 */

/** Events, at most once each: `start`, `ready`, `end` (Ending). `start` comes later than the constructor returns. */
class Run extends EventEmitter {
  #settings;
  #clock;
  #reason;
  #error;
  #killTimer;
  #memoryTimer;
  /** @type {Probe | undefined} */
  #probe;
  #hasExited = false;
  /** @type {Promise<void>} settled once the pipes of an ended process are closed, too */
  #closed;
  #unready = new AbortController();

  child;
  hasEnded = false;
  /** When it was ready, by the clock. */
  readyAt;
  /** Set where somebody ended it on purpose, and its end needs no answer. */
  isRetired = false;
  /** @type {Promise<boolean>} whether it came to be ready; settled once it is, or once it has ended */
  ready;
  /** @type {Promise<Ending>} */
  ended;

  /** @param {number} [announcedTo] See `spawnInGroup`. */
  constructor(settings, sockets, clock, announcedTo) {
    super();
    this.#settings = settings;
    this.#clock = clock;
    this.ended = once(this, 'end').then(([ending]) => ending);
    this.ready = Promise.race([once(this, 'ready').then(() => true), this.ended.then(() => false)]);
    try {
      this.#spawn(sockets, announcedTo);
    } catch (error) {
      // As where the system says so later: nobody could be listening yet.
      process.nextTick(() => this.#fail(error));
    }
  }

  get pid() {
    return this.child?.pid;
  }

  /** Signals the process and what it started, until the process has ended: its number may be another's then. */
  kill(signal) {
    if (this.pid !== undefined && !this.#hasExited) killGroup(this.child, signal);
  }

  /** Asks it to end, and ends it after `stopTimeout`. */
  stop(signal = this.#settings.stopSignal) {
    this.#unready.abort();
    this.#probe?.stop();
    if (this.hasEnded) return this.ended;
    this.kill(signal);
    this.#killTimer ??= this.#clock.setTimeout(() => this.kill('SIGKILL'), this.#settings.stopTimeout);
    return this.ended;
  }

  #spawn(sockets, announcedTo) {
    const { target, cwd, env, uid, gid, stdout, stderr, hasChannel, serialization, execArgv, execPath } =
      this.#settings;
    const outputs = openOutputs([stdout, stderr]);
    try {
      const stdio = ['ignore', ...outputs.stdio, ...sockets.stdio(), ...(hasChannel ? ['ipc'] : [])];
      const environment = { ...process.env, ...sockets.environment(), ...env };
      const options = { cwd, env: environment, uid, gid, stdio, serialization, execArgv, execPath };
      this.child = spawnInGroup({ ...target, options }, this.#settings.detached, announcedTo);
    } finally {
      outputs.close();
    }
    const { child } = this;
    const whose = { name: this.#settings.name, pid: child.pid };
    const piped = [stdout, stderr].flatMap((target, index) => {
      const output = outputs.stdio[index] === 'pipe' ? child.stdio[index + 1] : undefined;
      return output ? [pipeOutput(output, target, whose)] : [];
    });
    child.once('spawn', () => this.#begin());
    this.#closed = Promise.all([new Promise((resolve) => child.once('close', resolve)), ...piped]);
    child.once('exit', (exitCode, signal) => this.#finish(exitCode, signal));
    // Where there is a process these are about messages that could not be sent; who sent them can hear of it, too.
    child.on('error', (error) => {
      if (this.pid === undefined) this.#fail(error);
    });
  }

  #begin() {
    this.emit('start');
    if (this.#settings.maxMemoryBytes !== undefined) this.#watchMemory();
    this.#awaitReady();
  }

  async #awaitReady() {
    const { ready, readyTimeout } = this.#settings;
    const { signal } = this.#unready;
    // If this process was busy meanwhile, the time is up before it has read what says that the other one is ready.
    const look = () => {
      if (this.readyAt === undefined && !signal.aborted) this.#endFor('notReady');
    };
    const timer = ready === undefined ? undefined : this.#clock.setTimeout(() => setImmediate(look), readyTimeout);
    const tell = (failure) => {
      if (this.#reason === undefined) this.#error = failure;
    };
    const isReady = await awaitReady(ready, this.child, { signal, clock: this.#clock, tell });
    this.#clock.clearTimeout(timer);
    // In the meantime it may have ended, or somebody may have asked it to.
    if (!isReady || signal.aborted) return;
    this.readyAt = this.#clock.now();
    this.emit('ready');
    this.#watchProbe();
  }

  #watchProbe() {
    const { probe } = this.#settings;
    // Who was told that it is ready may have asked it to end.
    if (probe === undefined || this.#unready.signal.aborted) return;
    this.#probe = new Probe(probe, this.child, this.#clock, (failure) => {
      this.#error = failure;
      this.#endFor('probe');
    });
  }

  #watchMemory() {
    this.#memoryTimer = this.#clock.setTimeout(() => this.#checkMemory(), MEMORY_INTERVAL);
  }

  async #checkMemory() {
    let bytes;
    try {
      bytes = await residentBytes(this.pid);
    } catch (error) {
      // Supervision goes on without the limit, and somebody should know.
      process.emitWarning(error);
      return;
    }
    if (this.#hasExited) return;
    if (bytes > this.#settings.maxMemoryBytes) this.#endFor('memory');
    else this.#watchMemory();
  }

  #endFor(reason) {
    this.#reason ??= reason;
    this.stop();
  }

  #fail(error) {
    this.#reason = 'spawn';
    this.#error = error;
    this.#end(null, null);
  }

  async #finish(exitCode, signal) {
    this.#hasExited = true;
    this.#unready.abort();
    this.#probe?.stop();
    this.#clock.clearTimeout(this.#memoryTimer);
    // What it started goes with it.
    killGroup(this.child, 'SIGKILL');
    forgetGroup(this.child);
    await this.#drainOutput();
    this.#end(exitCode, signal);
  }

  /** Waits for what is left in the pipes, but not for a process that left the group and keeps them open. */
  async #drainOutput() {
    let timer;
    const isLate = new Promise((resolve) => {
      // If this process was busy meanwhile, the time is up before it has looked at the pipes.
      timer = this.#clock.setTimeout(() => setImmediate(resolve), OUTPUT_TIMEOUT);
    });
    await Promise.race([this.#closed, isLate]);
    this.#clock.clearTimeout(timer);
  }

  #end(exitCode, signal) {
    this.hasEnded = true;
    this.#clock.clearTimeout(this.#killTimer);
    const reason = this.#reason ?? (signal === null ? 'exit' : 'signal');
    // What a function said last counts only where it came to that.
    const error = WITH_ERROR.includes(reason) ? this.#error : undefined;
    this.emit('end', { reason, exitCode, signal, error });
  }
}

module.exports = { MEMORY_INTERVAL, Run };
