'use strict';

// `resolve(request, fromDir)` with the options of the running Node.

const { createAnswers } = require('./answers.js');
const { isResolutionNodes } = require('./hook.js');
const { Module, areInternalsOriginal, isCoreModule, native, path } = require('./internals.js');

let runtime;

/** What the native resolver answers where there is nothing of that name. */
const NOT_FOUND = 1;

const answers = createAnswers();
/** The options that the answers were found with. */
let options = null;

function resolve(request, fromDir) {
  runtime ??= require('./runtime.js');
  if (!isAnswerable()) return askNode(request, fileNameIn(request, fromDir));
  const current = runtime.getCurrentOptions();
  if (current === options) {
    const known = answers.recall(fromDir, request);
    if (known !== undefined) return known;
  } else {
    answers.clear();
    options = current;
  }
  return resolveAnew(request, fromDir);
}

/** Whether resolution in this process is at this moment what the core knows. */
function isAnswerable() {
  return areInternalsOriginal() && isResolutionNodes() && runtime.isKnownTerritory();
}

function resolveAnew(request, fromDir) {
  checkArguments(request, fromDir);
  if (isCoreModule(request)) {
    answers.keep(fromDir, request, request);
    return request;
  }
  const resolver = runtime.getDefaultResolver(request, false, options);
  const answer = resolver?.resolveFrom(request, fromDir);
  if (typeof answer === 'string') {
    answers.keep(fromDir, request, answer);
    return answer;
  }
  if (typeof answer === 'object') {
    answers.keep(fromDir, request, { ...answer, resolver });
    return answer.path;
  }
  return fail(answer, request, fromDir);
}

/** Looks anew each time. */
function resolveFresh(request, fromDir) {
  checkArguments(request, fromDir);
  runtime ??= require('./runtime.js');
  if (!isAnswerable()) return askNode(request, fileNameIn(request, fromDir));
  if (isCoreModule(request)) return request;
  const answer = runtime.getDefaultResolver(request, true)?.resolveFrom(request, fromDir);
  return typeof answer === 'string' ? answer : fail(answer, request, fromDir);
}

function fail(answer, request, fromDir) {
  if (answer === NOT_FOUND) throw require('./errors.js').createNotFoundError(request);
  const filename = fileNameIn(request, fromDir);
  const nodesAnswer = askNode(request, filename);
  native?.noteNodesAnswer(request, filename, nodesAnswer);
  return nodesAnswer;
}

function checkArguments(request, fromDir) {
  if (typeof request !== 'string' || typeof fromDir !== 'string' || !path.isAbsolute(fromDir)) {
    require('./arguments.js').throwInvalid(request, fromDir);
  }
}

/** The file that seems to ask; it need not exist. Throws where the arguments are not what they should be. */
function fileNameIn(request, fromDir) {
  checkArguments(request, fromDir);
  return path.join(fromDir, 'any.js');
}

// What follows is loaded when it is needed, and not with every program.

function askNode(request, filename) {
  return require('./ask_node.js').askNode(request, filename);
}

/** As `require.resolve.paths`. */
function paths(request, fromDir) {
  return Module.createRequire(fileNameIn(request, fromDir)).resolve.paths(request);
}

resolve.paths = paths;
resolveFresh.paths = paths;

module.exports = { checkArguments, fileNameIn, resolve, resolveFresh };
