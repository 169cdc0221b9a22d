'use strict';

module.exports = require('./dist/fast-resolve.js');
