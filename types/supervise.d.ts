import type { ChildProcess, SendHandle, SerializationType } from 'node:child_process';
import type { EventEmitter } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Writable } from 'node:stream';

/** Starts several processes of one service, and each again when it crashes. Throws as for one. */
export function supervise(target: string | URL | SupervisedCommand, options: SuperviseGroupOptions): SupervisorGroup;
/**
 * Starts a process, and starts it again when it crashes.
 *
 * @param target A program of Node (a path, taken from the current directory, or a file URL), or any other command. A program
 *   of Node has a channel for messages; a command has one if it is ready by a message.
 * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, `ERR_UNKNOWN_SIGNAL` if an argument is not what it
 *   should be; `ERR_FEATURE_UNAVAILABLE_ON_PLATFORM` for `handles` and `maxMemoryBytes` on Windows.
 * @throws {RangeError} `ERR_OUT_OF_RANGE` if a number is too small or too large.
 * @throws {Error} `EADDRINUSE`, `EACCES` … if a socket of `handles` can't be bound.
 * @throws The reason of `signal`, if it was given before.
 *
 * A process that can't be started is no error of this call: it is a crash like any other.
 */
export function supervise(target: string | URL | SupervisedCommand, options?: SuperviseOptions): Supervisor;

/** A command that is not a program of Node, or not started as one. */
export interface SupervisedCommand {
  /** A path, or a name that is looked for in `PATH`. */
  command: string;
  /** @default [] */
  args?: readonly string[];
}

/** What {@link supervise} takes. An option that is undefined counts as absent. Times are in milliseconds. */
export interface SuperviseOptions {
  /**
   * Arguments of a file. A command has its own.
   * @default []
   */
  argv?: readonly string[];
  /** Flags of Node for a file. Default: those of this process. */
  execArgv?: readonly string[];
  /** The Node that runs a file. Default: the one that runs this process. */
  execPath?: string;
  /** The directory that the process starts in. Default: where this process is when the process is started. */
  cwd?: string | URL;
  /** Added to the environment that this process has when the process is started; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /** What it is called in prefixes. Default: the last part of the file's or command's path. */
  name?: string;
  /**
   * Where standard output goes: that of this process, nowhere, a file (also as a file URL) or a stream; `{ stream, prefix }` for a
   * stream whose lines tell whose they are.
   *
   * A file is appended to. Each process opens it anew, so that {@link Supervisor.reload} is all that a log that was moved
   * away needs. The process writes to it by itself. A FIFO that nobody reads is a failed start (`ENXIO`): nobody waits for a reader.
   *
   * A stream is not ended. Once it is closed, what is printed is thrown away.
   * @default 'inherit'
   */
  stdout?: SupervisedOutput;
  /**
   * Where standard error goes; see `stdout`.
   * @default 'inherit'
   */
  stderr?: SupervisedOutput;
  /** The user that the process runs as. Supplementary groups are dropped. Needs the rights of root. */
  uid?: number;
  /** The group that the process runs as. */
  gid?: number;
  /**
   * Sockets that are held for the process, by name, in the order of its descriptors from 3 on. This process binds them before
   * the first process is started and keeps them until the supervisor has stopped, but takes no connections. Not on Windows.
   * @default {}
   */
  handles?: Readonly<Record<string, HeldSocket>>;
  /**
   * When the process is ready: when it sends the message `'ready'`, when a port takes connections, or when a function says so.
   * Default: once it has been started.
   */
  ready?: 'message' | ReadyPort | ReadyFunction;
  /**
   * How long it may take until the process is ready; it is ended then.
   * @default 30_000
   */
  readyTimeout?: number;
  /** Asks the process, from the time that it is ready, whether it still works. */
  probe?: Probe;
  /**
   * When and how often it is started again. A string stands for `when`.
   * @default 'on-failure'
   */
  restart?: RestartWhen | RestartPolicy;
  /**
   * The signal that asks the process, and what it started, to end.
   * @default 'SIGTERM'
   */
  stopSignal?: NodeJS.Signals;
  /**
   * How long that may take until all of them are ended by SIGKILL.
   * @default 10_000
   */
  stopTimeout?: number;
  /**
   * Signals that are passed on when this process gets them, instead of what they would do to it. SIGINT, SIGTERM, SIGQUIT and
   * SIGBREAK stop the supervisor: the process is sent that signal in the place of `stopSignal`. A further one is passed on to
   * what is being stopped. This process then ends when it has nothing else to do.
   * @default []
   */
  forwardSignals?: readonly NodeJS.Signals[];
  /** Resident memory, looked at once a second. A process that has more is ended, and restarted as after a crash. Not on Windows. */
  maxMemoryBytes?: number;
  /** How messages are encoded. Default: `'json'`, as for `child_process.fork`. */
  serialization?: SerializationType;
  /**
   * Whether the process outlives this one.
   * @default false
   */
  detached?: boolean;
  /** Stops the supervisor. */
  signal?: AbortSignal;
}

