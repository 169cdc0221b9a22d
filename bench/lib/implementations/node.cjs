'use strict';

exports.load = () => {
  const Module = require('node:module');
  return ({ request, parent }) => Module._resolveFilename(request, parent);
};
