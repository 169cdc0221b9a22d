'use strict';

// `resolveImport` where no Node can be asked: with other options than the running Node's, and in Nodes before 22.15. The core follows
// the documented algorithm to the end; what it knows of are paths, and this makes them of URLs and back.

const path = require('node:path');
const { fileURLToPath, pathToFileURL } = require('node:url');

const { Answers } = require('./answers.js');
const { parentUrl, validateString } = require('../shared/arguments.js');
const { captured } = require('./captured.js');
const { createArgumentValueError, createImportError } = require('../shared/errors.js');
const { formatOf, importingDirectory, urlOf } = require('./import_hook.js');
const { isTraced, trace, traced } = require('./tracing.js');
const { endTurn } = require('./turn.js');

const { isBuiltin } = captured;

const PATH_IN_URL = 'file://'.length;
/** `./`, `../`, `/`, and what is as good. */
const RELATIVE = /^(?:\/|\.\.?(?:\/|$))/;
const ENCODED_SEPARATOR = /%2f|%5c/i;

/**
 * @param {import('../../target/binding.js').Resolver} nativeResolver
 * @param {boolean} builtins Whether core modules are answered by their names.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe
 */
function createImportResolve(nativeResolver, builtins, believe) {
  const answers = new Answers(nativeResolver, believe);
  return function resolveImport(specifier, parent) {
    if (isTraced()) {
      return trace({ kind: 'resolveImport', request: specifier, from: parent }, resolveImport, undefined, arguments);
    }
    const base = pathOfParent(parent);
    validateString(specifier, 'specifier');
    if (builtins && isBuiltin(specifier)) return createBuiltin(specifier);
    const url = urlAskedFor(specifier, base);
    if (url !== undefined && url.protocol !== 'file:') return { url: url.href, format: null };
    const request = url === undefined ? specifier : pathAskedFor(url, base);
    const answer = ask(request, path.dirname(base));
    if (typeof answer !== 'string') throw createImportError(asOf(answer, base));
    const suffix = url === undefined ? '' : `${url.search}${url.hash}`;
    // In the core's answer, the path stands as it is.
    const found = pathToFileURL(urlOf(answer).slice(PATH_IN_URL)).href;
    return { url: `${found}${suffix}`, format: formatOf(answer) ?? null };
  };

  function ask(request, directory) {
    const key = importingDirectory(directory);
    let turn = answers.turn();
    if (answers.find(key, request)) {
      const known = answers.recall(turn);
      if (known !== undefined) return known;
    }
    const answer = answers.ask(key, request, turn);
    traced.source = 'core';
    if (typeof answer === 'string' || believe !== 'turn') return answer;
    // Not found is never an answer from memory.
    endTurn();
    turn = answers.turn();
    return answers.ask(key, request, turn);
  }
}

function pathOfParent(parent) {
  const url = parentUrl(parent);
  if (!url.startsWith('file:'))
    throw createArgumentValueError('parent', parent, 'must be a file: URL or an absolute path');
  return fileURLToPath(url);
}

function createBuiltin(specifier) {
  traced.source = 'builtin';
  return { url: specifier.startsWith('node:') ? specifier : `node:${specifier}`, format: 'builtin' };
}

/** What is no name of a package or in `imports`. */
function urlAskedFor(specifier, base) {
  if (RELATIVE.test(specifier)) return new URL(specifier, pathToFileURL(base));
  return !specifier.startsWith('#') && URL.canParse(specifier) ? new URL(specifier) : undefined;
}

function pathAskedFor(url, base) {
  if (ENCODED_SEPARATOR.test(url.pathname)) {
    const code = 'ERR_INVALID_MODULE_SPECIFIER';
    throw createImportError({ code, subject: url.pathname, fault: 'encodedSeparator', base });
  }
  return fileURLToPath(url);
}

/** The core knows the directory of the module that asks, and no more. */
function asOf(failure, base) {
  const isOfModule = failure.base === path.join(path.dirname(base), 'any.js');
  return isOfModule ? { ...failure, base } : failure;
}

module.exports = { createBuiltin, createImportResolve };
