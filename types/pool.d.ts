import type { ChildProcess, SerializationType } from 'node:child_process';
import type { Socket as DatagramSocket } from 'node:dgram';
import type { EventEmitter } from 'node:events';
import type { Server, Socket } from 'node:net';

/** Whatever structured clone takes. */
// biome-ignore lint/suspicious/noExplicitAny: what goes to a worker and comes back is only its user's to know
type Anything = any;

/** What {@link Pool} takes. An option that is undefined counts as absent. Times are in milliseconds, sizes in bytes. */
export interface PoolOptions<Name extends string = string> {
  /**
   * The file whose functions the tasks call: an absolute path or a file URL of a CommonJS or ES module. Without it, each task
   * names its own.
   */
  filename?: string | URL;
  /**
   * Which of its functions a task calls that names none. `'default'` is the default export, or `module.exports` itself.
   * @default 'default'
   */
  name?: Name;
  /**
   * So many workers are started at once, one in each turn of the event loop, also when there is nothing to do. Between 0 and 1
   * (exclusive): a share of the processors.
   * @default 0
   */
  minWorkers?: number;
  /**
   * So many workers there are at most, besides spares. Between 0 and 1 (exclusive): a share of the processors, at least one.
   * @default os.availableParallelism()
   */
  maxWorkers?: number;
  /** Another name for `minWorkers`. */
  minThreads?: number;
  /** Another name for `maxWorkers`. */
  maxThreads?: number;
  /**
   * A worker beyond `minWorkers` that has had nothing to do for so long ends. `Infinity`: never.
   * @default 30_000
   */
  idleTimeout?: number;
  /**
   * So long a task may run, from its beginning in the worker. 0 and `Infinity`: as long as it likes. See also `timeout` of
   * {@link RunOptions}.
   * @default Infinity
   */
  taskTimeout?: number;
  /**
   * So many tasks may wait beyond those that the workers can run; another one is refused. `'auto'`: the square of `maxWorkers`.
   * @default Infinity
   */
  maxQueue?: number | 'auto';
  /**
   * Tasks that a worker runs at the same time, 1 to 256.
   * @default 1
   */
  concurrentTasksPerWorker?: number;
  /**
   * After so many tasks a worker is replaced.
   * @default Infinity
   */
  maxTasksPerWorker?: number;
  /**
   * A worker whose resident memory (without what it shares with the pool) is larger is replaced between two tasks. It is
   * looked at twice a second, while there is something to do.
   * @default Infinity
   */
  maxMemoryBytes?: number;
  /** Added to the environment that this process has when the pool is made; undefined takes a variable away. */
  env?: Readonly<Record<string, string | undefined>>;
  /**
   * `process.argv` of the workers from the third on.
   * @default []
   */
  argv?: readonly string[];
  /** Flags of Node for the workers. Default: those of this process. */
  execArgv?: readonly string[];
  /** The directory that the workers run in. Default: where this process is. */
  cwd?: string | URL;
  /**
   * Standard input, output and error of the workers; a word stands for all three. What is not said of standard error is
   * passed on to that of this process, and its end is kept for {@link WorkerCrashedError.stderrTail}; that, and whether a worker
   * ran out of memory, is known only where standard error is not said or `'pipe'`.
   * @default ['ignore', 'inherit', passed on]
   */
  stdio?: WorkerStdio | readonly (WorkerStdio | null | undefined)[];
  /** The user that the workers run as. Needs the rights of root. */
  uid?: number;
  /** The group that the workers run as. Needs the rights of root. */
  gid?: number;
  /** What every worker finds as `worker.workerData`, as it is when the pool is made. Structured clone carries it. */
  workerData?: unknown;
  /**
   * How values travel: as structured clone has them (a Buffer stays a Buffer), or as JSON has them. What can be cloned only within a
   * process (Blob, KeyObject, CryptoKey, WebAssembly.Module …) rejects its task with a `DataCloneError` that names the class.
   * @default 'advanced'
   */
  serialization?: SerializationType;
  /** Decides which task is next, in place of the pool's own queue: highest priority first, then first come, first served. */
  taskQueue?: TaskQueue;
  /**
   * So long {@link Pool.close} waits for tasks; then it ends what still runs.
   * @default 30_000
   */
  closeTimeout?: number;
  /**
   * A task that was cancelled or has run out of time, and does not stop, takes its worker with it after so long. `Infinity`:
   * never.
   * @default 1000
   */
  killAfter?: number;
  /**
   * Whether {@link Pool.waitTime} and {@link Pool.runTime} are kept.
   * @default true
   */
  recordTiming?: boolean;
  /**
   * Whether each call of {@link Pool.run} takes down where it came from, so that the stack of an error always ends with the lines that
   * called, as that of {@link Pool.stream} does. It takes about four microseconds and half a kilobyte for each task. Without, the stack
   * ends with those that await the promise (`at async …`), which cost nothing; where nobody does, there are none.
   * @default false
   */
  callSites?: boolean;
  /**
   * So many workers stand by, started and loaded, to take the place of one that ends.
   * @default 0
   */
  spares?: number;
  /**
   * A worker that is not ready after so long (its file is still being loaded) is ended, and has not started: what waits rejects
   * with an Error with the code `FAST_RESOLVE_START_TIMEOUT`. `Infinity`: never.
   * @default 60_000
   */
  startTimeout?: number;
  /** When a worker does not start. */
  restart?: WorkerRestart;
  /**
   * Whether workers resolve as with `fast-resolve/register`, with the snapshot of this process's program.
   * @default true
   */
  resolver?: boolean;
  /**
   * A worker that has a task and whose event loop does not turn for so long is reported by `workerUnresponsive`. `Infinity`:
   * never.
   * @default 5000
   */
  unresponsiveAfter?: number;
  /**
   * Whether such a worker is ended. Its tasks reject with {@link WorkerCrashedError}.
   * @default false
   */
  endUnresponsive?: boolean;
  /**
   * A stream whose consumer reads nothing for so long, while other tasks wait for a worker, is ended: it rejects with
   * `FAST_RESOLVE_STREAM_STALLED`, after the items that have come. `Infinity`: never.
   * @default 60_000
   */
  stallTimeout?: number;
}

