'use strict';

// The addon, which is loaded when it is first asked for.

const { getNative } = require('./load_addon.js');
const { createUnavailableError } = require('./unavailable.js');

module.exports = {
  createUnavailableError,
  get native() {
    return getNative();
  },
};
