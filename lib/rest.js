'use strict';

// What few programs need: errors, options, jest.

module.exports = {
  get arguments() {
    return require('./arguments.js');
  },
  get ask_node() {
    return require('./ask_node.js');
  },
  get create_resolver() {
    return require('./create_resolver.js');
  },
  get errors() {
    return require('./errors.js');
  },
  get 'jest/resolve'() {
    return require('./jest/resolve.js');
  },
  get memory() {
    return require('./memory.js');
  },
};