/** Where the stdout or stderr of workers goes: to streams that the pool gives out, nowhere, or where that of this process goes. */
export type WorkerStdio = 'pipe' | 'ignore' | 'inherit';

/** When workers end before they are ready, one after the other. */
export interface WorkerRestart {
  /**
   * Milliseconds before the third start; twice as many before each one after that.
   * @default 100
   */
  delay?: number;
  /**
   * Milliseconds before a start at the most. A worker that stays for so long, and for five seconds, has not failed to start.
   * @default 5000
   */
  maxDelay?: number;
  /**
   * After so many, with no worker left, no more are started, and all tasks reject with the reason, until
   * {@link Pool.recycleWorkers}.
   * @default 10
   */
  maxFailures?: number;
}

/** What {@link Pool.run} and {@link Pool.stream} take. */
export interface RunOptions<Name extends string = string> {
  /** The file of the function, where it is not the pool's. */
  filename?: string | URL;
  /** The name of the function. Default: that of the pool. */
  name?: Name;
  /** Cancels the task. */
  signal?: AbortSignal;
  /** Milliseconds that it may run, from its beginning in the worker; 0 and `Infinity` for as long as it likes. Default: `taskTimeout` of the pool. */
  timeout?: number;
  /**
   * The highest comes first. A pool that has had a task with a priority gives no more to workers than they can begin at once.
   * @default 0
   */
  priority?: number;
  /** Tasks with the same key (any value, compared as by a Map) go to the same worker, for as long as there is that worker. */
  key?: unknown;
  /**
   * Arrives live, as `context.handle`. A socket belongs to the task from this call on: this process reads no more of it, and
   * its own end is closed when the task has ended well. Where the task rejects, it is its owner's as before.
   */
  handle?: Socket | Server | DatagramSocket;
  /**
   * Whether the task may be begun again when its worker ended while it ran: up to three times in all. Not for streams.
   * @default false
   */
  idempotent?: boolean;
  /** Called with each value that the function emits. */
  onProgress?(value: Anything): void;
}

/** What {@link Pool.close} takes. */
export interface CloseOptions {
  /**
   * Whether what no worker has begun is cancelled.
   * @default false
   */
  force?: boolean;
  /** Milliseconds; then it ends what still runs. Default: `closeTimeout` of the pool. */
  timeout?: number;
}

/** What a custom queue holds. */
export interface QueuedTask {
  readonly id: number;
  readonly value: unknown;
  readonly priority: number;
  readonly options: Readonly<RunOptions>;
}

