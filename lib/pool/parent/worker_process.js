'use strict';

// The process of one worker, from the parent's side: its start, its lane, its end.
//
//   starting ── READY ──▶ ready ── retire() ──▶ retiring ── end() ──▶ ending ── exit ──▶ gone
//
// From each of them it may go at any time. It is gone when its process has exited, all that it had started was killed, and the
// lane was read to its end: only then is it known what it has begun, and is its memory used again.

const path = require('node:path');
const { FrameReader, FrameWriter, KINDS, LANES, readFrames } = require('../protocol/frames.js');
const { CONTROL_BYTES, ControlBlock } = require('../protocol/control_block.js');
const { DESCRIPTORS } = require('../protocol/channels.js');
const { now } = require('../protocol/clock.js');
const { noMemory } = require('../protocol/no_memory.js');
const { writeValue } = require('../protocol/values.js');
const { forgetWorkerProcess, killWorkerProcess, startWorkerProcess } = require('../start_worker_process.js');
const { StderrTail } = require('./stderr_tail.js');
const { ownBuffers } = require('../memory/own_buffers.js');
const { native } = require('../../addon.js');
const { captured } = require('../../captured.js');
const { WorkerMemory } = require('./worker_memory.js');

/** Seen from lib/pool/parent and from dist/ alike, where `__dirname` is that of the bundle. */
const PROGRAM = path.join(__dirname, 'pool-worker.js');

/**
 * The pipes of a dead worker may stay open: somebody who left its group may hold them. They are waited for so many times so
 * many milliseconds; not all at once, since the parent may have been busy itself, and not have read what is there.
 */
const DRAIN_ROUNDS = 10;
const DRAIN_INTERVAL = 100;

/**
 * Bytes at once that are a part of a long frame. Fewer without a whole frame may be anything, taken for the rest of a frame that
 * never comes: of who sends them, nothing is heard.
 */
const PIECE = 4096;

class WorkerProcess {
  state = 'starting';
  exitCode = null;
  signalCode = null;
  /** There is no process: why. */
  spawnError = undefined;
  /** When it was last heard of. */
  heardAt = now();
  memory = noMemory;
  /** @type {ControlBlock | undefined} */
  control;
  writer = new FrameWriter();
  #child;
  /** The lane: a pipe for each direction. */
  #tasks;
  #results;
  #events;
  #isScheduled = false;
  #flush = () => {
    this.#isScheduled = false;
    if (this.writer.length > 0 && this.#tasks.writable) this.writer.flushTo(this.#tasks);
  };
  /** Frames that were read, from wherever, and those that came by the lane; as 32-bit numbers, which wrap. */
  #framesRead = 0;
  #framesCome = 0;
  /** It has sent what can't be. */
  #isMalformed = false;
  #stderr;
  #killTimer;

  /**
   * @param {object} options As `readOptions` gives them.
   * @param {{ onFrame(frame: object): void, onMalformed(error: unknown): void, onHeard(): void, onGone(): void }} events
   * @param {{ poolMemory: object | undefined, leases: object, workerId: number }} surroundings
   */
  constructor(options, events, { poolMemory, leases, workerId }) {
    this.#events = events;
    const stdio = [
      ...options.stdio,
      'ipc',
      'pipe',
      'pipe',
      ...(poolMemory === undefined ? [] : [poolMemory.descriptor]),
    ];
    const { env, execArgv, cwd, uid, gid, serialization } = options;
    const started = startWorkerProcess(PROGRAM, { env, execArgv, cwd, uid, gid, serialization, stdio });
    this.mechanism = started.mechanism;
    this.#child = started.child;
    this.#child.on('error', (error) => this.#onError(error));
    this.#child.on('exit', (code, signal) => this.#onExit(code, signal));
    this.#tasks = this.#child.stdio?.[DESCRIPTORS.TASKS];
    this.#results = this.#child.stdio?.[DESCRIPTORS.RESULTS];
    if (this.#child.pid === undefined) return;
    if (poolMemory !== undefined) this.#shareMemory(poolMemory, leases);
    this.#connect(options.isStderrForwarded);
    this.#initialise(options, workerId, started.isGroupLeader);
  }

  get child() {
    return this.#child;
  }

  get hasEnded() {
    return this.exitCode !== null || this.signalCode !== null;
  }

  get stderrTail() {
    return this.#stderr?.toString() ?? '';
  }

  /** Whether the worker does not take what was written. */
  get isBlocked() {
    return this.#tasks.writableNeedDrain;
  }

  #shareMemory(poolMemory, leases) {
    const endLease = (place) => {
      if (this.state !== 'gone') this.send(KINDS.END_LEASE, 0, 0, place);
    };
    const memory = new WorkerMemory(poolMemory, leases, ownBuffers(native), endLease);
    const block = memory.allocateControl(CONTROL_BYTES);
    if (block === undefined) return;
    block.view.fill(0, 0, CONTROL_BYTES);
    this.memory = memory;
    this.control = new ControlBlock(block.view);
    this.controlOffset = block.offset;
  }

