'use strict';

// `resolve(request, fromDir)` with the options of the running Node.

const { NOT_FOUND, counts } = require('./answers.js');
const { throwInvalid } = require('./arguments.js');
const { askNode } = require('./ask_node.js');
const { isResolutionNodes } = require('./hook.js');
const { Module, areInternalsOriginal, isCoreModule, path } = require('./internals.js');
const runtime = require('./runtime.js');

/**
 * A `resolve` that believes so much without a look.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe
 */
function createNodesResolve(believe) {
  function resolve(request, fromDir) {
    // Whether resolution in this process is at this moment what the core knows.
    const isAnswerable = areInternalsOriginal() && isResolutionNodes() && runtime.isKnownTerritory();
    const answers = isAnswerable ? runtime.getCurrentAnswers(believe) : null;
    if (answers === null) return askNode(request, fileNameIn(request, fromDir));
    const turn = answers.turn();
    const entry = answers.find(fromDir, request);
    if (entry !== undefined && entry.turn === turn) {
      counts.hits++;
      return entry.path;
    }
    checkArguments(request, fromDir);
    if (isCoreModule(request)) return request;
    if (entry !== undefined && answers.holds(entry, turn)) return entry.path;
    runtime.prepareFor(request, answers);
    const answer = answers.workOut(entry, fromDir, request, turn);
    // Not found is never an answer from memory: Node looks, and throws.
    return typeof answer === 'string' ? answer : askNode(request, fileNameIn(request, fromDir));
  }

  /** As `require.resolve.paths`. */
  resolve.paths = function paths(request, fromDir) {
    return Module.createRequire(fileNameIn(request, fromDir)).resolve.paths(request);
  };
  return resolve;
}

function checkArguments(request, fromDir) {
  if (typeof request !== 'string' || typeof fromDir !== 'string' || !path.isAbsolute(fromDir)) {
    throwInvalid(request, fromDir);
  }
}

/** The file that seems to ask; it need not exist. Throws where the arguments are not what they should be. */
function fileNameIn(request, fromDir) {
  checkArguments(request, fromDir);
  return path.join(fromDir, 'any.js');
}

const resolve = createNodesResolve('turn');

module.exports = { NOT_FOUND, checkArguments, createNodesResolve, fileNameIn, resolve };
