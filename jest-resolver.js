'use strict';

// Jest's `resolver` option: `{ "resolver": "fast-resolve/jest-resolver" }`.

const { resolve } = require('./lib/jest/resolve.js');

module.exports = resolve;
module.exports.sync = resolve;