/** A queue of one's own. Each task that was pushed has to come out again once. */
export interface TaskQueue {
  readonly size: number;
  /** What it throws rejects the task. */
  push(task: QueuedTask): void;
  /**
   * The next one; undefined if there is none, or, with a `size` that is not 0, none for now. What it throws rejects all that wait;
   * so does a queue that has lost tasks, or gives nothing but others (`FAST_RESOLVE_QUEUE_BROKEN`).
   */
  shift(): QueuedTask | undefined;
  /** Takes one out that is not wanted any more; at once, or when `shift` would give it. */
  remove(task: QueuedTask): void;
  /** Takes one back that a worker was given and has not begun. Default: `push`. */
  unshift?(task: QueuedTask): void;
}

/** The second argument of a task's function. */
export interface TaskContext {
  /** Aborted when the task is cancelled, has run out of time, or its consumer has left. */
  readonly signal: AbortSignal;
  /** Tells `onProgress` of the caller. False if the caller is behind by more than 1 MiB: whoever has much to tell waits. */
  readonly emit: (value: unknown) => boolean;
  /** What came with the task. */
  readonly handle?: Socket | Server | DatagramSocket;
}

/** In a worker, what it knows of itself. */
export interface PoolWorkerContext {
  readonly isWorker: boolean;
  /** Its number, as in {@link WorkerInfo.id}; undefined elsewhere. */
  readonly id: number | undefined;
  readonly workerData: Anything;
  /**
   * That of the task that asks; undefined outside of a worker.
   * @throws {Error} `FAST_RESOLVE_NO_TASK` in a worker, outside of a task.
   */
  readonly signal: AbortSignal | undefined;
  /**
   * As {@link TaskContext.emit}, for the task that calls; undefined outside of a worker.
   * @throws {Error} `FAST_RESOLVE_NO_TASK` in a worker, outside of a task.
   */
  readonly emit: ((value: unknown) => boolean) | undefined;
}

/** Where this code runs. */
export const worker: PoolWorkerContext;

/** One of a pool's workers. */
export interface WorkerInfo {
  /** No other worker of this process has the same. */
  readonly id: number;
  readonly pid: number | undefined;
  /** Node's own, with all its events. What the user sends by `send` is the user's. */
  readonly process: ChildProcess;
  /** Whether its file is loaded. */
  readonly isReady: boolean;
  /** Whether it stands by. */
  readonly isSpare: boolean;
  /** Whether it ends when it has done what it has begun. */
  readonly isRetiring: boolean;
  /** Tasks that it has. */
  readonly pending: number;
  /** What started its process: `clone`, by the addon, or `node`. */
  readonly mechanism: 'clone' | 'node';
  readonly stats: WorkerStats;
}

/** What a worker has done and taken so far. */
export interface WorkerStats {
  /** Tasks that it has ended. */
  readonly tasks: number;
  /** Resident memory, without what it shares with the pool. */
  readonly memoryBytes: number;
  /** Milliseconds on a processor. */
  readonly cpuMs: number;
}

/** What {@link Pool.stats} gives. */
export interface PoolStats {
  /** Workers that are there, those that start or retire included. */
  readonly workers: number;
  /** Those of them that have started. */
  readonly ready: number;
  /** Those that are kept for the case that another one ends. */
  readonly spares: number;
  /** Tasks that have not settled. */
  readonly pending: number;
  /** Those of them that a worker runs. */
  readonly running: number;
  /** Tasks that wait for a worker. */
  readonly queueSize: number;
  /** Tasks that workers have ended, well or not. */
  readonly completed: number;
  /** As {@link Pool.utilization}. */
  readonly utilization: number;
  /** Null without `recordTiming`. */
  readonly waitTime: TimeSummary | null;
  /** Null without `recordTiming`. */
  readonly runTime: TimeSummary | null;
  /** Resident bytes of all workers, without what they share with the pool. */
  readonly memoryBytes: number;
  /** Milliseconds that the workers that are there have spent on a processor. */
  readonly cpuMs: number;
}

/** Times of tasks, in milliseconds. */
export interface TimeSummary {
  readonly count: number;
  readonly min: number;
  readonly max: number;
  readonly mean: number;
  readonly stddev: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
  readonly p95: number;
  readonly p99: number;
  readonly p99_9: number;
}

