'use strict';

// The options of a command, checked once and put together with those of its pool. A command without options of its own
// shares the object of its pool.

const os = require('node:os');
const { fileURLToPath } = require('node:url');

const { validateOptions, validateString } = require('../shared/arguments.js');
const { checkAbortSignal, checkBoolean, checkText, checkTime } = require('../shared/checks.js');
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
  cwd: checkPath,
  env: checkEnvironment,
  extendEnv: checkBoolean,
  input: validateInput,
  encoding: checkEncoding,
  stdio: validateStdio,
  shell: checkShell,
  argv0: checkText,
  timeout: checkTimeout,
  startRetryTime: checkRetryTime,
  killSignal: checkSignal,
  forceKillAfter: checkForceKillAfter,
  killTree: checkBoolean,
  maxBuffer: checkMaxBuffer,
  signal: checkAbortSignal,
  uid: checkId,
  gid: checkId,
  detached: checkBoolean,
  priority: checkPriority,
  reject: checkBoolean,
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

function checkPath(value, name) {
  if (value instanceof URL) return checkText(fileURLToPath(value), name);
  if (typeof value !== 'string') throw createArgumentTypeError(name, 'of type string or an instance of URL', value);
  return checkText(value, name);
}

/** A copy: the command may start later, and is to have what it was given. */
function checkEnvironment(value, name) {
  if (value === null || typeof value !== 'object') throw createArgumentTypeError(name, 'of type object', value);
  const env = {};
  // As Node does, with what is inherited.
  for (const key in value) {
    // An undefined value takes a variable of the parent away.
    env[key] = value[key] === undefined ? undefined : `${value[key]}`;
    if (key.includes('\0') || env[key]?.includes('\0')) {
      throw createArgumentValueError(`${name}['${key}']`, value[key], 'must be a string without null bytes');
    }
  }
  return env;
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
  return checkText(value, name);
}

/** 0 is no limit, and so is `Infinity`. */
function checkTimeout(value, name) {
  return value === Number.POSITIVE_INFINITY ? 0 : checkTime(value, name);
}

/** 0 is not to try again. */
function checkRetryTime(value, name) {
  return value === Number.POSITIVE_INFINITY ? value : checkTime(value, name);
}

function checkForceKillAfter(value, name) {
  if (value === false || value === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  if (typeof value === 'boolean') throw createArgumentValueError(name, value, 'must be a number or false');
  return checkTime(value, name);
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

/** As far as the system's own type reaches; -1 is what it takes for "as before". */
function checkId(value, name) {
  if (!Number.isInteger(value)) throw createArgumentTypeError(name, 'an integer', value);
  if (value < 0 || value > 2 ** 31 - 1) throw createOutOfRangeError(name, '>= 0 && <= 2147483647', value);
  return value;
}

function checkPriority(value, name) {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (Number.isNaN(value)) throw createOutOfRangeError(name, 'a number', value);
  return value;
}

module.exports = { DEFAULTS, createSettings };