/** What {@link supervise} takes for several processes of one service. */
export interface SuperviseGroupOptions extends SuperviseOptions {
  /**
   * So many processes of the service, from 1 to 1,024, which share `handles`. Each is supervised by itself, with a budget of restarts of
   * its own. It finds its number, from 0 on, in NODE_APP_INSTANCE, and in a prefix its name is followed by that: `server.js:0`.
   */
  instances: number;
}

/** Where the stdout or stderr of the process goes: that of this process, nowhere, a file, a stream, or one with a prefix. */
export type SupervisedOutput =
  | 'inherit'
  | 'ignore'
  | { file: string | URL; stream?: undefined; prefix?: undefined }
  | URL
  | Writable
  | PrefixedOutput;

/** A stream that is written to line by line. */
export interface PrefixedOutput {
  /** `process.stdout`, for example. */
  stream: Writable;
  /**
   * Put before each line: `true` for `[name pid] `, or what a function makes of them, once for each process; what that throws
   * is an uncaught exception. A line longer than 64 KiB is written in parts, each as a line.
   * @default false
   */
  prefix?: boolean | ((process: { name: string; pid: number }) => string);
}

/** Whether a process that is ready still works. Times are in milliseconds. */
export interface Probe {
  /** Fails when it answers, or resolves to, false, when it throws, and when it takes longer than `timeout`. */
  check: (process: {
    pid: number;
    process: ChildProcess;
    /** Given when nobody waits for the answer any more. */
    signal: AbortSignal;
  }) => unknown;
  /**
   * From the time that the process is ready, and from each answer, until it is asked.
   * @default 10_000
   */
  interval?: number;
  /** @default 5_000 */
  timeout?: number;
  /**
   * So many failures in a row end the process, and it is restarted as after a crash.
   * @default 3
   */
  failures?: number;
}

/** Where a socket listens, or the descriptor of one that this process has already. */
export type HeldSocket =
  | {
      /** 0: any that is free, which stays the same. */
      port: number;
      /** An IP address. Default: all of them. */
      host?: string;
    }
  | {
      /** A Unix domain socket. */
      path: string;
    }
  | {
      /** Such as from a service manager. Neither closed nor reopened. */
      fd: number;
    };

/** Ready as soon as something accepts connections there. */
export interface ReadyPort {
  port: number;
  /** @default 'localhost' */
  host?: string;
}

/**
 * Asked again every 50 ms while it answers, or resolves to, false, or throws. What it threw last is the `cause` of the error
 * if time runs out.
 */
export type ReadyFunction = (process: {
  pid: number;
  process: ChildProcess;
  /** Given when nobody waits for the answer any more. */
  signal: AbortSignal;
}) => unknown;

/**
 * `on-failure`: after an exit code other than 0, a signal, a failed start, too much memory, or a failed probe. `always`: also after exit code 0.
 * `never`.
 */
export type RestartWhen = 'on-failure' | 'always' | 'never';

/** When, after which delay, and how often a process is started again. Times are in milliseconds. */
export interface RestartPolicy {
  /** @default 'on-failure' */
  when?: RestartWhen;
  /**
   * The first delay.
   * @default 100
   */
  delay?: number;
  /**
   * How many times as long as the one before each delay is.
   * @default 2
   */
  factor?: number;
  /**
   * The longest delay.
   * @default 30_000
   */
  maxDelay?: number;
  /**
   * The share of a delay, from 0 to 1, of which a random part is left out.
   * @default 0.5
   */
  jitter?: number;
  /**
   * How many restarts there may be within `window`. The crash after them fails. `Infinity`: no limit.
   * @default 5
   */
  maxRestarts?: number;
  /** @default 60_000 */
  window?: number;
  /**
   * A process that was ready for that long has its next restart after the first delay again.
   * @default 30_000
   */
  minUptime?: number;
}

/**
 * - `starting`: there is a process, which is not ready.
 * - `running`: it is ready.
 * - `reloading`: it is ready, and another one is being started.
 * - `backoff`: it has ended, and another one will be started.
 * - `stopping`: it is being ended because somebody asked for it.
 * - `stopped`: it was stopped, or has ended and is not to be started again.
 * - `failed`: it crashed, and is not to be started again.
 */
export type SupervisorState = 'starting' | 'running' | 'reloading' | 'backoff' | 'stopping' | 'stopped' | 'failed';

/** Why a process has ended, or a restart takes place. */
export type EndReason =
  /** By itself, with an exit code. */
  | 'exit'
  /** By a signal from elsewhere. */
  | 'signal'
  /** It could not be started. */
  | 'spawn'
  /** It was ended since it was not ready in time. */
  | 'notReady'
  /** It was ended since it took too much memory. */
  | 'memory'
  /** It was ended since it failed its `probe`. */
  | 'probe';

