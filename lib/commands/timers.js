'use strict';

// Node's own timers: the global ones may be replaced by a clock that stands still, and commands have to end all the same.

const { clearTimeout, setImmediate, setTimeout } = require('node:timers');

module.exports = { clearTimeout, setImmediate, setTimeout };
