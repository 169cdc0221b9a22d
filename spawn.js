'use strict';

module.exports = require('./dist/spawn.js').api;
