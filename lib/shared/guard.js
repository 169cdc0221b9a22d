'use strict';

// Ends process groups when this process is gone, however it went: nobody can answer SIGKILL, so somebody else has to watch.
// That is a shell which reads from a pipe. When this process ends, the pipe does, and the shell ends the groups it was told
// of: what is supervised, workers, commands, each with all that it has started. There is one for a thread. On Windows, which has no
// groups, there is none.

const { AsyncResource } = require('node:async_hooks');
const { spawn } = require('node:child_process');
const { clearTimeout, setTimeout } = require('node:timers');

const seam = require('../spawn/seam.js');
const { checkDescriptors } = require('./descriptors.js');

/** Milliseconds for which a shell that has nothing to watch over waits for more: to start one takes longer than many a command. */
const IDLE = 1000;

/** The shell outlives what it was started for: in a caller's asynchronous context, it would keep that for as long. */
const context = new AsyncResource('ProcessGuard');

// It is to outlive this process: signals that a terminal or a service manager sends to all of a service must not end it.
const SCRIPT = `
trap '' HUP INT QUIT TERM
groups=
while read -r change group; do
  rest=
  for other in $groups; do
    [ "$other" = "$group" ] || rest="$rest $other"
  done
  groups=$rest
  [ "$change" = - ] || groups="$groups $group"
done
for group in $groups; do
  kill -s KILL -- "-$group"
done
`;

class Guard {
  #groups = new Set();
  #shell;
  /** What is, or may be, in need of it. */
  #holders = 0;
  #idleTimer;
  #hasWarned = false;

  /** Something is about to be started. */
  hold() {
    this.#holders++;
    clearTimeout(this.#idleTimer);
    context.runInAsyncScope(() => this.start());
  }

  /** It is gone, or was not started. */
  letGo() {
    this.#holders--;
    if (this.#holders > 0) return;
    clearTimeout(this.#idleTimer);
    context.runInAsyncScope(() => {
      this.#idleTimer = setTimeout(() => this.end(), IDLE).unref();
    });
  }

  add(group) {
    this.#groups.add(group);
    this.#tell(`+ ${group}`);
  }

  remove(group) {
    this.#groups.delete(group);
    this.#tell(`- ${group}`);
  }

  /** To which groups can be told as `add` does; undefined if there is no shell. */
  get descriptor() {
    const descriptor = this.#shell?.stdin?._handle?.fd;
    return descriptor > 0 ? descriptor : undefined;
  }

  /** Starts it, unless it is there. */
  start() {
    if (this.#shell !== undefined) return;
    let shell;
    try {
      checkDescriptors();
      // By the addon, where it can: it blocks nobody, and waits for the shell when this thread has gone.
      shell = seam.spawnWith({}, () =>
        spawn('/bin/sh', ['-c', SCRIPT, 'fast-resolve-guard'], {
          stdio: ['pipe', 'ignore', 'ignore'],
          cwd: '/',
          detached: true,
        }),
      );
    } catch (error) {
      this.#warn(error.message);
      return;
    }
    this.#shell = shell;
    shell.once('spawn', () => {
      this.#hasWarned = false;
    });
    // It is no reason for this process to stay.
    shell.unref();
    shell.stdin?.unref();
    // Where the shell has gone, its exit says so.
    shell.stdin?.on('error', () => {});
    shell.once('error', (error) => {
      this.#forget(shell);
      this.#warn(error.message);
    });
    shell.once('exit', (exitCode, signal) => {
      if (!this.#forget(shell)) return;
      // Somebody ended it while there was something to watch over.
      if (signal !== null) this.start();
      else this.#warn(`it ended with exit code ${exitCode}`);
    });
    for (const group of this.#groups) this.#tell(`+ ${group}`);
  }

  /** @returns {boolean} whether this was the shell in use */
  #forget(shell) {
    if (this.#shell !== shell) return false;
    this.#shell = undefined;
    return true;
  }

  /** Once, until it is there again. */
  #warn(what) {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    process.emitWarning(`/bin/sh can't watch over processes, which will outlive this one if it is killed: ${what}`);
  }

  #tell(line) {
    this.#shell?.stdin?.write(`${line}\n`);
  }

  /** Ends the shell, which has no group to end any more. */
  end() {
    const shell = this.#shell;
    this.#shell = undefined;
    shell?.stdin?.end();
  }
}

/** That of this thread. */
const guard = process.platform === 'win32' ? undefined : new Guard();

module.exports = { Guard, guard };
