'use strict';

// Checks of single values that callers hand in. Each gives the value as it is kept.

const os = require('node:os');
const { fileURLToPath } = require('node:url');

const { validateArray, validateObject, validateOptions, validateString } = require('./arguments.js');
const {
  createArgumentTypeError,
  createArgumentValueError,
  createOutOfRangeError,
  createUnknownSignalError,
} = require('./errors.js');

/** The longest that a timer of Node runs, in milliseconds. */
const LONGEST_TIME = 2 ** 31 - 1;
/** As far as the system's own type reaches; -1 is what it takes for "as before". */
const LARGEST_ID = 2 ** 31 - 1;

function checkFunction(value, name) {
  if (typeof value !== 'function') throw createArgumentTypeError(name, 'of type function', value);
  return value;
}

/** Text that can be given to the system. */
function checkText(value, name) {
  validateString(value, name);
  if (value.includes('\0')) throw createArgumentValueError(name, value, 'must be a string without null bytes');
  return value;
}

/** A path, or its URL. */
function checkPathText(value, name) {
  if (value instanceof URL) return checkText(fileURLToPath(value), name);
  if (typeof value !== 'string') throw createArgumentTypeError(name, 'of type string or an instance of URL', value);
  return checkText(value, name);
}

function checkPath(value, name) {
  if (value === '') throw createArgumentValueError(name, value, 'must not be empty');
  return checkPathText(value, name);
}

function checkTexts(value, name) {
  return validateArray(value, name).map((text, index) => checkText(text, `${name}[${index}]`));
}

/** A copy: processes that are started later are to have what was given. */
function checkEnvironment(value, name) {
  validateObject(value, name);
  // A variable may have any name.
  const env = { __proto__: null };
  // As Node does, with what is inherited.
  for (const key in value) {
    // An undefined value takes a variable of the parent away.
    const text = value[key] === undefined ? undefined : `${value[key]}`;
    if (key.includes('\0') || text?.includes('\0')) {
      throw createArgumentValueError(`${name}['${key}']`, value[key], 'must be a string without null bytes');
    }
    env[key] = text;
  }
  return env;
}

function checkOneOf(choices) {
  const listed = choices.map((choice) => `'${choice}'`).join(', ');
  return (value, name) => {
    if (!choices.includes(value)) throw createArgumentValueError(name, value, `must be one of ${listed}`);
    return value;
  };
}

function checkNumber(least, most) {
  const range = most === Number.POSITIVE_INFINITY ? `>= ${least}` : `>= ${least} && <= ${most}`;
  return (value, name) => {
    if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
    if (!(value >= least && value <= most)) throw createOutOfRangeError(name, range, value);
    return value;
  };
}

/** `Infinity` counts as one, where it is the most. */
function checkInteger(least, most) {
  const checkRange = checkNumber(least, most);
  return (value, name) => {
    if (typeof value === 'number' && Number.isFinite(value) && !Number.isInteger(value)) {
      throw createOutOfRangeError(name, 'an integer', value);
    }
    return checkRange(value, name);
  };
}

const checkTime = checkNumber(0, LONGEST_TIME);
const checkDescriptor = checkInteger(0, LONGEST_TIME);
const checkPort = checkInteger(0, 65_535);

function checkPriority(value, name) {
  if (typeof value !== 'number') throw createArgumentTypeError(name, 'of type number', value);
  if (Number.isNaN(value)) throw createOutOfRangeError(name, 'a number', value);
  return value;
}

/** Of a user or a group. As Node, which takes what has more than 32 bits for another type. */
function checkId(value, name) {
  if (!Number.isInteger(value) || value > LARGEST_ID) {
    throw createArgumentTypeError(name, 'an integer of 32 bits', value);
  }
  if (value < 0) throw createOutOfRangeError(name, '>= 0', value);
  return value;
}

function checkSignal(value, name) {
  validateString(value, name);
  if (os.constants.signals[value] === undefined) throw createUnknownSignalError(value);
  return value;
}

/** Signals that a process can listen to. */
function checkSignals(value, name) {
  for (const [index, signal] of validateArray(value, name).entries()) {
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
  checkDescriptor,
  checkEnvironment,
  checkFunction,
  checkId,
  checkInteger,
  checkNumber,
  checkOneOf,
  checkOptions,
  checkPath,
  checkPathText,
  checkPort,
  checkPriority,
  checkSignal,
  checkSignals,
  checkText,
  checkTexts,
  checkTime,
};