/** The arguments of each event's listeners. */
export interface SupervisorEvents {
  /** A process has been started. */
  start: [{ pid: number }];
  /** It is ready. After a reload: it has taken over. */
  ready: [{ pid: number }];
  /** It has ended. `error`: what its `ready` function threw last, if it was not ready in time, or its `probe`, if
   * that failed. */
  exit: [{ pid: number; exitCode: number | null; signal: NodeJS.Signals | null; error?: unknown }];
  /** Another one is started after `delay`. `attempt`: counted from 1 since it last was up for `minUptime`; 0 if requested. */
  restart: [
    {
      reason: EndReason | 'requested';
      exitCode: number | null;
      signal: NodeJS.Signals | null;
      error?: unknown;
      delay: number;
      attempt: number;
    },
  ];
  /** It crashed, and is not started again. */
  failed: [error: SuperviseError];
  /** It was stopped, or has ended (`exit`) and is not started again. */
  stop: [{ reason: 'exit' | 'requested' | 'signal' | 'aborted' }];
  /** A message of the process. */
  message: [message: unknown, handle: SendHandle | undefined, process: { pid: number }];
}

/** What {@link Supervisor.stats} gives. */
export interface SupervisorStats {
  readonly state: SupervisorState;
  /** Of the process in use; undefined while there is none. */
  readonly pid: number | undefined;
  /** How often it was restarted without being asked to. */
  readonly restarts: number;
  /** Restarts since it last was up for `minUptime`. */
  readonly attempt: number;
  /** Milliseconds since the process in use was ready; 0 while there is none that is. */
  readonly uptimeMs: number;
}

/** Keeps a process running. */
export interface Supervisor extends EventEmitter<SupervisorEvents> {
  readonly state: SupervisorState;
  /** Of the process in use; undefined while there is none. */
  readonly pid: number | undefined;
  /** The process in use; undefined while there is none. */
  readonly process: ChildProcess | undefined;
  /** How often it was restarted without being asked to. */
  readonly restarts: number;
  /** What `server.address()` tells of the sockets that are held; without those given by descriptor. */
  readonly addresses: Readonly<Record<string, AddressInfo | string>>;
  /** All numbers in one call. */
  stats(): SupervisorStats;
  /**
   * Resolves when the process is ready; at once if it is.
   * @throws {SuperviseError} If it failed or was stopped.
   */
  whenReady(): Promise<void>;
  /**
   * Ends the process and what it started: `stopSignal`, and SIGKILL after `stopTimeout`. Resolves when it has ended. Nothing
   * that was asked for before takes place any more.
   */
  stop(): Promise<void>;
  /**
   * Ends the process if there is one, and starts another one, with a new budget of restarts. Resolves when it is ready.
   * @throws {SuperviseError} If it failed or was stopped before it was ready.
   * @throws {Error} As {@link supervise}, if it was down and a socket can't be bound again.
   */
  restart(): Promise<void>;
  /**
   * Starts another process beside the one that runs. When that one is ready, the former is ended as by `stop`. Resolves when
   * it has ended. Without a process that is ready, as `restart`.
   * @throws {SuperviseError} If the other one was not ready. The former goes on then.
   */
  reload(): Promise<void>;
  /** As {@link Supervisor.stop}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** The events of each {@link Supervisor}, with the number of the instance. */
export interface SupervisorGroupEvents {
  start: [SupervisorEvents['start'][0] & { instance: number }];
  ready: [SupervisorEvents['ready'][0] & { instance: number }];
  exit: [SupervisorEvents['exit'][0] & { instance: number }];
  restart: [SupervisorEvents['restart'][0] & { instance: number }];
  /** This one is not started again; the others go on. */
  failed: [error: SuperviseError, process: { instance: number }];
  stop: [SupervisorEvents['stop'][0] & { instance: number }];
  message: [message: unknown, handle: SendHandle | undefined, process: { pid: number; instance: number }];
}

/** Keeps several processes of one service running. */
export interface SupervisorGroup extends EventEmitter<SupervisorGroupEvents> {
  /** One for each, by its number. */
  readonly instances: readonly Supervisor[];
  /** As {@link Supervisor.addresses}; all listen there. */
  readonly addresses: Readonly<Record<string, AddressInfo | string>>;
  /** Those of each. */
  stats(): SupervisorStats[];
  /**
   * Resolves when all are ready.
   * @throws {SuperviseError} If one of them failed or was stopped.
   */
  whenReady(): Promise<void>;
  /** Ends all of them at the same time, each as {@link Supervisor.stop} does. Restarts and reloads under way reject. */
  stop(): Promise<void>;
  /**
   * Restarts one after the other, each when the one before is ready; also those that failed or were stopped.
   * @throws As {@link Supervisor.restart}, for the first that fails; those after it go on as they are.
   */
  restart(): Promise<void>;
  /**
   * Reloads one after the other.
   * @throws As {@link Supervisor.reload}, for the first that fails; it goes on as it was, and so do those after it.
   */
  reload(): Promise<void>;
  /** As {@link SupervisorGroup.stop}. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** A process that could not be kept running, or a supervisor that was stopped while somebody waited for it. */
export class SuperviseError extends Error {
  private constructor();
  readonly name: 'SuperviseError';
  readonly code: 'ERR_SUPERVISED_PROCESS_FAILED' | 'ERR_SUPERVISOR_STOPPED';
  /** How the last process ended; undefined if the supervisor was stopped. */
  readonly reason?: EndReason;
  readonly exitCode?: number | null;
  readonly signal?: NodeJS.Signals | null;
  /** How often it had been restarted. */
  readonly restarts?: number;
}
