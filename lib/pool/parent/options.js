'use strict';

// The options of a pool and of a task: checked where they come in, and completed.

const { availableParallelism } = require('node:os');
const path = require('node:path');
const { fileURLToPath } = require('node:url');
const { createArgumentTypeError, createArgumentValueError, createOutOfRangeError } = require('../../shared/errors.js');
const { validateBoolean, validateObject, validateOptions, validateString } = require('../../shared/arguments.js');
const checks = require('../../shared/checks.js');
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

const { MAX_SAFE_INTEGER, POSITIVE_INFINITY } = Number;

const checkNatural = checks.checkInteger(0, MAX_SAFE_INTEGER);
const checkPositive = checks.checkInteger(1, MAX_SAFE_INTEGER);
/** How many there may be at most. */
const checkLimit = checks.checkInteger(1, POSITIVE_INFINITY);
const checkConcurrency = checks.checkInteger(1, SLOTS);
const checkSerialization = checks.checkOneOf(['advanced', 'json']);

/** Milliseconds or bytes, or `Infinity`. */
const checkAmount = checks.checkNumber(0, POSITIVE_INFINITY);

/** A time limit; 0 is none, as with Node's `child_process` and command pools. */
const checkTimeLimit = (value, name) => checkAmount(value, name) || POSITIVE_INFINITY;

/** A number of workers; between 0 and 1, a share of the CPUs. */
function checkWorkers(checkWhole) {
  return (value, name) =>
    typeof value === 'number' && value > 0 && value < 1
      ? Math.max(1, Math.round(value * availableParallelism()))
      : checkWhole(value, name);
}

const checkMinWorkers = checkWorkers(checkNatural);
const checkMaxWorkers = checkWorkers(checkPositive);

function filenameOf(value, name) {
  if (value === undefined) return undefined;
  const isUrl = value instanceof URL || (typeof value === 'string' && value.startsWith('file:'));
  if (isUrl) return fileURLToPath(value);
  validateString(value, name);
  if (!path.isAbsolute(value)) throw createArgumentValueError(name, value, 'must be an absolute path or a file URL');
  return path.normalize(value);
}

/** `undefined` counts as absent. */
const optional = (value, fallback, check, name) => (value === undefined ? fallback : check(value, name));

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
  const get = (name, fallback, check) => optional(given[name], fallback, check, `options.${name}`);
  const maxWorkers = get('maxWorkers', get('maxThreads', availableParallelism(), checkMaxWorkers), checkMaxWorkers);
  const minWorkers = get('minWorkers', get('minThreads', 0, checkMinWorkers), checkMinWorkers);
  if (minWorkers > maxWorkers)
    throw createOutOfRangeError('options.minWorkers', `<= maxWorkers (${maxWorkers})`, minWorkers);
  return {
    filename: filenameOf(given.filename, 'options.filename'),
    name: get('name', 'default', validateString),
    minWorkers,
    maxWorkers,
    idleTimeout: get('idleTimeout', 30_000, checkAmount),
    taskTimeout: get('taskTimeout', POSITIVE_INFINITY, checkTimeLimit),
    maxQueue: readMaxQueue(given.maxQueue, maxWorkers),
    concurrency: get('concurrentTasksPerWorker', 1, checkConcurrency),
    maxTasksPerWorker: get('maxTasksPerWorker', POSITIVE_INFINITY, checkLimit),
    maxMemoryBytes: get('maxMemoryBytes', POSITIVE_INFINITY, checkAmount),
    env: readEnvironment(get('env', {}, checks.checkEnvironment)),
    argv: get('argv', [], checks.checkTexts),
    execArgv: get('execArgv', process.execArgv, checks.checkTexts),
    cwd: get('cwd', undefined, checks.checkPathText),
    ...readStdio(given.stdio),
    uid: get('uid', undefined, checks.checkId),
    gid: get('gid', undefined, checks.checkId),
    workerData: copyWorkerData(given.workerData),
    serialization: get('serialization', 'advanced', checkSerialization),
    taskQueue: get('taskQueue', undefined, checkTaskQueue),
    closeTimeout: get('closeTimeout', 30_000, checkAmount),
    killAfter: get('killAfter', 1000, checkAmount),
    recordTiming: get('recordTiming', true, validateBoolean),
    callSites: get('callSites', false, validateBoolean),
    spares: get('spares', 0, checkNatural),
    startTimeout: get('startTimeout', 60_000, checkAmount),
    restart: readRestart(given.restart),
    resolver: get('resolver', true, validateBoolean),
    unresponsiveAfter: get('unresponsiveAfter', 5000, checkAmount),
    endUnresponsive: get('endUnresponsive', false, validateBoolean),
    stallTimeout: get('stallTimeout', 60_000, checkAmount),
  };
}

