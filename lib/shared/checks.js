'use strict';

// Checks of single values that callers hand in. Each gives the value as it is kept.

const os = require('node:os');
const { fileURLToPath } = require('node:url');

const { validateBoolean, validateOptions, validateString } = require('./arguments.js');
const {
  createArgumentTypeError,
  createArgumentValueError,
  createOutOfRangeError,
  createUnknownSignalError,
} = require('./errors.js');

/** The longest that a timer of Node runs, in milliseconds. */
const LONGEST_TIME = 2 ** 31 - 1;
const LARGEST_ID = 2 ** 32 - 2;

function checkBoolean(value, name) {
  validateBoolean(value, name);
  return value;
}

/** Text that can be given to the system. */
function checkText(value, name) {
  validateString(value, name);
  if (value.includes('\0')) throw createArgumentValueError(name, value, 'must be a string without null bytes');
  return value;
}

function checkPath(value, name) {
  if (value instanceof URL) return checkText(fileURLToPath(value), name);
  if (typeof value !== 'string') throw createArgumentTypeError(name, 'of type string or an instance of URL', value);
  if (value === '') throw createArgumentValueError(name, value, 'must not be empty');
  return checkText(value, name);
}

function checkTexts(value, name) {
  if (!Array.isArray(value)) throw createArgumentTypeError(name, 'an instance of Array', value);
  return value.map((text, index) => checkText(text, `${name}[${index}]`));
}

/** A copy: later processes are to have what the first one had. */
function checkEnvironment(value, name) {
  if (value === null || typeof value !== 'object') throw createArgumentTypeError(name, 'of type object', value);
  const env = {};
  for (const [key, text] of Object.entries(value)) {
    // An undefined value takes a variable of the parent away.
    env[key] = text === undefined ? undefined : checkText(`${text}`, `${name}.${key}`);
  }
  return env;
}

function checkOneOf(choices) {
  const listed = choices.map((choice) => `'${choice}'`).join(', ');
  return (value, name) => {
    validateString(value, name);
    if (!choices.includes(value)) throw createArgumentValueError(name, value, `must be one of ${listed}`);
    return value;
  };
}

function checkNumber(least, most) {
  return (value, name) => {
    if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
    if (!(value >= least && value <= most)) throw createOutOfRangeError(name, `>= ${least} && <= ${most}`, value);
    return value;
  };
}

function checkInteger(least, most) {
  const checkRange = checkNumber(least, most);
  return (value, name) => {
    checkRange(value, name);
    if (value !== Number.POSITIVE_INFINITY && !Number.isInteger(value)) {
      throw createOutOfRangeError(name, 'an integer', value);
    }
    return value;
  };
}

const checkTime = checkNumber(0, LONGEST_TIME);
const checkId = checkInteger(0, LARGEST_ID);
const checkDescriptor = checkInteger(0, LONGEST_TIME);
const checkPort = checkInteger(0, 65_535);

function checkSignal(value, name) {
  validateString(value, name);
  if (os.constants.signals[value] === undefined) throw createUnknownSignalError(value);
  return value;
}

/** Signals that a process can listen to. */
function checkSignals(value, name) {
  if (!Array.isArray(value)) throw createArgumentTypeError(name, 'an instance of Array', value);
  for (const [index, signal] of value.entries()) {
    checkSignal(signal, `${name}[${index}]`);
    if (signal === 'SIGKILL' || signal === 'SIGSTOP') {
      throw createArgumentValueError(`${name}[${index}]`, signal, 'must be a signal that can be listened to');
    }
  }
  return [...new Set(value)];
}

function checkAbortSignal(value, name) {
  if (value instanceof AbortSignal) return value;
  throw createArgumentTypeError(name, 'an instance of AbortSignal', value);
}

/**
 * The options of an object, each by its check, on top of what holds where nothing is said. One that is undefined counts as absent.
 * @template Options
 * @param {object} value
 * @param {string} name
 * @param {Options} defaults
 * @param {Record<string, (value: unknown, name: string) => unknown>} optionChecks
 * @returns {Options}
 */
function checkOptions(value, name, defaults, optionChecks) {
  validateOptions(value, name, Object.keys(optionChecks));
  const checked = { ...defaults };
  for (const [key, check] of Object.entries(optionChecks)) {
    if (value[key] !== undefined) checked[key] = check(value[key], `${name}.${key}`);
  }
  return checked;
}

module.exports = {
  checkAbortSignal,
  checkBoolean,
  checkDescriptor,
  checkEnvironment,
  checkId,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkPath,
  checkPort,
  checkSignal,
  checkSignals,
  checkText,
  checkTexts,
  checkTime,
};
