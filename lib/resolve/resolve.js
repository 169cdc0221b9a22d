'use strict';

// `resolve(request, fromDir)` with the options of the running Node.

const { throwInvalid } = require('../shared/arguments.js');
const { askNode } = require('./ask_node.js');
const { captured } = require('./captured.js');
const { isResolutionNodes } = require('./hook.js');
const { areInternalsOriginal, isCoreModule } = require('./internals.js');
const { getCurrentAnswers, prepareForImports } = require('./runtime.js');
const { isAddonMissing } = require('./territory.js');
const { isTraced, trace, traced, untraced } = require('./tracing.js');
const { warnOfAddon } = require('./unavailable.js');

const { Module, path } = captured;

/**
 * A `resolve` that believes so much without a look.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe
 */
function createNodesResolve(believe) {
  function resolve(request, fromDir) {
    if (isTraced()) return trace({ kind: 'resolve', request, from: fromDir }, resolve, undefined, [request, fromDir]);
    // Whether resolution in this process is at this moment what the core knows.
    const isAnswerable = areInternalsOriginal() && isResolutionNodes();
    const answers = isAnswerable ? getCurrentAnswers(believe) : null;
    if (answers === null) return askNodeFor(request, fromDir);
    if (typeof request !== 'string' || typeof fromDir !== 'string') throwInvalid(request, fromDir);
    const turn = answers.turn();
    const isKnown = answers.find(fromDir, request);
    if (!answers.directory.isPath) throwInvalid(request, fromDir);
    if (isKnown) {
      const known = answers.recall(turn);
      if (known !== undefined) return known;
    } else if (isCoreModule(request)) {
      traced.source = 'builtin';
      return request;
    }
    if (request[0] === '#') prepareForImports(answers, request);
    const answer = answers.ask(fromDir, request, turn);
    // Not found is never an answer from memory: Node looks, and throws.
    return typeof answer === 'string' ? answer : askNodeFor(request, fromDir);
  }

  /** As `require.resolve.paths`. */
  resolve.paths = function paths(request, fromDir) {
    return Module.createRequire(fileNameIn(request, fromDir)).resolve.paths(request);
  };
  return resolve;
}

function askNodeFor(request, fromDir) {
  const filename = fileNameIn(request, fromDir);
  if (isAddonMissing()) warnOfAddon();
  const answer = untraced(() => askNode(request, filename));
  traced.source = 'node';
  return answer;
}

function checkArguments(request, fromDir) {
  if (typeof request === 'string' && typeof fromDir === 'string') {
    if (fromDir[0] === '/' || path.isAbsolute(fromDir)) return;
  }
  throwInvalid(request, fromDir);
}

/** The file that seems to ask; it need not exist. Throws where the arguments are not what they should be. */
function fileNameIn(request, fromDir) {
  checkArguments(request, fromDir);
  return path.join(fromDir, 'any.js');
}

const resolve = createNodesResolve('turn');

module.exports = { checkArguments, createNodesResolve, fileNameIn, resolve };
