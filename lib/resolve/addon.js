'use strict';

// The addon, which is loaded when it is first asked for.

const { createUnavailableError, getNative } = require('./load_addon.js');

module.exports = {
  createUnavailableError,
  get native() {
    return getNative();
  },
};
