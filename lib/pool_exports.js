'use strict';

// What `fast-resolve/pool` exports.

module.exports = {
  SuperviseError: require('./supervise/errors.js').SuperviseError,
  supervise: require('./supervise/supervise.js').supervise,
};
