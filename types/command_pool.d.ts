import type { EventEmitter } from 'node:events';
import type { Readable, Stream } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

/** What is done with one of a command's descriptors. */
export type StdioItem =
  /** Descriptor 0 is written to from `input`; 1 and 2 are gathered. Not for others. */
  | 'pipe'
  /** The null device; nothing, for descriptors from 3 on. */
  | 'ignore'
  /** The same descriptor of this process. */
  | 'inherit'
  /** A descriptor of this process, by its number or by a stream that has one. */
  | number
  | Stream
  | null
  | undefined;

/** What {@link CommandPool.run}, {@link CommandPool.exec} and {@link CommandPool.lines} take. */
export interface CommandOptions {
  /** The directory that the command starts in. Default: where this process is when the command starts. */
  cwd?: string | URL;
  /**
   * Variables of the environment. An undefined value takes the parent's variable away. With defaults of the pool, the
   * command's are added to these.
   */
  env?: Readonly<Record<string, string | undefined>>;
  /**
   * Whether `env` is added to the variables that this process has when the command starts.
   * @default true
   */
  extendEnv?: boolean;
  /**
   * What the command reads from its standard input. Without it there is nothing to read. A command may read less than it is
   * given: that is no failure.
   *
   * A stream is read as fast as the command reads. It belongs to the command from the call on: it is destroyed if the command
   * is over before its end (`process.stdin` is only paused). If it fails, the command is cancelled, and the error is the
   * `cause`.
   *
   * Whoever answers to what the command says gives a stream that is written to (`new PassThrough()` of `node:stream`), and reads
   * {@link CommandPromise.stdout}.
   */
  input?: string | NodeJS.ArrayBufferView | Readable | ReadableStream;
  /**
   * How output is turned into text: an encoding of Buffer, or `'buffer'` for bytes.
   * @default 'utf8'
   */
  encoding?: BufferEncoding | 'buffer';
  /**
   * Where the descriptors lead. A word stands for the first three.
   * @default ['pipe' if there is `input`, else 'ignore', 'pipe', 'pipe']
   */
  stdio?: 'pipe' | 'ignore' | 'inherit' | readonly StdioItem[];
  /**
   * Whether a shell runs the command, or which. File and arguments are put together with spaces between them, as
   * `child_process` does it: nothing is quoted.
   * @default false
   */
  shell?: boolean | string;
  /** The name that the program is told. Default: the file. */
  argv0?: string;
  /**
   * Milliseconds that the command may take from its start on; 0 and `Infinity` for as long as it likes. Time in the queue does not count.
   * @default 0
   */
  timeout?: number;
  /**
   * Where a command can't be started because this process or the machine is out of descriptors or processes (`EMFILE`, `ENFILE`,
   * `EAGAIN`), it goes back to the front of the queue, and is tried again when another command of the pool has ended, and ten times a
   * second. It fails when that has been so for this many milliseconds since the pool's first command that could not be started. 0: it
   * fails at once. `Infinity`: never.
   * @default 10_000
   */
  startRetryTime?: number;
  /**
   * The signal that ends a command that took too long, wrote too much or was cancelled.
   * @default 'SIGTERM'
   */
  killSignal?: NodeJS.Signals | number;
  /**
   * Milliseconds after `killSignal` until SIGKILL; `false` or `Infinity` for never.
   * @default 5000
   */
  forceKillAfter?: number | false;
  /**
   * Whether signals go to all of the command's process group: to what it started, too, unless that has left the group. The
   * result comes when nobody of the group lives. Without, the command is in the group of this process.
   * @default true
   */
  killTree?: boolean;
  /**
   * Bytes of standard output, and as many of standard error, that are gathered; a command that writes more is ended, and the
   * error has what was gathered. For {@link CommandPool.lines}, it is the length of a line.
   * @default 100_000_000
   */
  maxBuffer?: number;
  /** Cancels the command, whether it waits or runs. */
  signal?: AbortSignal;
  /** The user that the command runs as. */
  uid?: number;
  /** The group that the command runs as. Supplementary groups are dropped if this process may do so. */
  gid?: number;
  /**
   * Whether the command has a session of its own and outlives this process.
   * @default false
   */
  detached?: boolean;
  /**
   * The place in the queue: higher numbers first, equal ones in the order of their calls. It is not the niceness of the
   * process.
   * @default 0
   */
  priority?: number;
  /**
   * Whether a failure rejects. Without, the promise is fulfilled with the {@link CommandError}. Arguments that can't be used
   * reject in any case.
   * @default true
   */
  reject?: boolean;
}

