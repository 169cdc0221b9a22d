'use strict';

module.exports = require('./dist/pool.js');
