'use strict';

// `resolve(request, fromDir)` with the options of the running Node.

const { throwInvalid } = require('./arguments.js');
const { askNode } = require('./ask_node.js');
const { captured } = require('./captured.js');
const { isResolutionNodes } = require('./hook.js');
const { areInternalsOriginal, isCoreModule } = require('./internals.js');
const runtime = require('./runtime.js');

const { Module, path } = captured;

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
    // The same memory has answers to the imports of URLs.
    const isKnown = fromDir?.[0] === '/' && answers.find(fromDir, request);
    const recalled = isKnown ? answers.recall(turn) : undefined;
    if (recalled !== undefined) return recalled;
    checkArguments(request, fromDir);
    if (isCoreModule(request)) return request;
    const proved = isKnown ? answers.prove(turn) : undefined;
    if (proved !== undefined) return proved;
    runtime.prepareFor(request, answers);
    const answer = answers.ask(fromDir, request, turn);
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
  const isPath = typeof fromDir === 'string' && (fromDir[0] === '/' || path.isAbsolute(fromDir));
  if (typeof request !== 'string' || !isPath) {
    throwInvalid(request, fromDir);
  }
}

/** The file that seems to ask; it need not exist. Throws where the arguments are not what they should be. */
function fileNameIn(request, fromDir) {
  checkArguments(request, fromDir);
  return path.join(fromDir, 'any.js');
}

const resolve = createNodesResolve('turn');

module.exports = { checkArguments, createNodesResolve, fileNameIn, resolve };
