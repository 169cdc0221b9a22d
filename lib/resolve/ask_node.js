'use strict';

// Node's own answer, for whatever the core is not sure of.

const { captured } = require('./captured.js');

/** Node has this one in any case; for the module of that name, it would run another file. */
const { Module } = captured;

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

/** No module asks, so that none belongs on the stack of those that did. */
function withoutRequireStack(error) {
  if (error instanceof Error && Array.isArray(error.requireStack)) {
    const start = error.message.indexOf('\nRequire stack:\n');
    if (start !== -1) {
      const stackLines = error.message.slice(start);
      error.message = error.message.slice(0, start);
      error.stack = error.stack.replace(stackLines, '');
    }
    error.requireStack = [];
  }
  return error;
}

module.exports = { askNode };
