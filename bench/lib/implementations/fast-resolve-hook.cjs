'use strict';

const path = require('node:path');

const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

let fastResolve;

exports.load = () => {
  fastResolve = require(repositoryRoot);
  if (!fastResolve.install()) {
    throw new Error('the hook could not be installed');
  }
  const Module = require('node:module');
  return ({ request, parent }) => Module._resolveFilename(request, parent);
};

exports.stats = () => fastResolve.stats?.() ?? null;