/** The items of a task. Whoever leaves the loop ends the task. */
export interface TaskStream<Item> extends AsyncIterableIterator<Item> {
  /** Ends the task. */
  return(value?: unknown): Promise<IteratorResult<Item, Anything>>;
}

/** The arguments of each event's listeners. */
interface PoolEvents {
  /** A worker was started. */
  workerCreate: [worker: WorkerInfo];
  /** It has loaded its file. */
  workerReady: [worker: WorkerInfo];
  /** It is gone, and so is all that it had started. */
  workerExit: [worker: WorkerInfo, exitCode: number | null, signal: NodeJS.Signals | null];
  /** It has a task, and its event loop has not turned for so many milliseconds. */
  workerUnresponsive: [worker: WorkerInfo, milliseconds: number];
  /** As many tasks wait as may (without a `maxQueue`: as many as the workers can run). */
  needsDrain: [];
  /** None waits any more. */
  drain: [];
  /**
   * A worker did not start, and no task is told of it; or what a worker sent can't be read, and it was ended
   * (`FAST_RESOLVE_WORKER_MALFORMED`); or `remove` of a `taskQueue` threw. Without a listener it is a warning.
   */
  error: [error: unknown];
}

/** The function of that name in a worker's module; without the module's type, any function. */
type FunctionOf<Functions, Name> = 0 extends 1 & Functions
  ? (value: Anything, context: TaskContext) => Anything
  : Name extends keyof Functions
    ? Functions[Name]
    : never;
/** What that function takes. */
type ValueOf<Functions, Name> =
  FunctionOf<Functions, Name> extends (value: infer Value, ...rest: Anything[]) => unknown ? Value : never;
/** What that function returns, or what its promise resolves to. */
type ResultOf<Functions, Name> =
  FunctionOf<Functions, Name> extends (...values: Anything[]) => infer Result ? Awaited<Result> : never;
/** What the iterator that it returns gives, one by one. */
type ItemOf<Functions, Name> =
  ResultOf<Functions, Name> extends AsyncIterable<infer Item> | Iterable<infer Item> ? Item : never;
/** The names of a module's functions; without the module's type, any string. */
type NameOf<Functions> = 0 extends 1 & Functions ? string : keyof Functions & string;
/** A function that takes no value needs none. */
type Arguments<Value, Options> = undefined extends Value
  ? [value?: Value, options?: Options]
  : [value: Value, options?: Options];

/**
 * A pool of Node processes that run functions of a file.
 *
 * Every task settles exactly once. Pending tasks keep this process alive, an idle pool does not; when this process is gone,
 * however it went, so are its workers.
 *
 * @typeParam Functions What the file exports: `typeof import('./tasks.js')`. Without it, values and results are `any`.
 * @typeParam DefaultName The name of the function that a task calls that names none.
 */
export class Pool<
  Functions = Anything,
  DefaultName extends NameOf<Functions> = Anything,
