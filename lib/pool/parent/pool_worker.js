'use strict';

// One worker as the pool sees it: what it was given, what it has done, and how it is.

const { KINDS } = require('../protocol/frames.js');
const { HANDLE_COMMAND } = require('../protocol/channels.js');
const { describeThrown } = require('../protocol/errors.js');
const { LONGEST_TIMER, now } = require('../protocol/clock.js');
const { createLaneError, createStartTimeoutError } = require('./errors.js');
const { FLAGS } = require('../protocol/task_flags.js');
const { toCloneError } = require('../protocol/structured_clone.js');
const { writeValue } = require('../protocol/values.js');
const { Assignment, Assignments } = require('./assignments.js');
const { Reports } = require('./reports.js');
const { Line } = require('./task_queue.js');
const { readUsage } = require('./usage.js');
const { WorkerProcess } = require('./worker_process.js');

/** Bytes on their way to a worker, from which on it is given no more than it can run. */
const MOST_BYTES_AHEAD = 4 * 1024 * 1024;

let lastId = 0;

class PoolWorker {
  id = ++lastId;
  isReady = false;
  /** Given nothing until another worker is gone. */
  isSpare = false;
  /** It is to end when it has done what it has begun. */
  isRetiring = false;
  /** Why it did not start: what its file threw, or that it took too long. */
  startError = undefined;
  /** What nobody caught in it. */
  fatalError = undefined;
  /** Why it is not listened to any more. */
  laneError = undefined;
  /** Why the pool ended it. */
  endReason = undefined;
  completed = 0;
  readyAt = Number.POSITIVE_INFINITY;
  /** It has done what it is there for. */
  isProven = false;
  idleSince = now();
  pingedAt = 0;
  isUnresponsive = false;
  assignments = new Assignments();
  /** Tasks that have to go to this worker; see `key`. */
  line = new Line();
  #process;
  #reports;
  #scheduler;
  #options;
  #functions = new Map();
  #reported = { rss: 0, cpu: 0 };
  #startTimer;

