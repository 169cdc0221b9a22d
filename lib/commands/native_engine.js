'use strict';

// Runs commands in the core: it starts, feeds, reads and waits for them, and tells what came of it. Here things are only put
// into the form in which they cross over; `src/binding/process/commands.rs` is the other side.

const { guard } = require('../shared/guard.js');
const { AT, FLAG, IGNORE, PIPE } = require('../spawn/layout.js');
const { listEnvironment } = require('./environment.js');
const { isStream } = require('./input.js');
const { STDERR, STDOUT } = require('./live.js');
const { Outcome } = require('./outcome.js');
const { chooseStdio } = require('./stdio.js');
const { setImmediate } = require('./timers.js');

/** Where a command's own numbers stand, after those of all. */
const OWN = {
  KILL_SIGNAL: AT.COMMON,
  TIMEOUT: AT.COMMON + 1,
  FORCE_KILL_AFTER: AT.COMMON + 2,
  MAX_BUFFER: AT.COMMON + 3,
  MAX_BUFFER_HIGH: AT.COMMON + 4,
  STDIO: AT.COMMON + 5,
};

/** What only commands can be. */
const OWN_FLAG = { STREAMED: 64, TEXT: 128, INPUT_OPEN: 256, START_TOLD: 512 };

/** What is said of a command that runs. */
const ORDER = { TERMINATE: 0, KILL: 1, END_INPUT: 2, RESUME: 3, CLOSE: 4, SHOW: 5 };

const DESCRIPTORS = { ignore: IGNORE, pipe: PIPE };

/** What a piece of news begins with. */
const NEWS = { ENDED: 0, CHUNK: 1, DRAINED: 2, INPUT_CLOSED: 3, KILL_FAILED: 4, STARTED: 5, SHOWN: 6 };

/** The numbers of each, what it begins with included. */
const LENGTHS = {
  [NEWS.ENDED]: 14,
  [NEWS.CHUNK]: 3,
  [NEWS.DRAINED]: 2,
  [NEWS.INPUT_CLOSED]: 2,
  [NEWS.KILL_FAILED]: 3,
  [NEWS.STARTED]: 3,
  [NEWS.SHOWN]: 4,
};

class NativeEngine {
  #native;
  #mechanism;
  /** By id: a command, and who is told of its end. */
  #commands = new Map();
  #lastId = 0;
  #news = [];
  #place = 0;

  /** @param {typeof import('../../target/binding.js')} native */
  constructor(native) {
    this.#native = new native.Commands(() => this.#hear());
    this.#mechanism = native.spawnMechanism();
  }

  /** The C library's `posix_spawn` changes neither user nor group. */
  canRun({ uid, gid }) {
    return this.#mechanism === 'clone' || (uid === undefined && gid === undefined);
  }

