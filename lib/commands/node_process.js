'use strict';

// One command that runs as a child of Node's own making.

const { spawn } = require('node:child_process');
const os = require('node:os');

const { checkDescriptors } = require('../shared/descriptors.js');
const { guard } = require('../shared/guard.js');
const { listEnvironment } = require('./environment.js');
const { Gathered } = require('./gathered.js');
const { isGroupAlive, killProcess } = require('./kill_process.js');
const { ENDING, Outcome } = require('./outcome.js');
const { STDOUT } = require('./live.js');
const { chooseStdio } = require('./stdio.js');
const { clearTimeout, setImmediate, setTimeout } = require('./timers.js');

const { SIGKILL } = os.constants.signals;

/**
 * How long after SIGKILL a command's pipes may stay open. Whoever holds them then has left the group, and can't be waited
 * for.
 */
const LINGER = 1000;

/** How often it is looked whether a group has gone: nobody tells. */
const GROUP_INTERVAL = 20;

/**
 * So many looks after SIGKILL, those that are left have ended without anybody waiting for them, or the kernel holds them. It is
 * the looks that count: on a machine that stood still meanwhile, nobody could go.
 */
const MOST_LOOKS = 50;

class NodeProcess {
  #command;
  #finish;
  #child = null;
  #outcome = new Outcome();
  #stdout = null;
  #stderr = null;
  #startedAt = 0;
  /** Of the time limit, of the wait for SIGKILL, and of the waits after it. */
  #timers = [];
  #isKilled = false;
  #looksAfterKill = 0;
  #hasExited = false;
  #isOver = false;

  /** @param {(outcome: Outcome) => void} finish */
  constructor(command, finish) {
    this.#command = command;
    this.#finish = finish;
  }

