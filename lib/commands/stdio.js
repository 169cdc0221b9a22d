'use strict';

// The option `stdio`: where a command's descriptors lead.

const { createArgumentTypeError, createArgumentValueError } = require('../shared/errors.js');

const WORDS = ['pipe', 'ignore', 'inherit'];

const WITH_INPUT = Object.freeze(['pipe', 'pipe', 'pipe']);
const WITHOUT_INPUT = Object.freeze(['ignore', 'pipe', 'pipe']);

/** What is gathered or written has to be a pipe; there is nobody who could use any other. */
const PIPES = 3;

/**
 * The option as a list whose items are 'pipe', 'ignore' or a descriptor of this process.
 * @returns {readonly ('pipe' | 'ignore' | number)[]}
 */
function validateStdio(value, name) {
  if (typeof value === 'string') {
    return [0, 1, 2].map((descriptor) => checkItem(value, descriptor, name));
  }
  if (!Array.isArray(value)) throw createArgumentTypeError(name, 'one of type string or an instance of Array', value);
  const items = value.map((item, descriptor) => checkItem(item, descriptor, `${name}[${descriptor}]`));
  // As Node has it: what is not named of the first three is a pipe.
  while (items.length < PIPES) items.push('pipe');
  return items;
}

function checkItem(value, descriptor, name) {
  if (value === undefined || value === null) return descriptor < PIPES ? 'pipe' : 'ignore';
  if (value === 'inherit') return descriptor;
  if (value === 'pipe' && descriptor >= PIPES) {
    throw createArgumentValueError(name, value, 'must be for descriptor 0, 1 or 2');
  }
  if (value === 'pipe' || value === 'ignore') return value;
  const owned = typeof value === 'object' ? (value.fd ?? value._handle?.fd) : value;
  if (Number.isInteger(owned) && owned >= 0) return owned;
  throw createArgumentValueError(
    name,
    value,
    `must be one of ${WORDS.map((word) => `'${word}'`).join(', ')}, a descriptor, or a stream that has one`,
  );
}

/** The list for a command: with no input there is nothing that a pipe to it could carry. */
function chooseStdio({ stdio, input }) {
  return stdio ?? (input === undefined ? WITHOUT_INPUT : WITH_INPUT);
}

module.exports = { chooseStdio, validateStdio };