/** What a {@link CommandPool} takes: defaults for its commands, and two options of its own. */
export interface CommandPoolOptions extends CommandOptions {
  /**
   * Commands that run at a time.
   * @default os.availableParallelism()
   */
  concurrency?: number;
  /**
   * Commands that may wait. One more fails with ERR_COMMAND_QUEUE_FULL.
   * @default Infinity
   */
  maxQueue?: number;
}

/** What a command used, with those of its children that it waited for. */
export interface CommandResourceUsage {
  /** Microseconds on a processor, in the program. */
  readonly userCPUTime: number;
  /** Microseconds on a processor, in the kernel. */
  readonly systemCPUTime: number;
  /**
   * The most memory that was resident at a time, in bytes, as the kernel counts it: a child begins with the memory of its
   * parent, so that it is never less than what this process had at the start of the command.
   */
  readonly maxRSS: number;
}

/** What is known of a command that is over, whether it failed or not. */
export interface CommandOutcome<Output = string> {
  /** The file and its arguments with spaces between them, or the line for the shell. For people: nothing is quoted. */
  readonly command: string;
  /** Undefined if there never was a process. */
  readonly pid: number | undefined;
  /** Undefined if it did not exit: it was killed, or never started. */
  readonly exitCode: number | undefined;
  /** The signal that killed it. */
  readonly signal: NodeJS.Signals | undefined;
  /**
   * All that it wrote to its standard output, with the newline at its end (execa takes that away); undefined if that was not a pipe, and for
   * {@link CommandPool.lines}.
   */
  readonly stdout: Output | undefined;
  /** All that it wrote to its standard error; undefined if that was not a pipe. */
  readonly stderr: Output | undefined;
  /** Whether this is a {@link CommandError}. */
  readonly failed: boolean;
  /** Whether it took longer than `timeout`. */
  readonly timedOut: boolean;
  /** Whether it was cancelled, by its `signal`, by its `input` or by `close({ force: true })`. */
  readonly isCanceled: boolean;
  /** Whether it was ended since it wrote more than `maxBuffer`. Not where there was no memory for what it wrote (`ENOMEM`). */
  readonly isMaxBuffer: boolean;
  /** Milliseconds from its start to its end. */
  readonly durationMs: number;
  /** Milliseconds from the call to its start. */
  readonly queuedMs: number;
  /** Undefined if there never was a process, or if `mechanism` is 'child_process'. */
  readonly resourceUsage: CommandResourceUsage | undefined;
  /**
   * How it was started, or was to be: `clone` and `posix_spawn` are ours, `child_process` is Node's. A command that was
   * started by `clone` gets SIGKILL when this process dies, in whatever way. So do others with `killTree`, by a shell that
   * watches; without, only where this process ends in good order. Undefined if it was not tried.
   */
  readonly mechanism: 'clone' | 'posix_spawn' | 'child_process' | undefined;
}

/** A command that exited with code 0. `stdout` and `stderr` are there unless `stdio` says otherwise. */
export interface CommandResult<Output = string> extends CommandOutcome<Output> {
  readonly exitCode: 0;
  readonly signal: undefined;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly failed: false;
}

