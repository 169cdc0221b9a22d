'use strict';

// Jest's `resolver` option: `{ "resolver": "fast-resolve/jest-resolver" }`.

const { jestResolve } = require('./dist/fast-resolve.js');

module.exports = jestResolve;
module.exports.sync = jestResolve;