function readMaxQueue(value, maxWorkers) {
  if (value === undefined || value === POSITIVE_INFINITY) return POSITIVE_INFINITY;
  return value === 'auto' ? maxWorkers ** 2 : checkNatural(value, 'options.maxQueue');
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
const checkStream = checks.checkOneOf(['pipe', 'ignore', 'inherit']);

/** What the worker's standard streams are; stderr is passed on unless told otherwise, so that its end is known. */
function readStdio(value) {
  if (value === undefined) return { stdio: STANDARD, isStderrForwarded: true };
  if (typeof value === 'string') {
    checkStream(value, 'options.stdio');
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
  const stdio = STANDARD.map((standard, index) => checkStream(value[index] ?? standard, `options.stdio[${index}]`));
  return { stdio, isStderrForwarded: value[2] === undefined || value[2] === null };
}

function checkTaskQueue(value, name) {
  validateObject(value, name);
  for (const method of ['push', 'shift', 'remove']) checks.checkFunction(value[method], `${name}.${method}`);
  if (typeof value.size !== 'number') throw createArgumentTypeError(`${name}.size`, 'of type number', value.size);
  return value;
}

const RESTART = { delay: 100, maxDelay: 5000, maxFailures: 10 };
const RESTART_CHECKS = { delay: checkAmount, maxDelay: checkAmount, maxFailures: checkLimit };

function readRestart(value = {}) {
  return checks.checkOptions(value, 'options.restart', RESTART, RESTART_CHECKS);
}

/** The options of a task; frequent, so that nothing is done for what is not there. */
function readRunOptions(given, pool) {
  if (given === undefined) {
    requireFilename(pool.filename);
    return pool.taskDefaults;
  }
  validateOptions(given, 'options', RUN_OPTIONS);
  const get = (name, fallback, check) => optional(given[name], fallback, check, `options.${name}`);
  return {
    filename: requireFilename(filenameOf(given.filename, 'options.filename') ?? pool.filename),
    name: get('name', pool.name, validateString),
    signal: get('signal', undefined, checks.checkAbortSignal),
    timeout: get('timeout', pool.taskTimeout, checkTimeLimit),
    priority: get('priority', 0, checks.checkPriority),
    key: given.key,
    handle: get('handle', undefined, checkHandle),
    idempotent: get('idempotent', false, validateBoolean),
    onProgress: get('onProgress', undefined, checks.checkFunction),
  };
}

const CLOSE_OPTIONS = ['force', 'timeout'];

function readCloseOptions(given = {}, pool) {
  validateOptions(given, 'options', CLOSE_OPTIONS);
  return {
    force: optional(given.force, false, validateBoolean, 'options.force'),
    timeout: optional(given.timeout, pool.closeTimeout, checkAmount, 'options.timeout'),
  };
}

function checkHandle(value, name) {
  if (!isHandle(value))
    throw createArgumentTypeError(name, 'an instance of net.Socket, net.Server or dgram.Socket', value);
  if (value.destroyed) throw createArgumentValueError(name, value, 'must not have been destroyed');
  return value;
}

function requireFilename(filename) {
  if (filename === undefined)
    throw createArgumentTypeError('options.filename', 'of type string or an instance of URL', filename);
  return filename;
}

module.exports = { readCloseOptions, readOptions, readRunOptions };
