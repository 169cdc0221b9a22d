'use strict';

// `resolve(request, fromDir)` with the options of the running Node.

const Module = require('node:module');

const { fileNameIn, validateDirectory, validateString } = require('./arguments.js');
const { isResolutionNodes } = require('./hook.js');
const { areInternalsOriginal, isBuiltin } = require('./internals.js');
const { getDefaultResolver, isKnownTerritory } = require('./runtime.js');

/** What the native resolver answers where there is nothing of that name. */
const NOT_FOUND = 1;

function resolve(request, fromDir) {
  validateString(request, 'request');
  validateDirectory(fromDir, 'fromDir');
  const filename = fileNameIn(fromDir);
  if (!areInternalsOriginal() || !isResolutionNodes() || !isKnownTerritory()) {
    return askNode(request, filename);
  }
  if (isBuiltin(request)) return request;
  const answer = getDefaultResolver(request)?.resolve(request, filename);
  if (typeof answer === 'string') return answer;
  if (answer === NOT_FOUND) throw require('./errors.js').createNotFoundError(request);
  return askNode(request, filename);
}

function askNode(request, filename) {
  return require('./ask_node.js').askNode(request, filename);
}

/** As `require.resolve.paths`. */
resolve.paths = function paths(request, fromDir) {
  validateString(request, 'request');
  validateDirectory(fromDir, 'fromDir');
  return Module.createRequire(fileNameIn(fromDir)).resolve.paths(request);
};

module.exports = { resolve };
