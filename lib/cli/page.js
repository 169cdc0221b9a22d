'use strict';
module.exports = { makePage: () => '' };
