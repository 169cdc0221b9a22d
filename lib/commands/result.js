'use strict';

// What a command leaves behind: a result, or an error that has all that a result has.

const fs = require('node:fs');
const os = require('node:os');
const { getSystemErrorName } = require('node:util');

const { shorten } = require('./command_line.js');
const { ENDING } = require('./outcome.js');

/** How much of what a command wrote to its standard error its error's message repeats. */
const LONGEST_EXCERPT = 2000;

const signalNames = new Map(Object.entries(os.constants.signals).map(([name, number]) => [number, name]));

class CommandResult {
  constructor(command, outcome) {
    describe(this, command, outcome, false);
  }
}

class CommandError extends Error {
  /**
   * @param {string} message
   * @param {import('./command.js').Command} command
   * @param {import('./outcome.js').Outcome} outcome
   * @param {{ code?: string, cause?: unknown }} [details]
   */
  constructor(message, command, outcome, { code, cause } = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    describe(this, command, outcome, true);
  }
}

class AbortError extends CommandError {}

// As with Node's own errors, the name is no field of each error.
for (const [Class, name] of [
  [CommandError, 'CommandError'],
  [AbortError, 'AbortError'],
]) {
  Object.defineProperty(Class.prototype, 'name', { value: name, configurable: true, writable: true });
}

function describe(target, command, outcome, failed) {
  const { ending, exitCode, signal } = outcome;
  target.command = command.text;
  target.pid = outcome.pid === 0 ? undefined : outcome.pid;
  target.exitCode = exitCode === -1 ? undefined : exitCode;
  target.signal = signal === 0 ? undefined : nameSignal(signal);
  target.stdout = outcome.stdout;
  target.stderr = outcome.stderr;
  target.failed = failed;
  target.timedOut = ending === ENDING.TIMEOUT;
  target.isCanceled = ending === ENDING.CANCELED;
  target.isMaxBuffer = ending === ENDING.STDOUT_FULL || ending === ENDING.STDERR_FULL;
  target.durationMs = outcome.durationMs;
  target.queuedMs = command.queuedMs;
  target.resourceUsage = outcome.resourceUsage ?? undefined;
  target.mechanism = outcome.mechanism === '' ? undefined : outcome.mechanism;
}

function nameSignal(number) {
  return signalNames.get(number) ?? `SIG${number}`;
}

/**
 * The result, or the error that says what went wrong.
 * @param {import('./command.js').Command} command
 * @param {import('./outcome.js').Outcome} outcome
 * @returns {CommandResult | CommandError}
 */
function createResult(command, outcome) {
  const { stdout, stderr } = outcome;
  const gathered = { stdout, stderr };
  try {
    outcome.decode(command.settings.encoding);
  } catch (cause) {
    outcome.stdout = undefined;
    outcome.stderr = undefined;
    return createDecodeError(command, outcome, gathered, cause);
  }
  return judge(command, outcome, gathered);
}

/** There is no string of that length, or no memory for it. */
function createDecodeError(command, outcome, gathered, cause) {
  if (cause.code === 'ERR_STRING_TOO_LONG') {
    const message = `Command wrote more than a string can hold: ${command.title}`;
    const error = new CommandError(message, command, outcome, { code: cause.code, cause });
    error.isMaxBuffer &&= isOverLimit(command, gathered[outcome.ending === ENDING.STDOUT_FULL ? 'stdout' : 'stderr']);
    return error;
  }
  return createMemoryError("There is no memory for the text of the command's output", command, outcome, cause);
}

function createMemoryError(what, command, outcome, cause) {
  const error = new CommandError(`${what}: ${command.title}`, command, outcome, { code: 'ENOMEM', cause });
  error.isMaxBuffer = false;
  return error;
}

/** Output is not gathered any further where it is too much, and where there is no memory for more. */
function isOverLimit({ settings }, gathered) {
  // Of lines, none are gathered: one was too long.
  return gathered === undefined || Buffer.byteLength(gathered) >= settings.maxBuffer;
}

/** @param {{ stdout?: Buffer | string, stderr?: Buffer | string }} gathered As it came. */
function judge(command, outcome, gathered) {
  const { errno, ending, exitCode, signal } = outcome;
  if (errno !== 0) return createStartError(command, outcome);
  if (ending === ENDING.TIMEOUT) {
    const message = `Command timed out after ${command.settings.timeout} milliseconds: ${command.title}`;
    return new CommandError(message, command, outcome, { code: 'ETIMEDOUT' });
  }
  if (ending === ENDING.CANCELED) return createCancelError(command, outcome);
  if (ending === ENDING.STDOUT_FULL) return createFullError(command, outcome, 'stdout', gathered.stdout);
  if (ending === ENDING.STDERR_FULL) return createFullError(command, outcome, 'stderr', gathered.stderr);
  if (exitCode === 0) return new CommandResult(command, outcome);
  return new CommandError(
    `Command ${nameEnd(exitCode, signal)}: ${command.title}${excerpt(outcome)}`,
    command,
    outcome,
  );
}

function nameEnd(exitCode, signal) {
  if (signal !== 0) return `was killed with ${nameSignal(signal)}`;
  // Somebody else in this process may have waited for it.
  return exitCode === -1 ? 'ended, nobody knows how' : `failed with exit code ${exitCode}`;
}

/** Why there is no process: Node's error for it is the cause. */
function createStartError(command, outcome) {
  const code = getSystemErrorName(outcome.errno);
  const { file, args } = command;
  const cause = Object.assign(new Error(`spawn ${shorten(file)} ${code}`), {
    errno: outcome.errno,
    code,
    syscall: `spawn ${file}`,
    path: file,
    spawnargs: [...args],
  });
  const message = `Command failed with ${code}: ${command.title}${nameMissing(code, command.settings)}`;
  return new CommandError(message, command, outcome, { code, cause });
}

/** The system says the same of a file and of a directory that are not there. */
function nameMissing(code, { cwd }) {
  if (cwd === undefined || (code !== 'ENOENT' && code !== 'ENOTDIR')) return '';
  const isThere = fs.existsSync(cwd) && fs.statSync(cwd).isDirectory();
  return isThere ? '' : ` (there is no directory ${cwd})`;
}

/** Canceled by somebody, or because of its input. */
function createCancelError(command, outcome) {
  const { stop } = command;
  if (stop?.isInput) {
    const message = `Command was canceled, since its input failed: ${command.title}`;
    return new CommandError(message, command, outcome, { code: stop.cause.code, cause: stop.cause });
  }
  const details = { code: 'ABORT_ERR', cause: stop?.cause };
  return new AbortError(`Command was canceled: ${command.title}`, command, outcome, details);
}

function createFullError(command, outcome, name, gathered) {
  if (!isOverLimit(command, gathered)) {
    const bytes = Buffer.byteLength(gathered);
    const what = `There is no memory for more than ${bytes} bytes of the command's ${name}`;
    return createMemoryError(what, command, outcome);
  }
  const code = 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';
  const cause = Object.assign(new RangeError(`${name} maxBuffer length exceeded`), { code });
  const message = `Command's ${name} was larger than ${command.settings.maxBuffer} bytes: ${command.title}`;
  return new CommandError(message, command, outcome, { code, cause });
}

/** The end of what the command said about its failure. */
function excerpt({ stderr }) {
  if (stderr === undefined || stderr.length === 0) return '';
  const end = typeof stderr === 'string' ? stderr.slice(-LONGEST_EXCERPT) : stderr.toString('utf8', -LONGEST_EXCERPT);
  return `\n${end.trimEnd()}`;
}

module.exports = { AbortError, CommandError, CommandResult, createResult };
