'use strict';

// Node's own answer, for whatever the core is not sure of.

const { captured } = require('./captured.js');

/** Node has this one in any case; for the module of that name, it would run another file. */
const { Module, isArray } = captured;
const { captureStackTrace } = Error;

/**
 * @param {string} request
 * @param {string} filename
 * @returns {string}
 */
function askNode(request, filename) {
  try {
    return Module.createRequire(filename).resolve(request);
  } catch (error) {
    throw withoutRequireStack(error);
  }
}

/**
 * No module asks, so that none belongs on the stack of those that did. The error's own stack, which begins with the message, is taken anew:
 * V8 would have to write out the one that it has before that could be cut.
 */
function withoutRequireStack(error) {
  if (error instanceof Error && isArray(error.requireStack)) {
    const start = error.message.indexOf('\nRequire stack:\n');
    if (start !== -1) {
      error.message = error.message.slice(0, start);
      captureStackTrace(error, askNode);
    }
    error.requireStack = [];
  }
  return error;
}

module.exports = { askNode };
