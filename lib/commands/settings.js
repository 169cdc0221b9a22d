'use strict';

// The options of a command, checked once and put together with those of its pool. A command without options of its own
// shares the object of its pool.

const os = require('node:os');

const { validateBoolean, validateOptions, validateString } = require('../shared/arguments.js');
const checks = require('../shared/checks.js');
const {
  createArgumentTypeError,
  createArgumentValueError,
  createOutOfRangeError,
  createUnknownSignalError,
} = require('../shared/errors.js');
const { validateInput } = require('./input.js');
const { validateStdio } = require('./stdio.js');

const { signals } = os.constants;

/** What holds where nothing else is said. */
const DEFAULTS = Object.freeze({
  cwd: undefined,
  env: undefined,
  extendEnv: true,
  input: undefined,
  encoding: 'utf8',
  stdio: undefined,
  shell: false,
  argv0: undefined,
  timeout: 0,
  startRetryTime: 10_000,
  killSignal: signals.SIGTERM,
  forceKillAfter: 5000,
  killTree: true,
  maxBuffer: 100_000_000,
  signal: undefined,
  uid: undefined,
  gid: undefined,
  detached: false,
  priority: 0,
  reject: true,
});

/** Each option's check, which gives the value as it is kept. */
const CHECKS = {
  cwd: checks.checkPathText,
  env: checks.checkEnvironment,
  extendEnv: validateBoolean,
  input: validateInput,
  encoding: checkEncoding,
  stdio: validateStdio,
  shell: checkShell,
  argv0: checks.checkText,
  timeout: checkTimeout,
  startRetryTime: checkRetryTime,
  killSignal: checkSignal,
  forceKillAfter: checkForceKillAfter,
  killTree: validateBoolean,
  maxBuffer: checkMaxBuffer,
  signal: checks.checkAbortSignal,
  uid: checks.checkId,
  gid: checks.checkId,
  detached: validateBoolean,
  priority: checks.checkPriority,
  reject: validateBoolean,
};

const NAMES = Object.keys(CHECKS);

/**
 * The options on top of others that were checked before. An option that is undefined counts as absent; `env` is added to.
 * @param {typeof DEFAULTS} base
 * @param {object | undefined} options
 * @param {readonly string[]} [others] Names that mean something to the caller only.
 */
function createSettings(base, options, others = []) {
  if (options === undefined) return base;
  validateOptions(options, 'options', others.length === 0 ? NAMES : [...others, ...NAMES]);
  const settings = { ...base };
  for (const name of NAMES) {
    const value = options[name];
    if (value !== undefined) settings[name] = CHECKS[name](value, `options.${name}`);
  }
  if (base.env !== undefined && settings.env !== base.env) settings.env = { ...base.env, ...settings.env };
  return settings;
}

function checkEncoding(value, name) {
  validateString(value, name);
  if (value !== 'buffer' && !Buffer.isEncoding(value)) {
    throw createArgumentValueError(name, value, "must be 'buffer' or an encoding of Buffer");
  }
  return value === 'utf-8' || value === 'UTF-8' ? 'utf8' : value;
}

function checkShell(value, name) {
  if (typeof value === 'boolean') return value;
  if (typeof value !== 'string') throw createArgumentTypeError(name, 'one of type boolean or string', value);
  return checks.checkText(value, name);
}

/** 0 is no limit, and so is `Infinity`. */
function checkTimeout(value, name) {
  return value === Number.POSITIVE_INFINITY ? 0 : checks.checkTime(value, name);
}

/** 0 is not to try again. */
function checkRetryTime(value, name) {
  return value === Number.POSITIVE_INFINITY ? value : checks.checkTime(value, name);
}

function checkForceKillAfter(value, name) {
  if (value === false || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (typeof value === 'boolean') throw createArgumentValueError(name, value, 'must be a number or false');
  return checks.checkTime(value, name);
}

function checkSignal(value, name) {
  if (typeof value === 'number') {
    if (Object.values(signals).includes(value)) return value;
  } else if (typeof value === 'string') {
    const number = signals[value] ?? signals[value.toUpperCase()];
    if (number !== undefined) return number;
  } else {
    throw createArgumentTypeError(name, 'one of type string or number', value);
  }
  throw createUnknownSignalError(value);
}

function checkMaxBuffer(value, name) {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (!(value >= 0)) throw createOutOfRangeError(name, 'a positive number', value);
  return Math.floor(value);
}

module.exports = { DEFAULTS, createSettings };