/**
 * A command that failed. `code` is
 * - a system error (`ENOENT`, `EACCES`, `E2BIG`, after `startRetryTime` `EMFILE` …) if there is no process; `cause` is Node's error for it;
 * - `ETIMEDOUT` if it took too long, `ERR_CHILD_PROCESS_STDIO_MAXBUFFER` if it wrote too much;
 * - `ENOMEM` if there was no memory for what it wrote, or for that as text, `ERR_STRING_TOO_LONG` if no string can hold that; `stdout` and
 *   `stderr` are undefined where there was no text;
 * - `ABORT_ERR` for an {@link AbortError};
 * - that of the `cause` if its `input` failed;
 * - `ERR_COMMAND_QUEUE_FULL` or `ERR_COMMAND_POOL_CLOSED` if the pool did not take it;
 * - undefined if it exited with another code than 0 or was killed by somebody else: see `exitCode` and `signal`.
 *
 * Its `stack` names the line that called `run`, `exec` or `lines`.
 */
export class CommandError<Output = string> extends Error implements CommandOutcome<Output> {
  readonly command: string;
  readonly pid: number | undefined;
  readonly exitCode: number | undefined;
  readonly signal: NodeJS.Signals | undefined;
  readonly stdout: Output | undefined;
  readonly stderr: Output | undefined;
  readonly failed: true;
  readonly timedOut: boolean;
  readonly isCanceled: boolean;
  readonly isMaxBuffer: boolean;
  readonly durationMs: number;
  readonly queuedMs: number;
  readonly resourceUsage: CommandResourceUsage | undefined;
  readonly mechanism: 'clone' | 'posix_spawn' | 'child_process' | undefined;
  readonly code: string | undefined;
  readonly cause?: unknown;
}

/** A command that was cancelled. The `cause` is the `reason` of its AbortSignal, or an error with ERR_COMMAND_POOL_CLOSED. */
export class AbortError<Output = string> extends CommandError<Output> {
  readonly code: 'ABORT_ERR';
}

/**
 * What {@link CommandPool.run} and {@link CommandPool.exec} give: a promise of the result, which can be asked for the command that
 * runs. `then` and the like give ordinary promises.
 */
export interface CommandPromise<Result> extends Promise<Result> {
  /** The number of its process; undefined until there is one, and where it could not be started. */
  readonly pid: number | undefined;
  /**
   * What it writes to its standard output, as it comes, from its beginning, whenever this is asked for first: text, or bytes if its
   * `encoding` is 'buffer'. It is in the result all the same, so that a stream that is read slowly does not make the command wait, and
   * holds up to `maxBuffer` bytes. It ends when the command is over; a failure is told by the promise alone.
   *
   * Undefined if it is no pipe, or if the arguments of the call could not be used.
   */
  readonly stdout: Readable | undefined;
  /** The same for its standard error. */
  readonly stderr: Readable | undefined;
}

/** What a listener of `start` gets. */
export interface StartedCommand {
  /** As in its result. */
  readonly command: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly pid: number;
  /** Milliseconds from the call to its start. */
  readonly queuedMs: number;
}

/** Output is a string, and with `encoding: 'buffer'` a Buffer. */
type OutputOf<Options> = Options extends { encoding: 'buffer' } ? Buffer : string;

/** A command that fails rejects, and with `reject: false` it resolves to the error. */
type Answer<Options> = Options extends { reject: false }
  ? CommandResult<OutputOf<Options>> | CommandError<OutputOf<Options>>
  : CommandResult<OutputOf<Options>>;

/** The lines of a command, and at the end how it went. */
export interface CommandLines<Line, End> extends AsyncIterableIterator<Line, End, undefined> {
  /** The number of its process; undefined until there is one. */
  readonly pid: number | undefined;
  /** Ends the command and its group, and is done when they have gone. A loop that is left early does this. */
  return(value?: End | PromiseLike<End>): Promise<IteratorResult<Line, End>>;
}

