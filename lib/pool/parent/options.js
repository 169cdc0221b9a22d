'use strict';

// The options of a pool and of a task: checked where they come in, and completed.

const { availableParallelism } = require('node:os');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { createArgumentTypeError, createArgumentValueError, createOutOfRangeError } = require('../../shared/errors.js');
const { validateOptions, validateString, validateStrings } = require('../../shared/arguments.js');
const { checkAbortSignal, checkBoolean } = require('../../shared/checks.js');
const { isHandle } = require('./handed_handle.js');
const { SLOTS } = require('../protocol/control_block.js');
const { FrameWriter, KINDS, LANES, readFrames } = require('../protocol/frames.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { readValue, writeValue } = require('../protocol/values.js');

const POOL_OPTIONS = [
  'filename',
  'name',
  'minWorkers',
  'maxWorkers',
  'minThreads',
  'maxThreads',
  'idleTimeout',
  'taskTimeout',
  'maxQueue',
  'concurrentTasksPerWorker',
  'maxTasksPerWorker',
  'maxMemoryBytes',
  'env',
  'argv',
  'execArgv',
  'cwd',
  'stdio',
  'uid',
  'gid',
  'workerData',
  'serialization',
  'taskQueue',
  'closeTimeout',
  'killAfter',
  'recordTiming',
  'callSites',
  'spares',
  'startTimeout',
  'restart',
  'resolver',
  'unresponsiveAfter',
  'endUnresponsive',
  'stallTimeout',
];

const RUN_OPTIONS = ['filename', 'name', 'signal', 'timeout', 'priority', 'key', 'handle', 'idempotent', 'onProgress'];

const validateInteger = (value, name, min, max = Number.MAX_SAFE_INTEGER) => {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (!Number.isInteger(value)) throw createOutOfRangeError(name, 'an integer', value);
  if (value < min || value > max) throw createOutOfRangeError(name, `>= ${min} && <= ${max}`, value);
  return value;
};

/** Milliseconds, or `Infinity`. */
const duration = (value, name) => {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (!(value >= 0)) throw createOutOfRangeError(name, '>= 0', value);
  return value;
};

/** A time limit; 0 is none, as with Node's `child_process` and command pools. */
const limit = (value, name) => duration(value, name) || Number.POSITIVE_INFINITY;

const oneOf = (value, name, known) => {
  if (!known.includes(value)) throw createArgumentValueError(name, value, `must be one of: ${known.join(', ')}`);
  return value;
};

/** A number of workers; between 0 and 1, a share of the CPUs. */
function workers(value, name, min) {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (value > 0 && value < 1) return Math.max(1, Math.round(value * availableParallelism()));
  return validateInteger(value, name, min);
}

function filenameOf(value, name) {
  if (value === undefined) return undefined;
  const isUrl = value instanceof URL || (typeof value === 'string' && value.startsWith('file:'));
  if (isUrl) return fileURLToPath(value);
  validateString(value, name);
  if (!path.isAbsolute(value)) throw createArgumentValueError(name, value, 'must be an absolute path or a file URL');
  return path.normalize(value);
}

/** `undefined` counts as absent. */
const optional = (value, fallback, check, ...rest) => (value === undefined ? fallback : check(value, ...rest));

const checked = (validate) => (value, name) => {
  validate(value, name);
  return value;
};
const string = checked(validateString);
const strings = checked(validateStrings);

const object = checked((value, name) => {
  if (value === null || typeof value !== 'object') throw createArgumentTypeError(name, 'of type object', value);
});

/** @returns {object} All options, with what a task without options of its own takes (`taskDefaults`). */
function readOptions(given = {}) {
  const options = readPoolOptions(given);
  const { filename, name, taskTimeout: timeout } = options;
  return { ...options, taskDefaults: { filename, name, timeout, ...TASK_DEFAULTS } };
}

const TASK_DEFAULTS = {
  signal: undefined,
  priority: 0,
  key: undefined,
  handle: undefined,
  idempotent: false,
  onProgress: undefined,
};

function readPoolOptions(given) {
  validateOptions(given, 'options', POOL_OPTIONS);
  const get = (name, fallback, check, ...rest) => optional(given[name], fallback, check, `options.${name}`, ...rest);
  const maxWorkers = get('maxWorkers', get('maxThreads', availableParallelism(), workers, 1), workers, 1);
  const minWorkers = get('minWorkers', get('minThreads', 0, workers, 0), workers, 0);
  if (minWorkers > maxWorkers)
    throw createOutOfRangeError('options.minWorkers', `<= maxWorkers (${maxWorkers})`, minWorkers);
  return {
    filename: filenameOf(given.filename, 'options.filename'),
    name: get('name', 'default', string),
    minWorkers,
    maxWorkers,
    idleTimeout: get('idleTimeout', 30_000, duration),
    taskTimeout: get('taskTimeout', Number.POSITIVE_INFINITY, limit),
    maxQueue: readMaxQueue(given.maxQueue, maxWorkers),
    concurrency: get('concurrentTasksPerWorker', 1, validateInteger, 1, SLOTS),
    maxTasksPerWorker: get('maxTasksPerWorker', Number.POSITIVE_INFINITY, (value, name) =>
      value === Number.POSITIVE_INFINITY ? value : validateInteger(value, name, 1),
    ),
    maxMemoryBytes: get('maxMemoryBytes', Number.POSITIVE_INFINITY, duration),
    env: readEnvironment(get('env', {}, object)),
    argv: get('argv', [], strings),
    execArgv: get('execArgv', process.execArgv, strings),
    cwd: optional(given.cwd, undefined, (value) =>
      value instanceof URL ? fileURLToPath(value) : string(value, 'options.cwd'),
    ),
    ...readStdio(given.stdio),
    uid: get('uid', undefined, validateInteger, 0),
    gid: get('gid', undefined, validateInteger, 0),
    workerData: copyWorkerData(given.workerData),
    serialization: get('serialization', 'advanced', oneOf, ['advanced', 'json']),
    taskQueue: get('taskQueue', undefined, readTaskQueue),
    closeTimeout: get('closeTimeout', 30_000, duration),
    killAfter: get('killAfter', 1000, duration),
    recordTiming: get('recordTiming', true, checkBoolean),
    callSites: get('callSites', false, checkBoolean),
    spares: get('spares', 0, validateInteger, 0),
    startTimeout: get('startTimeout', 60_000, duration),
    restart: readRestart(given.restart),
    resolver: get('resolver', true, checkBoolean),
    unresponsiveAfter: get('unresponsiveAfter', 5000, duration),
    endUnresponsive: get('endUnresponsive', false, checkBoolean),
    stallTimeout: get('stallTimeout', 60_000, duration),
  };
}

function readMaxQueue(value, maxWorkers) {
  if (value === undefined || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  return value === 'auto' ? maxWorkers ** 2 : validateInteger(value, 'options.maxQueue', 0);
}

/** The parent's, and what was given (undefined takes a variable away); what the parent enabled for its own compilation holds for the worker's. */
function readEnvironment(given) {
  const compileCache = require('node:module').getCompileCacheDir?.();
  const inherited = compileCache === undefined ? {} : { NODE_COMPILE_CACHE: path.dirname(compileCache) };
  const environment = { ...inherited, ...process.env, ...given };
  const { FAST_RESOLVE_CACHE: place } = environment;
  // Wherever the worker runs, it is the parent's.
  if (place?.includes('/')) environment.FAST_RESOLVE_CACHE = path.resolve(place);
  return environment;
}

/** Copied once: what can't be cloned is told now, and all workers have the same. */
function copyWorkerData(value) {
  const writer = new FrameWriter();
  writer.begin(KINDS.INIT, 0, 0);
  writeValue(writer, value, noMemory, false);
  let copy;
  const keep = (frame) => {
    copy = readValue(frame, noMemory);
  };
  const bytes = writer.finish();
  readFrames(bytes, LANES.TO_WORKER, keep);
  return copy;
}

const STANDARD = ['ignore', 'inherit', 'pipe'];
const STDIO = ['pipe', 'ignore', 'inherit'];

/** What the worker's standard streams are; stderr is passed on unless told otherwise, so that its end is known. */
function readStdio(value) {
  if (value === undefined) return { stdio: STANDARD, isStderrForwarded: true };
  if (typeof value === 'string') {
    oneOf(value, 'options.stdio', STDIO);
    return { stdio: [value, value, value], isStderrForwarded: false };
  }
  if (!Array.isArray(value))
    throw createArgumentTypeError('options.stdio', 'of type string or an instance of Array', value);
  if (value.length > 3) {
    throw createArgumentValueError(
      'options.stdio',
      value,
      'may name stdin, stdout and stderr; the others are the pool’s',
    );
  }
  const stdio = STANDARD.map((standard, index) => oneOf(value[index] ?? standard, `options.stdio[${index}]`, STDIO));
  return { stdio, isStderrForwarded: value[2] === undefined || value[2] === null };
}

function readTaskQueue(value, name) {
  object(value, name);
  for (const method of ['push', 'shift', 'remove']) {
    if (typeof value[method] !== 'function')
      throw createArgumentTypeError(`${name}.${method}`, 'of type function', value[method]);
  }
  if (typeof value.size !== 'number') throw createArgumentTypeError(`${name}.size`, 'of type number', value.size);
  return value;
}

function readRestart(value = {}) {
  validateOptions(value, 'options.restart', ['delay', 'maxDelay', 'maxFailures']);
  const { delay = 100, maxDelay = 5000, maxFailures = 10 } = value;
  duration(delay, 'options.restart.delay');
  duration(maxDelay, 'options.restart.maxDelay');
  if (maxFailures !== Number.POSITIVE_INFINITY) validateInteger(maxFailures, 'options.restart.maxFailures', 1);
  return { delay, maxDelay, maxFailures };
}

/** The options of a task; frequent, so that nothing is done for what is not there. */
function readRunOptions(given, pool) {
  if (given === undefined) {
    requireFilename(pool.filename);
    return pool.taskDefaults;
  }
  validateOptions(given, 'options', RUN_OPTIONS);
  const get = (name, fallback, check, ...rest) => optional(given[name], fallback, check, `options.${name}`, ...rest);
  return {
    filename: requireFilename(filenameOf(given.filename, 'options.filename') ?? pool.filename),
    name: get('name', pool.name, string),
    signal: get('signal', undefined, checkAbortSignal),
    timeout: get('timeout', pool.taskTimeout, limit),
    priority: get('priority', 0, number),
    key: given.key,
    handle: get('handle', undefined, handle),
    idempotent: get('idempotent', false, checkBoolean),
    onProgress: get('onProgress', undefined, func),
  };
}

const CLOSE_OPTIONS = ['force', 'timeout'];

function readCloseOptions(given = {}, pool) {
  validateOptions(given, 'options', CLOSE_OPTIONS);
  return {
    force: optional(given.force, false, checkBoolean, 'options.force'),
    timeout: optional(given.timeout, pool.closeTimeout, duration, 'options.timeout'),
  };
}

const number = checked((value, name) => {
  if (typeof value !== 'number' || Number.isNaN(value)) throw createArgumentTypeError(name, 'of type number', value);
});
const func = checked((value, name) => {
  if (typeof value !== 'function') throw createArgumentTypeError(name, 'of type function', value);
});
const handle = checked((value, name) => {
  if (!isHandle(value))
    throw createArgumentTypeError(name, 'an instance of net.Socket, net.Server or dgram.Socket', value);
  if (value.destroyed) throw createArgumentValueError(name, value, 'must not have been destroyed');
});

function requireFilename(filename) {
  if (filename === undefined)
    throw createArgumentTypeError('options.filename', 'of type string or an instance of URL', filename);
  return filename;
}

module.exports = { readCloseOptions, readOptions, readRunOptions, validateInteger };