  constructor(scheduler, options, surroundings) {
    this.#scheduler = scheduler;
    this.#options = options;
    this.#functions.set(`${options.filename}\0${options.name}`, 0);
    const events = {
      onFrame: (frame) => this.#reports.read(frame),
      onMalformed: (error) => this.#breakOff(error),
      onHeard: () => scheduler.workerHeard(this),
      onGone: () => {
        clearTimeout(this.#startTimer);
        scheduler.workerGone(this);
      },
    };
    this.#process = new WorkerProcess(options, events, { ...surroundings, workerId: this.id });
    this.assignments.control = this.#process.control;
    this.#reports = this.#createReports();
    this.#limitStart(options.startTimeout);
  }

  /** What hangs while it is loaded could not be told from what takes its time. */
  #limitStart(startTimeout) {
    if (startTimeout > LONGEST_TIMER) return;
    const look = () => {
      if (this.isReady || this.#process.hasEnded) return;
      this.startError = { error: createStartTimeoutError(startTimeout) };
      this.#process.kill();
    };
    // A parent that was busy reads what has come before it looks.
    this.#startTimer = setTimeout(() => setImmediate(look), startTimeout).unref();
  }

  get process() {
    return this.#process.child;
  }

  get life() {
    return this.#process;
  }

  /** Whether tasks may be given to it, now or when it is ready. */
  get isActive() {
    const { state } = this.#process;
    return !this.isRetiring && (state === 'starting' || state === 'ready');
  }

  /** Whether the pool had it end for no fault of its own. */
  get isWantedToEnd() {
    return this.isRetiring && this.endReason === undefined;
  }

  /** Whether it has begun any of what it was given. */
  get hasBegun() {
    return this.assignments.list().some((assignment) => this.assignments.hasBegun(assignment));
  }

  /** Whether it may be given what it can't begin at once: only with shared memory could that be taken back. */
  get canBeAhead() {
    return (
      this.assignments.control !== undefined && this.assignments.bytes < MOST_BYTES_AHEAD && this.assignments.hasRoom
    );
  }

  get isBlocked() {
    return this.#process.isBlocked;
  }

  get stats() {
    const { completed, process: child } = this;
    const { rss, cpu } = readUsage(child.pid) ?? this.#reported;
    return { tasks: completed, memoryBytes: rss, cpuMs: cpu };
  }

  /**
   * Gives it a task.
   * @throws {DOMException} DataCloneError, if the task's value can't be sent. The worker knows nothing of it.
   */
  assign(task) {
    const { filename, name } = task.options;
    const { handed } = task;
    const functionId = this.#functionIdOf(filename, name);
    const { memory, writer } = this.#process;
    const assignment = new Assignment(task, this, this.assignments.nextId);
    const before = writer.length;
    const handleFlag = handed === undefined ? 0 : FLAGS.HAS_HANDLE;
    writer.begin(KINDS.TASK, functionId | handleFlag | (task.stream === undefined ? 0 : FLAGS.STREAM), assignment.id);
    try {
      writeValue(writer, task.value, memory, this.#options.serialization === 'json');
    } catch (error) {
      writer.abandon();
      memory.takePlacedBack();
      throw toCloneError(error);
    }
    assignment.blocks = memory.takePlaced();
    assignment.bytes = writer.length - before;
    for (const { capacity } of assignment.blocks) assignment.bytes += capacity;
    this.assignments.add(assignment);
    this.#process.finishFrame();
    if (handed !== undefined) this.#sendHandle(assignment, handed);
    return assignment;
  }

  #functionIdOf(filename, name) {
    const key = `${filename}\0${name}`;
    let id = this.#functions.get(key);
    if (id === undefined) {
      // All numbers were given out: from the beginning. What was sent is called by what its number meant then.
      if (this.#functions.size > FLAGS.FUNCTION_MASK) this.#functions.clear();
      id = this.#functions.size;
      this.#functions.set(key, id);
      this.#process.send(KINDS.FUNCTION, 0, id, { filename, name });
    }
    return id;
  }

  #sendHandle(assignment, handed) {
    const { child } = this.#process;
    const message = { cmd: HANDLE_COMMAND, id: assignment.id, head: handed.head };
    const done = (error) => {
      // A worker that has ended has not begun the task; its exit says so.
      if (error && !this.#process.hasEnded) this.#scheduler.handleNotSent(assignment, error);
    };
    try {
      child.send(message, handed.handle, { keepOpen: true }, done);
    } catch (error) {
      process.nextTick(done, error);
    }
  }

  /** Nothing of it is needed any more: it has ended, or was taken back before it began. */
  remove(assignment) {
    this.assignments.remove(assignment);
    if (assignment.blocks.length > 0) this.#process.memory.release(assignment.blocks);
    if (this.assignments.size === 0) this.idleSince = now();
  }

  cancel({ id }, reason) {
    this.#process.send(KINDS.CANCEL, 0, id, describeThrown(reason));
  }

  /** The consumer of a stream has taken so many items. */
  pull({ id }, items) {
    this.#process.send(KINDS.PULL, items, id, undefined);
  }

  ping(time) {
    this.pingedAt = time;
    this.#process.send(KINDS.PING, 0, 0, undefined);
  }

  end(grace) {
    this.isRetiring = true;
    this.#process.end(grace);
  }

  kill(reason) {
    this.isRetiring = true;
    this.endReason ??= reason;
    this.#process.kill();
  }

  #createReports() {
    const crew = this.#scheduler;
    return new Reports(this.assignments, this.#process.memory, {
      ready: () => this.#becomeReady(),
      startFailed: (error) => {
        this.startError = { error };
      },
      died: (error) => {
        this.fatalError = { error };
      },
      usageTold: (usage) => {
        this.#reported = usage;
      },
      grant: (block) => this.#sendGrant(block),
      taskEnded: (assignment, settle) => crew.taskEnded(assignment, settle),
      taskProgressed: (assignment, value) => crew.taskProgressed(assignment, value),
      handleNotSent: (assignment, error) => crew.handleNotSent(assignment, error),
    });
  }

  #becomeReady() {
    if (this.isReady) throw new RangeError('It can be ready only once');
    if (this.#process.state === 'starting') this.#process.state = 'ready';
    this.isReady = true;
    clearTimeout(this.#startTimer);
    this.#scheduler.workerReady(this);
  }

  /** What came from it can't be: what follows is not listened to, and what it has is accounted for as after any other end. */
  #breakOff(error) {
    this.endReason ??= `what it sent can't be read: ${error?.message ?? error}`;
    this.laneError = { error: createLaneError(this, error) };
    this.#process.kill();
    this.#scheduler.laneBroken(this);
  }

  #sendGrant({ offset, generation, capacity, committed }) {
    // Beyond what was set aside there may be no memory to write to.
    this.#process.send(KINDS.GRANT, 0, 0, { offset, generation, capacity: Math.min(capacity, committed) });
  }
}

module.exports = { PoolWorker };
