'use strict';

const path = require('node:path');

const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

let fastResolve;

exports.load = () => {
  fastResolve = require(repositoryRoot);
  const { resolve } = fastResolve;
  return ({ request, directory }) => resolve(request, directory);
};

/** What the package says of its cache, for those who want to know whether a snapshot was used. */
exports.stats = () => fastResolve.stats?.() ?? null;
