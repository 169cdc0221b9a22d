'use strict';

// Checks of what callers hand in.

const path = require('node:path');

/** Loaded when something is wrong, and not with every program. */
function errors() {
  return require('./errors.js');
}

function validateString(value, name) {
  if (typeof value !== 'string') throw errors().createArgumentTypeError(name, 'of type string', value);
}

/** `fromDir`: an absolute path, which need not exist. */
function validateDirectory(value, name) {
  validateString(value, name);
  if (!path.isAbsolute(value)) throw errors().createArgumentValueError(name, value, 'must be an absolute path');
}

function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw errors().createArgumentTypeError(name, 'of type boolean', value);
}

function validateStrings(value, name) {
  if (!Array.isArray(value)) throw errors().createArgumentTypeError(name, 'an instance of Array', value);
  for (let index = 0; index < value.length; index++) validateString(value[index], `${name}[${index}]`);
}

/** Options: an object with no other keys than these; an undefined one counts as absent. */
function validateOptions(value, name, known) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) {
    throw errors().createArgumentTypeError(name, 'of type object', value);
  }
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw errors().createArgumentValueError(
        `${name}.${key}`,
        value[key],
        `is unknown; known are ${known.join(', ')}`,
      );
    }
  }
}

/** The file that seems to ask in a directory; it need not exist. */
function fileNameIn(fromDir) {
  return path.join(fromDir, 'any.js');
}

module.exports = { fileNameIn, validateBoolean, validateDirectory, validateOptions, validateString, validateStrings };