  #connect(isStderrForwarded) {
    const reader = new FrameReader(LANES.FROM_WORKER, (frame) => this.#onLaneFrame(frame));
    this.#results.on('data', (chunk) => {
      const before = this.#framesCome;
      this.#listen(() => reader.push(chunk));
      if (this.#framesCome !== before || chunk.length >= PIECE) this.heardAt = now();
      this.#events.onHeard();
    });
    this.#watchChannel();
    // Of a worker that dies, the exit tells how; the pipes only that it did.
    for (const pipe of [this.#tasks, this.#results]) pipe.on('error', () => {});
    for (const pipe of [this.#child.stdin, this.#child.stdout]) pipe?.on('error', () => {});
    this.#tasks.on('drain', () => this.#events.onHeard());
    this.#tasks.resume();
    this.#stderr = new StderrTail(this.#child.stderr, isStderrForwarded);
    // The pool alone keeps the parent alive, for as long as there is something to do.
    this.#child.unref();
    this.#child.channel?.unref();
    for (const stream of this.#child.stdio) stream?.unref?.();
  }

  /** Node reads the user's messages; at what is none it throws, out of the event loop. */
  #watchChannel() {
    const symbol = Object.getOwnPropertySymbols(this.#child).find(
      ({ description }) => description === 'kChannelHandle',
    );
    const channel = this.#child[symbol];
    const read = channel?.onread;
    if (typeof read !== 'function') return;
    const refuse = (error) => this.#refuse(error);
    channel.onread = function onread(...chunk) {
      try {
        Reflect.apply(read, this, chunk);
      } catch (error) {
        refuse(error);
      }
    };
  }

  /** Nothing that a worker sends may end its parent; and after what can't be, nothing can be made out. */
  #listen(read) {
    if (this.#isMalformed) return;
    try {
      read();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #refuse(error) {
    if (this.#isMalformed) return;
    this.#isMalformed = true;
    this.#events.onMalformed(error);
  }

  /** What was found in the outbox comes once more by the lane. */
  #onLaneFrame(frame) {
    this.#framesCome = (this.#framesCome + 1) | 0;
    if (((this.#framesCome - this.#framesRead) | 0) <= 0) return;
    this.#framesRead = this.#framesCome;
    this.#events.onFrame(frame);
  }

  #initialise(options, id, isGroupLeader) {
    const { filename, name, argv, workerData, serialization, concurrency, resolver } = options;
    const sharedMemory = this.control === undefined ? undefined : { control: this.controlOffset };
    const { program, snapshotOf } = captured.describeProgram();
    const shared = { filename, name, argv, workerData, serialization, concurrency, resolver, program, snapshotOf };
    this.send(KINDS.INIT, 0, 0, { ...shared, id, isGroupLeader, sharedMemory });
    this.#flush();
  }

  /** Sends a frame of the pool's own. */
  send(kind, extra, id, value) {
    this.writer.begin(kind, extra, id);
    writeValue(this.writer, value, noMemory, false);
    this.finishFrame();
  }

  finishFrame() {
    this.writer.finish();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    process.nextTick(this.#flush);
  }

  /** Reads what the worker has done and not written yet, because it is busy. */
  readOutbox() {
    const outbox = this.control?.readOutbox();
    // Frames before those in the outbox are still on their way: first come, first read.
    if (outbox === undefined || ((outbox.first - this.#framesRead) | 0) > 0) return;
    this.#listen(() => this.#readFramesOf(outbox));
    this.#events.onHeard();
  }

  #readFramesOf({ first, bytes }) {
    let number = first;
    readFrames(bytes, bytes.length, LANES.FROM_WORKER, (frame) => {
      number = (number + 1) | 0;
      if (((number - this.#framesRead) | 0) <= 0) return;
      this.#framesRead = number;
      this.#events.onFrame(frame);
    });
  }

  /** Asks it to end, and ends it if it does not within `grace` milliseconds. */
  end(grace) {
    if (this.state === 'ending' || this.state === 'gone') return;
    this.state = 'ending';
    this.send(KINDS.CLOSE, 0, 0, undefined);
    this.#killTimer = setTimeout(() => this.kill(), grace).unref();
  }

  kill() {
    if (this.state === 'gone') return;
    this.state = 'ending';
    killWorkerProcess(this.#child);
  }

  #onError(error) {
    // Failures of `send` and `kill` come here as well; they end in an exit, or did no harm.
    if (this.#child.pid !== undefined) return;
    this.spawnError = error;
    this.state = 'ending';
    process.nextTick(() => this.#onGone());
  }

  #onExit(code, signal) {
    if (this.#child.pid === undefined) return;
    this.exitCode = code;
    this.signalCode = signal;
    this.state = 'ending';
    clearTimeout(this.#killTimer);
    // What the worker has started goes with it.
    killWorkerProcess(this.#child);
    this.#waitForPipes();
  }

  #waitForPipes() {
    const open = [this.#results, this.#child.stderr].filter((stream) => stream && !stream.closed);
    let left = open.length;
    let rounds = 0;
    const done = () => {
      clearInterval(timer);
      if (this.state !== 'gone') this.#onGone();
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

  #onGone() {
    const outbox = this.control?.readOutbox();
    if (outbox !== undefined) this.#listen(() => this.#readFramesOf(outbox));
    this.state = 'gone';
    forgetWorkerProcess(this.#child);
    this.#tasks?.destroy();
    this.#results?.destroy();
    this.#events.onGone();
    if (this.memory !== noMemory) this.memory.releaseAll();
  }
}

module.exports = { WorkerProcess };
