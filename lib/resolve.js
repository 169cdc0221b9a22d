'use strict';

// `resolve(request, fromDir)` with the options of the running Node.

const { isResolutionNodes } = require('./hook.js');
const { Module, areInternalsOriginal, isBuiltin, path } = require('./internals.js');

let runtime;

/** What the native resolver answers where there is nothing of that name. */
const NOT_FOUND = 1;

function resolve(request, fromDir) {
  const filename = fileNameIn(request, fromDir);
  runtime ??= require('./runtime.js');
  if (!areInternalsOriginal() || !isResolutionNodes() || !runtime.isKnownTerritory()) {
    return askNode(request, filename);
  }
  if (isBuiltin(request)) return request;
  const answer = runtime.getDefaultResolver(request)?.resolve(request, filename);
  if (typeof answer === 'string') return answer;
  if (answer === NOT_FOUND) throw require('./errors.js').createNotFoundError(request);
  return askNode(request, filename);
}

/** The file that seems to ask; it need not exist. Throws where the arguments are not what they should be. */
function fileNameIn(request, fromDir) {
  if (typeof request !== 'string' || typeof fromDir !== 'string' || !path.isAbsolute(fromDir)) {
    require('./arguments.js').throwInvalid(request, fromDir);
  }
  return path.join(fromDir, 'any.js');
}

// What follows is loaded when it is needed, and not with every program.

function askNode(request, filename) {
  return require('./ask_node.js').askNode(request, filename);
}

/** As `require.resolve.paths`. */
resolve.paths = function paths(request, fromDir) {
  return Module.createRequire(fileNameIn(request, fromDir)).resolve.paths(request);
};

module.exports = { fileNameIn, resolve };
