'use strict';

// One worker and its process, from its start to its end.
//
//   starting ── READY ──▶ ready ── retire ──▶ ready, but given nothing ── end() ──▶ ending ── exit ──▶ gone
//
// From each of them it may go at any time. It is gone when its process has exited, all that it had started was killed, and the
// lane was read to its end: only then is it known what it has begun, and is its memory used again.

const path = require('node:path');
const { native } = require('../../resolve/addon.js');
const { captured } = require('../../resolve/captured.js');
const { ownBuffers } = require('../shared_memory/own_buffers.js');
const { DESCRIPTORS } = require('../protocol/channels.js');
const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { CONTROL_BYTES, ControlBlock } = require('../protocol/control_block.js');
const { KINDS } = require('../protocol/frames.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { forgetWorkerProcess, killWorkerProcess, startWorkerProcess } = require('../start_worker_process.js');
const { Assignments } = require('./assignments.js');
const { createCrashError, createLaneError, createStartTimeoutError } = require('./errors.js');
const { ParentLane } = require('./lane.js');
const { Reports } = require('./reports.js');
const { StderrTail } = require('./stderr_tail.js');
const { Line } = require('./task_queue.js');
const { readUsage } = require('./usage.js');
const { WorkerInfo } = require('./worker_info.js');
const { WorkerMemory } = require('./shared_memory.js');

/** Seen from lib/pool/parent and from dist/ alike, where `__dirname` is that of the bundle. */
const PROGRAM = path.join(__dirname, 'pool-worker.js');

/**
 * The pipes of a dead worker may stay open: somebody who left its group may hold them. They are waited for so many times so
 * many milliseconds; not all at once, since the parent may have been busy itself, and not have read what is there.
 */
const DRAIN_ROUNDS = 10;
const DRAIN_INTERVAL = 100;
/**
 * Milliseconds that it has to end by itself when it is told to. Many, since on a busy machine it may not get the processor for long; and only
 * one that hangs at its end takes them all.
 */
const GRACE = 10_000;

let lastId = 0;

class Worker {
  id = ++lastId;
  state = 'starting';
  /** Given nothing until another worker is gone. */
  isSpare = false;
  /** It is to end when it has done what it has begun. */
  isRetiring = false;
  /** It has done what it is there for. */
  isProven = false;
  isUnresponsive = false;
  readyAt = Number.POSITIVE_INFINITY;
  pingedAt = 0;
  completed = 0;
  /** What it has used, as it last told. */
  reported = { rss: 0, cpu: 0 };
  exitCode = null;
  signalCode = null;
  /** There is no process: why. */
  spawnError = undefined;
  /** Why it did not start: what its file threw, or that it took too long. */
  startError = undefined;
  /** What nobody caught in it. */
  fatalError = undefined;
  /** Why it is not listened to any more. */
  laneError = undefined;
  /** Why the pool ended it. */
  endReason = undefined;
  /** As the user sees it. */
  info = new WorkerInfo(this);
  /** Tasks that have to go to this worker; see `key`. */
  line = new Line();
  #crew;
  #stderr;
  #startTimer;
  #killTimer;

  /**
   * @param {import('./crew.js').Crew} crew Told what becomes of it.
   * @param {object} options As `readOptions` gives them.
   * @param {{ poolMemory: object | undefined, leases: object }} surroundings
   */
  constructor(crew, options, { poolMemory, leases }) {
    this.#crew = crew;
    this.lane = new ParentLane(this);
    this.assignments = new Assignments(this, crew.scheduler, options);
    this.reports = new Reports(this, crew.scheduler);
    const { env, execArgv, cwd, uid, gid, serialization } = options;
    const memory = poolMemory === undefined ? [] : [poolMemory.descriptor];
    const stdio = [...options.stdio, 'ipc', 'pipe', 'pipe', ...memory];
    const started = startWorkerProcess(PROGRAM, { env, execArgv, cwd, uid, gid, serialization, stdio });
    this.mechanism = started.mechanism;
    /** Node's own ChildProcess. */
    this.process = started.child;
    this.process.on('error', (error) => this.#onError(error));
    this.process.on('exit', (code, signal) => this.#onExit(code, signal));
    if (this.process.pid === undefined) return;
    const control = poolMemory === undefined ? undefined : this.#shareMemory(poolMemory, leases);
    this.#connect(options.isStderrForwarded);
    this.#initialise(options, started.isGroupLeader, control);
    this.#limitStart(options.startTimeout);
  }

  /** @returns {{ control: number } | undefined} Where the block is that both sides keep count in. */
  #shareMemory(poolMemory, leases) {
    const endLease = (place) => {
      if (this.state !== 'gone') this.lane.send(KINDS.END_LEASE, 0, 0, place);
    };
    const memory = new WorkerMemory(poolMemory, leases, ownBuffers(native), endLease);
    const block = memory.allocateControl(CONTROL_BYTES);
    if (block === undefined) return undefined;
    block.view.fill(0, 0, CONTROL_BYTES);
    this.lane.memory = memory;
    this.lane.control = new ControlBlock(block.view);
    return { control: block.offset };
  }

  #connect(isStderrForwarded) {
    const { stdio, stdin, stdout, stderr, channel } = this.process;
    const [tasks, results] = [stdio[DESCRIPTORS.TASKS], stdio[DESCRIPTORS.RESULTS]];
    this.lane.connect(tasks, results);
    this.#watchChannel();
    // Of a worker that dies, the exit tells how; the pipes only that it did.
    for (const pipe of [tasks, results, stdin, stdout]) pipe?.on('error', () => {});
    this.#stderr = new StderrTail(stderr, isStderrForwarded);
    // The pool alone keeps the parent alive, for as long as there is something to do.
    this.process.unref();
    channel?.unref();
    for (const stream of stdio) stream?.unref?.();
  }

  /** Node reads the user's messages; at what is none it throws, out of the event loop. */
  #watchChannel() {
    const symbol = Object.getOwnPropertySymbols(this.process).find(
      ({ description }) => description === 'kChannelHandle',
    );
    const channel = this.process[symbol];
    const read = channel?.onread;
    if (typeof read !== 'function') return;
    const { lane } = this;
    channel.onread = function onread(...chunk) {
      try {
        Reflect.apply(read, this, chunk);
      } catch (error) {
        lane.break(error);
      }
    };
  }

  #initialise(options, isGroupLeader, sharedMemory) {
    const { filename, name, argv, workerData, serialization, concurrency, resolver } = options;
    const { program, snapshotOf } = captured.describeProgram();
    const shared = { filename, name, argv, workerData, serialization, concurrency, resolver, program, snapshotOf };
    this.lane.send(KINDS.INIT, 0, 0, { ...shared, id: this.id, isGroupLeader, sharedMemory });
    this.lane.flush();
  }

  /** What hangs while it is loaded could not be told from what takes its time. */
  #limitStart(startTimeout) {
    if (startTimeout > LONGEST_TIMER) return;
    const look = () => {
      if (this.isReady || this.hasEnded) return;
      this.startError = { error: createStartTimeoutError(startTimeout) };
      this.#kill();
    };
    // A parent that was busy reads what has come before it looks.
    this.#startTimer = setTimeout(() => setImmediate(look), startTimeout).unref();
  }

  becomeReady() {
    if (this.isReady) throw new RangeError('It can be ready only once');
    if (this.state === 'starting') this.state = 'ready';
    this.readyAt = now();
    clearTimeout(this.#startTimer);
    this.#crew.workerReady(this);
  }

  /** It has begun a task, or stayed. That it said that it was ready says little: its file may have begun what is about to fail. */
  prove() {
    if (this.isProven) return;
    this.isProven = true;
    this.#crew.workerProven();
  }

  /** Something came from it. */
  hear() {
    this.isUnresponsive = false;
    this.#crew.scheduler.fill();
    this.#endIfDone();
  }

  /** Whether it ever was. */
  get isReady() {
    return this.readyAt !== Number.POSITIVE_INFINITY;
  }

  /** Whether tasks may be given to it, now or when it is ready. */
  get isActive() {
    return !this.isRetiring && (this.state === 'starting' || this.state === 'ready');
  }

  /** What it was started for may have been cancelled meanwhile: then it is idle from the moment that it was ready. */
  get idleSince() {
    return Math.max(this.readyAt, this.assignments.emptySince);
  }

  get hasEnded() {
    return this.exitCode !== null || this.signalCode !== null;
  }

  get stderrTail() {
    return this.#stderr?.toString() ?? '';
  }

  get stats() {
    const { rss, cpu } = readUsage(this.process.pid) ?? this.reported;
    return { tasks: this.completed, memoryBytes: rss, cpuMs: cpu };
  }

  ping(time) {
    this.pingedAt = time;
    this.lane.send(KINDS.PING, 0, 0, undefined);
  }

  /** What came from it can't be: what follows is not listened to, and what it has is accounted for as after any other end. */
  breakOff(error) {
    this.endReason ??= `what it sent can't be read: ${error?.message ?? error}`;
    this.laneError = { error: createLaneError(this, error) };
    this.#kill();
    this.#crew.laneBroken(this);
  }

  /** It ends when what it has begun is done; the rest goes to others. */
  retire() {
    if (this.isRetiring) return;
    this.isRetiring = true;
    this.#crew.scheduler.leave(this);
    this.#endIfDone();
    this.#crew.provide();
  }

  #endIfDone() {
    if (this.isRetiring && this.assignments.size === 0 && this.state !== 'ending') this.end();
  }

  /** Asks it to end, and ends it if it does not. */
  end() {
    this.isRetiring = true;
    if (this.state === 'ending' || this.state === 'gone') return;
    this.state = 'ending';
    this.lane.send(KINDS.CLOSE, 0, 0, undefined);
    this.#killTimer = setTimeout(() => this.#kill(), GRACE).unref();
  }

  kill(reason) {
    this.isRetiring = true;
    this.endReason ??= reason;
    this.#kill();
  }

  #kill() {
    if (this.state === 'gone') return;
    this.state = 'ending';
    killWorkerProcess(this.process);
  }

  #onError(error) {
    // Failures of `send` and `kill` come here as well; they end in an exit, or did no harm.
    if (this.process.pid !== undefined) return;
    this.spawnError = error;
    this.state = 'ending';
    process.nextTick(() => this.#leave());
  }

  #onExit(code, signal) {
    if (this.process.pid === undefined) return;
    this.exitCode = code;
    this.signalCode = signal;
    this.state = 'ending';
    clearTimeout(this.#killTimer);
    // What the worker has started goes with it.
    killWorkerProcess(this.process);
    this.#waitForPipes();
  }

  #waitForPipes() {
    const { stdio, stderr } = this.process;
    const open = [stdio[DESCRIPTORS.RESULTS], stderr].filter((stream) => stream && !stream.closed);
    let left = open.length;
    let rounds = 0;
    const done = () => {
      clearInterval(timer);
      if (this.state !== 'gone') this.#leave();
    };
    const timer = setInterval(() => {
      rounds++;
      if (rounds === DRAIN_ROUNDS) done();
    }, DRAIN_INTERVAL);
    for (const stream of open) {
      stream.once('close', () => {
        left--;
        if (left === 0) done();
      });
    }
    if (left === 0) done();
  }

  #leave() {
    this.lane.readLast();
    this.state = 'gone';
    clearTimeout(this.#startTimer);
    forgetWorkerProcess(this.process);
    for (const place of [DESCRIPTORS.TASKS, DESCRIPTORS.RESULTS]) this.process.stdio?.[place]?.destroy();
    this.#crew.workerGone(this);
    if (this.lane.memory !== noMemory) this.lane.memory.releaseAll();
  }

  /** Whether it has come to nothing by itself: it never began a task, and the pool did not have it end. */
  get hasFailedToStart() {
    return !this.isProven && (!this.isRetiring || this.endReason !== undefined);
  }

  /** Why it came to nothing, and whether it would the next time: how a file ends that loads may be chance. */
  get failure() {
    const told = this.startError ?? this.laneError ?? (this.spawnError && { error: this.spawnError });
    if (told !== undefined) return { error: told.error, isCertain: true };
    return { error: (this.fatalError ?? { error: createCrashError(this, undefined) }).error, isCertain: false };
  }
}

module.exports = { Worker };