/**
 * Runs commands, so many at a time. They are started, read and waited for off the JavaScript thread.
 *
 * Every promise is settled exactly once, when the command has gone and all that it wrote was read. Commands keep the process
 * alive; a pool without any does not. If the process dies, or the thread, its commands die (see `mechanism`).
 *
 * Emits `drain` when no command waits any longer, and `error` when a command can't be ended that should be (it has become
 * another user, `EPERM`): the command is waited for nevertheless. Where nobody listens to that, it is a warning of the process.
 *
 * Emits `start` when a command's process has been started, and `end` when a command is over or was not taken, whether it succeeded or not.
 * What starts is told of if there was a listener when its turn came.
 *
 * Listeners, and streams that are the input of a command, are called in the asynchronous context (`AsyncLocalStorage`) in which
 * the pool was made.
 */
export class CommandPool extends EventEmitter {
  /**
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, `ERR_UNKNOWN_SIGNAL` for an option of the wrong type,
   *   an unknown option or value.
   * @throws {RangeError} `ERR_OUT_OF_RANGE` for a number that can't be used.
   */
  constructor(options?: CommandPoolOptions);

  /** Commands that run now. */
  readonly running: number;
  /** Commands that wait. */
  readonly queued: number;
  /** Commands that were started, with or without success, and came to an end. */
  readonly completed: number;
  /** These numbers in one call. */
  stats(): { readonly running: number; readonly queued: number; readonly completed: number };

  /**
   * Runs a file with arguments. Without a slash, the file is looked for in the PATH of the command's environment.
   *
   * Rejects with a {@link CommandError} if the command fails, and with a TypeError or RangeError as the constructor throws
   * for arguments that can't be used.
   */
  run<const Options extends CommandOptions>(
    file: string,
    args?: readonly string[],
    options?: Options,
  ): CommandPromise<Answer<Options>>;
  run<const Options extends CommandOptions>(file: string, options?: Options): CommandPromise<Answer<Options>>;

  /** Runs a line in a shell: `/bin/sh`, `%ComSpec%` on Windows, or what `shell` says. Rejects as {@link run} does. */
  exec<const Options extends CommandOptions>(commandLine: string, options?: Options): CommandPromise<Answer<Options>>;

  /**
   * Runs a file, and gives the lines of its standard output as they come, without their ends (`\n` or `\r\n`). The command
   * starts, or begins to wait for its turn, when the first line is asked for; it is read no faster than lines are taken, so
   * that it waits while nobody takes any.
   *
   * The iteration throws the {@link CommandError} of a command that fails, after its lines. Its `encoding` is one of 'utf8',
   * 'buffer', 'latin1' and 'ascii'.
   *
   * @throws {TypeError | RangeError} As the constructor, for arguments that can't be used.
   */
  lines<const Options extends CommandOptions>(
    file: string,
    args?: readonly string[],
    options?: Options,
  ): CommandLines<OutputOf<Options>, Answer<Options>>;
  lines<const Options extends CommandOptions>(
    file: string,
    options?: Options,
  ): CommandLines<OutputOf<Options>, Answer<Options>>;

  /**
   * Takes no more commands, and is done when those there are have ended.
   *
   * @param options.force Cancels those that wait and kills those that run, groups and all, with SIGKILL.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`.
   */
  close(options?: { force?: boolean }): Promise<void>;

  /** The same as {@link close} without options. */
  [Symbol.asyncDispose](): Promise<void>;

  /** No command waits any more. */
  on(event: 'drain', listener: () => void): this;
  /** A process could not be killed; without a listener, that is a warning. */
  on(event: 'error', listener: (error: Error) => void): this;
  /** A command has been started. */
  on(event: 'start', listener: (command: StartedCommand) => void): this;
  /** A command has ended: how it went. */
  on(event: 'end', listener: (outcome: CommandResult<string | Buffer> | CommandError<string | Buffer>) => void): this;
  /** As `on`, for the next time alone. */
  once(event: 'drain', listener: () => void): this;
  /** As `on`, for the next time alone. */
  once(event: 'error', listener: (error: Error) => void): this;
  /** As `on`, for the next time alone. */
  once(event: 'start', listener: (command: StartedCommand) => void): this;
  /** As `on`, for the next time alone. */
  once(event: 'end', listener: (outcome: CommandResult<string | Buffer> | CommandError<string | Buffer>) => void): this;
}
