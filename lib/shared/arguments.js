'use strict';

// Checks of what callers hand in: those that every program may come to. Each gives the value. The others are in `checks.js`.

const path = require('node:path');
const { pathToFileURL } = require('node:url');

const { createArgumentTypeError, createArgumentValueError } = require('./errors.js');

function validateString(value, name) {
  if (typeof value !== 'string') throw createArgumentTypeError(name, 'of type string', value);
  return value;
}

/** `fromDir`: an absolute path, which need not exist. */
function validateDirectory(value, name) {
  validateString(value, name);
  if (!path.isAbsolute(value)) throw createArgumentValueError(name, value, 'must be an absolute path');
}

function validateBoolean(value, name) {
  if (typeof value !== 'boolean') throw createArgumentTypeError(name, 'of type boolean', value);
  return value;
}

function validateArray(value, name) {
  if (!Array.isArray(value)) throw createArgumentTypeError(name, 'an instance of Array', value);
  return value;
}

function validateStrings(value, name) {
  validateArray(value, name);
  for (let index = 0; index < value.length; index++) validateString(value[index], `${name}[${index}]`);
  return value;
}

function validateObject(value, name) {
  if (value === null || typeof value !== 'object') throw createArgumentTypeError(name, 'of type object', value);
  return value;
}

/** An object of named values. */
function validateNamed(value, name) {
  if (Array.isArray(value)) throw createArgumentTypeError(name, 'of type object', value);
  return validateObject(value, name);
}

/** Options: an object with no other keys than these; an undefined one counts as absent. */
function validateOptions(value, name, known) {
  validateNamed(value, name);
  for (const key of Object.keys(value)) {
    if (!known.includes(key)) {
      throw createArgumentValueError(`${name}.${key}`, value[key], `is unknown; known are ${known.join(', ')}`);
    }
  }
}

const BELIEVE = ['turn', 'until-invalidated', 'nothing'];

/**
 * What is to be believed: `believe`, or `fresh: true`, the old name of `'nothing'`.
 * @returns {'turn' | 'until-invalidated' | 'nothing' | undefined} Undefined where nothing is said.
 */
function readBelieve({ believe, fresh }) {
  if (fresh !== undefined) validateBoolean(fresh, 'options.fresh');
  if (believe === undefined) return fresh === undefined ? undefined : BELIEVE[fresh ? 2 : 0];
  validateString(believe, 'options.believe');
  if (!BELIEVE.includes(believe)) {
    const listed = BELIEVE.map((choice) => `'${choice}'`).join(', ');
    throw createArgumentValueError('options.believe', believe, `must be one of ${listed}`);
  }
  if (fresh !== undefined && fresh !== (believe === 'nothing')) {
    throw createArgumentValueError('options.fresh', fresh, `must agree with believe: '${believe}'`);
  }
  return believe;
}

/** What the options of `install` say is to be believed. */
function installOptions(options = {}) {
  validateOptions(options, 'options', ['believe', 'fresh']);
  return readBelieve(options);
}

/**
 * The module that imports, as a URL.
 * @param {string | URL} parent A URL, or an absolute path.
 */
function parentUrl(parent) {
  if (typeof parent === 'string') {
    if (path.isAbsolute(parent)) return pathToFileURL(parent).href;
    if (URL.canParse(parent)) return new URL(parent).href;
    throw createArgumentValueError('parent', parent, 'must be a URL or an absolute path');
  }
  if (parent instanceof URL) return parent.href;
  throw createArgumentTypeError('parent', 'of type string or an instance of URL', parent);
}

/** Says what is wrong with the arguments of `resolve`. */
function throwInvalid(request, fromDir) {
  validateString(request, 'request');
  validateDirectory(fromDir, 'fromDir');
}

module.exports = {
  installOptions,
  parentUrl,
  readBelieve,
  throwInvalid,
  validateArray,
  validateBoolean,
  validateDirectory,
  validateNamed,
  validateObject,
  validateOptions,
  validateString,
  validateStrings,
};