  start() {
    const { settings } = this.#command;
    this.#outcome.mechanism = 'child_process';
    this.#startedAt = performance.now();
    // It takes longer to start than a command does, and this process may be killed meanwhile.
    if (this.#command.isGuarded) guard?.hold();
    try {
      checkDescriptors();
      this.#child = spawn(this.#command.file, this.#command.args, this.#describe());
    } catch (error) {
      // Most errors come as an event; those that Node throws are of the same kind.
      this.#fail(error);
      return;
    }
    // A child that could not be started has an error and no end.
    this.#child.on('error', (error) => {
      if (this.#child.pid === undefined) this.#fail(error);
    });
    if (this.#child.pid === undefined) return;
    this.#outcome.pid = this.#child.pid;
    if (this.#command.isGuarded) guard?.add(this.#child.pid);
    this.#listen();
    this.#command.onStart?.(this.#command, this.#child.pid);
    if (settings.timeout > 0) this.#after(settings.timeout, () => this.#terminate(ENDING.TIMEOUT, settings.killSignal));
  }

  write(bytes) {
    const { stdin } = this.#child;
    return stdin !== null && !stdin.destroyed && stdin.write(bytes);
  }

  endInput() {
    this.#child?.stdin?.end();
  }

  resume() {
    this.#child.stdout?.resume();
  }

  get pid() {
    return this.#child?.pid;
  }

  /** What an output has written so far, and from now on. */
  show(descriptor) {
    const gathered = descriptor === STDOUT ? this.#stdout : this.#stderr;
    // Where it could not be started, there is nothing.
    gathered?.show((chunk) => this.#command.live.push(descriptor, chunk));
  }

  cancel(isForced) {
    this.#terminate(ENDING.CANCELED, isForced ? SIGKILL : this.#command.settings.killSignal);
  }

  /** This process is about to end. */
  abandon() {
    if (!this.#command.settings.detached) this.#kill(SIGKILL);
  }

  #describe() {
    const { settings, isVerbatim } = this.#command;
    const { cwd, argv0, uid, gid, killTree } = settings;
    return {
      cwd,
      argv0,
      uid,
      gid,
      env: Object.fromEntries(listEnvironment(settings).map(splitPair)),
      stdio: [...chooseStdio(settings)],
      // A session is the only way to a process group that Node knows. On Windows it would be a console of its own.
      detached: settings.detached || (killTree && process.platform !== 'win32'),
      windowsHide: true,
      windowsVerbatimArguments: isVerbatim,
    };
  }

  #listen() {
    const { settings, reader, input } = this.#command;
    const { stdin, stdout, stderr } = this.#child;
    if (stdin !== null) {
      // A command may read less than it is given.
      stdin.on('error', () => input?.disconnect());
      stdin.on('drain', () => input?.drain());
      if (input === null) stdin.end(settings.input);
    }
    const full = (ending) => () => this.#terminate(ending, settings.killSignal);
    if (reader !== null) {
      stdout.on('data', (chunk) => {
        if (this.#outcome.ending !== ENDING.OWN) return;
        stdout.pause();
        reader.take(chunk);
      });
    } else if (stdout !== null) {
      this.#stdout = new Gathered(stdout, settings.maxBuffer, full(ENDING.STDOUT_FULL));
    }
    if (stderr !== null) this.#stderr = new Gathered(stderr, settings.maxBuffer, full(ENDING.STDERR_FULL));
    this.#child.once('close', () => this.#close());
    this.#child.once('exit', (exitCode, signal) => {
      this.#outcome.exitCode = exitCode ?? -1;
      this.#outcome.signal = signal === null ? 0 : (os.constants.signals[signal] ?? 0);
      this.#hasExited = true;
      this.#letGoIfAlone();
    });
  }

  #terminate(ending, signal) {
    if (this.#isOver || this.#child?.pid === undefined) return;
    if (this.#outcome.ending === ENDING.OWN) this.#outcome.ending = ending;
    else if (signal !== SIGKILL) return;
    // A command that has something to write before it ends must not be kept from it.
    this.#child.stdout?.resume();
    this.#kill(signal);
    this.#letGoIfAlone();
    const { forceKillAfter } = this.#command.settings;
    if (!this.#isKilled && forceKillAfter !== Number.POSITIVE_INFINITY) {
      this.#after(forceKillAfter, () => this.#kill(SIGKILL));
    }
  }

  #kill(signal) {
    const errno = killProcess(this.#child, signal, this.#command.settings.killTree);
    if (errno !== 0) this.#command.tellKillFailure(errno);
    if (signal === SIGKILL && !this.#isKilled) {
      this.#isKilled = true;
      this.#after(LINGER, () => this.#letGo());
    }
  }

  /** Whoever else holds the pipes of a command that was told to end alone was not told to, and is not waited for. */
  #letGoIfAlone() {
    if (!this.#hasExited || this.#outcome.ending === ENDING.OWN || this.#command.settings.killTree) return;
    // What is in them is read before the second of these comes.
    setImmediate(() => setImmediate(() => this.#letGo()));
  }

  /** Closes the pipes, so that the end comes as soon as the process has gone. */
  #letGo() {
    for (const stream of this.#child.stdio) stream?.destroy();
  }

  /** The process has gone, and its pipes are closed. If it was told to go, so was its group, and that has to be gone, too. */
  #close() {
    if (this.#isWaitingForGroup() && isGroupAlive(this.#child)) {
      if (this.#isKilled) this.#looksAfterKill++;
      this.#after(GROUP_INTERVAL, () => this.#close());
    } else {
      this.#end();
    }
  }

  #isWaitingForGroup() {
    const { killTree, forceKillAfter } = this.#command.settings;
    if (this.#outcome.ending === ENDING.OWN || !killTree) return false;
    // Who is never to be forced is not waited for either: it might be for ever.
    return this.#isKilled ? this.#looksAfterKill < MOST_LOOKS : forceKillAfter !== Number.POSITIVE_INFINITY;
  }

  #fail(error) {
    this.#outcome.errno = typeof error.errno === 'number' ? error.errno : -os.constants.errno.EINVAL;
    this.#outcome.pid = 0;
    // As promised, later than the call returns.
    process.nextTick(() => this.#end());
  }

  #end() {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#command.isGuarded) {
      if (this.#outcome.pid !== 0) guard?.remove(this.#outcome.pid);
      guard?.letGo();
    }
    for (const timer of this.#timers) clearTimeout(timer);
    this.#outcome.stdout = this.#stdout?.bytes();
    this.#outcome.stderr = this.#stderr?.bytes();
    this.#outcome.durationMs = performance.now() - this.#startedAt;
    this.#finish(this.#outcome);
  }

  #after(milliseconds, callback) {
    this.#timers.push(setTimeout(callback, milliseconds));
  }
}

/** The name of a variable may begin with '=' on Windows. */
function splitPair(pair) {
  const end = pair.indexOf('=', 1);
  return [pair.slice(0, end), pair.slice(end + 1)];
}

module.exports = { NodeProcess };