  start(command, finish) {
    if (this.#commands.size === 0) this.#begin();
    command.id = this.#nextId();
    this.#commands.set(command.id, { command, finish });
    const { settings, file, args } = command;
    // The system ends a command with this process, and the guard what it has started.
    if (command.isGuarded) guard?.hold();
    const environment = listEnvironment(settings);
    const errno = this.#native.start(
      [file, settings.cwd ?? '', settings.argv0 ?? file, ...args, ...environment].join('\0'),
      describe(command, args.length + 1, environment.length, this.#mechanism),
      settings.input,
    );
    if (errno !== 0) process.nextTick(() => this.#fail(command.id, errno));
  }

  terminate(command, isForced) {
    this.#native.order(isForced ? ORDER.KILL : ORDER.TERMINATE, command.id, 0);
  }

  write(command, bytes) {
    return this.#native.write(command.id, bytes);
  }

  endInput(command) {
    this.#native.order(ORDER.END_INPUT, command.id, 0);
  }

  pidOf(command) {
    return this.#native.pid(command.id) || undefined;
  }

  show(command, descriptor) {
    this.#native.order(ORDER.SHOW, command.id, descriptor === STDERR ? 1 : 0);
  }

  resume(command, bytes) {
    this.#native.order(ORDER.RESUME, command.id, bytes);
  }

  #nextId() {
    do {
      this.#lastId = (this.#lastId + 1) >>> 0;
    } while (this.#commands.has(this.#lastId));
    return this.#lastId;
  }

  /** There are commands: the thread has to live, and to end them if it ends. */
  #begin() {
    this.#native.keepAlive(true);
    process.on('exit', this.#close);
  }

  #end() {
    this.#native.keepAlive(false);
    process.off('exit', this.#close);
  }

  #close = () => this.#native.order(ORDER.CLOSE, 0, 0);

  #hear() {
    this.#news = this.#news.length === 0 ? this.#native.take() : this.#news.concat(this.#native.take());
    try {
      while (this.#place < this.#news.length) this.#tellNext();
    } finally {
      // Where one command's news made something throw, the others are still to be told.
      if (this.#place < this.#news.length) setImmediate(() => this.#hear());
      else this.#news = [];
      this.#news.splice(0, this.#place);
      this.#place = 0;
    }
  }

  #tellNext() {
    const news = this.#news;
    const place = this.#place;
    const kind = news[place];
    const id = news[place + 1];
    this.#place += LENGTHS[kind];
    const { command } = this.#commands.get(id);
    if (kind === NEWS.ENDED) this.#finish(id, readOutcome(news, place, this.#mechanism));
    else if (kind === NEWS.CHUNK) command.reader.take(news[place + 2]);
    else if (kind === NEWS.STARTED) this.#tellStart(command, news[place + 2]);
    else if (kind === NEWS.SHOWN) command.live.push(news[place + 2] === 0 ? STDOUT : STDERR, news[place + 3]);
    else if (kind === NEWS.DRAINED) command.input?.drain();
    else if (kind === NEWS.INPUT_CLOSED) command.input?.disconnect();
    else command.tellKillFailure(news[place + 2]);
  }

  #tellStart(command, pid) {
    if (isAddedAtStart(command, this.#mechanism)) guard?.add(pid);
    command.onStart?.(command, pid);
  }

  #fail(id, errno) {
    const outcome = new Outcome();
    outcome.errno = errno;
    outcome.mechanism = this.#mechanism;
    this.#finish(id, outcome);
  }

  #finish(id, outcome) {
    const { command, finish } = this.#commands.get(id);
    this.#commands.delete(id);
    if (command.isGuarded) {
      if (outcome.pid !== 0) guard?.remove(outcome.pid);
      guard?.letGo();
    }
    try {
      finish(command, outcome);
    } finally {
      // What ended may have made room for another.
      if (this.#commands.size === 0) this.#end();
    }
  }
}

/**
 * Whether the guard is told of a command when its start is told. The core has told its shell already; but that may be ended and started
 * anew, and without a parent-death signal, nobody else ends the command.
 */
function isAddedAtStart({ isGuarded }, mechanism) {
  return isGuarded && mechanism !== 'clone';
}

function describe(command, argumentCount, environmentCount, mechanism) {
  const { id, settings, reader, onStart, isGuarded } = command;
  const isAdded = isAddedAtStart(command, mechanism);
  const stdio = chooseStdio(settings);
  const numbers = new Int32Array(OWN.STDIO + stdio.length);
  numbers[AT.ID] = id;
  numbers[AT.ARGUMENT_COUNT] = argumentCount;
  numbers[AT.ENVIRONMENT_COUNT] = environmentCount;
  numbers[AT.FLAGS] =
    (settings.detached ? FLAG.DETACHED : 0) |
    (settings.killTree ? FLAG.OWN_GROUP : 0) |
    (settings.uid === undefined ? 0 : FLAG.UID) |
    (settings.gid === undefined ? 0 : FLAG.GID) |
    (settings.cwd === undefined ? 0 : FLAG.CWD) |
    (reader === null ? 0 : OWN_FLAG.STREAMED) |
    (settings.encoding === 'utf8' ? OWN_FLAG.TEXT : 0) |
    (isStream(settings.input) ? OWN_FLAG.INPUT_OPEN : 0) |
    (onStart === null && !isAdded ? 0 : OWN_FLAG.START_TOLD);
  numbers[AT.ANNOUNCED_TO] = isGuarded ? (guard?.descriptor ?? 0) : 0;
  numbers[AT.UID] = settings.uid ?? 0;
  numbers[AT.GID] = settings.gid ?? 0;
  numbers[OWN.KILL_SIGNAL] = settings.killSignal;
  numbers[OWN.TIMEOUT] = Math.ceil(settings.timeout);
  numbers[OWN.FORCE_KILL_AFTER] = settings.forceKillAfter === Number.POSITIVE_INFINITY ? -1 : settings.forceKillAfter;
  const maxBuffer = Math.min(settings.maxBuffer, Number.MAX_SAFE_INTEGER);
  numbers[OWN.MAX_BUFFER] = maxBuffer % 2 ** 31;
  numbers[OWN.MAX_BUFFER_HIGH] = maxBuffer / 2 ** 31;
  numbers[AT.STDIO_COUNT] = stdio.length;
  for (let index = 0; index < stdio.length; index++) {
    numbers[OWN.STDIO + index] = DESCRIPTORS[stdio[index]] ?? stdio[index];
  }
  return numbers;
}

function readOutcome(news, place, mechanism) {
  const outcome = new Outcome();
  outcome.errno = news[place + 2];
  outcome.pid = news[place + 3];
  outcome.exitCode = news[place + 4];
  outcome.signal = news[place + 5];
  outcome.ending = news[place + 6];
  outcome.durationMs = news[place + 7];
  if (outcome.pid !== 0) {
    outcome.resourceUsage = {
      userCPUTime: news[place + 8],
      systemCPUTime: news[place + 9],
      maxRSS: news[place + 10],
    };
  }
  const ascii = news[place + 11];
  outcome.isStdoutAscii = (ascii & 1) !== 0;
  outcome.isStderrAscii = (ascii & 2) !== 0;
  outcome.stdout = news[place + 12];
  outcome.stderr = news[place + 13];
  outcome.mechanism = mechanism;
  return outcome;
}

module.exports = { NativeEngine };