> extends EventEmitter<PoolEvents> {
  /**
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE` if an option is not what it should be.
   * @throws {RangeError} `ERR_OUT_OF_RANGE` if a number is too small or too large.
   * @throws {DOMException} `DataCloneError` if `workerData` can't be cloned.
   */
  constructor(options?: PoolOptions<DefaultName>);

  /**
   * Runs a task. The promise rejects with
   * - whatever the function threw: of its class (of the same name, where it is none of Node's), with its message, stack, code,
   *   causes and own properties;
   * - {@link WorkerCrashedError} if its worker ended while it ran;
   * - a DOMException `DataCloneError` if the value or the result can't be sent;
   * - a DOMException `TimeoutError` if it ran for too long;
   * - `AbortError` (code `ABORT_ERR`, the reason is the `cause`) if it was cancelled or the pool was destroyed;
   * - `FAST_RESOLVE_START_TIMEOUT` if no worker was ready in time;
   * - `FAST_RESOLVE_QUEUE_FULL` if too many wait, `FAST_RESOLVE_POOL_CLOSED` after `close`;
   * - what kept workers from starting: what the file threw when it was loaded, for example;
   * - `ERR_INVALID_ARG_TYPE`, `ERR_INVALID_ARG_VALUE`, `ERR_OUT_OF_RANGE` if an option is not what it should be.
   *
   * The stack of an error ends with the functions that await the promise, or that called (`callSites`). One error that many tasks
   * reject with, such as what a file threw when it was loaded, names none of them.
   */
  run<Name extends NameOf<Functions> = DefaultName>(
    ...values: Arguments<ValueOf<Functions, Name>, RunOptions<Name> & { filename?: undefined }>
  ): Promise<ResultOf<Functions, Name>>;
  /** Runs a function of another file. */
  run<Result = unknown>(value: unknown, options: RunOptions & { filename: string | URL }): Promise<Result>;

  /**
   * Runs a task whose function is an async generator, or gives another iterable. No more than 16 items are on their way: the
   * function goes on when the consumer does. The iteration throws what `run` would reject with; the stack ends with the
   * line that called.
   * @throws {Error} `FAST_RESOLVE_QUEUE_FULL`, `FAST_RESOLVE_POOL_CLOSED`, and for options, as `run`.
   */
  stream<Name extends NameOf<Functions> = DefaultName>(
    ...values: Arguments<ValueOf<Functions, Name>, RunOptions<Name> & { filename?: undefined }>
  ): TaskStream<ItemOf<Functions, Name>>;
  /** Of a function of another file. */
  stream<Item = unknown>(value: unknown, options: RunOptions & { filename: string | URL }): TaskStream<Item>;

  /**
   * A buffer of zeros that travels to a worker and back without being copied: all hold the same bytes, and whoever writes to it
   * while another one reads has to agree with it. It is given back by `release`, or when nobody holds it any more. Where there
   * is no shared memory, it is an ordinary buffer.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if `bytes` is no number.
   * @throws {RangeError} `ERR_OUT_OF_RANGE` if it is no integer from 0 to `buffer.constants.MAX_LENGTH`.
   */
  alloc(bytes: number): Buffer;
  /**
   * Gives a buffer of `alloc` back. It is empty from now on, here and in the workers.
   * @returns Whether it was one.
   * @throws {TypeError} `ERR_INVALID_ARG_TYPE` if it is no buffer at all.
   */
  release(buffer: NodeJS.ArrayBufferView): boolean;

  /** Rejects, with `AbortError`, all that no worker has begun. */
  cancelPendingTasks(): void;
  /** Replaces all workers, each when it has done what it has begun. */
  recycleWorkers(): void;
  /**
   * Lets all tasks come to their end, then ends the workers. No more tasks are taken.
   * @returns A promise that resolves when all workers are gone. A later call gets the same.
   */
  close(options?: CloseOptions): Promise<void>;
  /**
   * Rejects all tasks with `AbortError`, and kills the workers.
   * @returns A promise that resolves when all workers are gone.
   */
  destroy(): Promise<void>;
  /** As `close`. */
  [Symbol.asyncDispose](): Promise<void>;

  /**
   * All numbers in one call. On Linux, the system is asked for each worker's memory and processor time; elsewhere they are what the
   * workers told last.
   */
  stats(): PoolStats;

  /** Those that are there. */
  readonly workers: WorkerInfo[];
  /** The options, completed. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Tasks that wait for a worker. */
  readonly queueSize: number;
  /** Whether whoever asks for more should wait for `drain`. */
  readonly needsDrain: boolean;
  /** Tasks that workers have ended, well or not. */
  readonly completed: number;
  /** The share, 0 to 1, of the time since the pool was made in which the workers could have run tasks and did. */
  readonly utilization: number;
  /** How long tasks have waited; null without `recordTiming`. */
  readonly waitTime: TimeSummary | null;
  /** How long they ran; null without `recordTiming`. */
  readonly runTime: TimeSummary | null;
}

/** A worker ended while it ran the task. Its `cause`, where there is one, is what nobody caught in the worker. */
export class WorkerCrashedError extends Error {
  constructor(
    message: string,
    facts: {
      exitCode: number | null;
      signal: NodeJS.Signals | null;
      oom: boolean;
      taskId: number | undefined;
      stderrTail: string;
      workerPid: number | undefined;
      cause?: unknown;
    },
  );
  readonly name: 'WorkerCrashedError';
  readonly code: 'FAST_RESOLVE_WORKER_CRASHED';
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether V8 said that there was no memory left. (What the system kills for want of memory is a SIGKILL like any other.) */
  readonly oom: boolean;
  /** Undefined if it had not even begun to run tasks. */
  readonly taskId: number | undefined;
  /** The last 16 KiB that it wrote to standard error. */
  readonly stderrTail: string;
  readonly workerPid: number | undefined;
}
