'use strict';

// What the hook is made of. There may be but one of it in a thread: the preload has it in its own file, and others ask for that one
// if it is there (scripts/bundle.mjs).

module.exports = {
  get addon() {
    return require('./addon.js');
  },
  get answers() {
    return require('./answers.js');
  },
  get hook() {
    return require('./hook.js');
  },
  get internals() {
    return require('./internals.js');
  },
  get runtime() {
    return require('./runtime.js');
  },
  get turn() {
    return require('./turn.js');
  },
};
