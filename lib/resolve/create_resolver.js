'use strict';

// `createResolver(options)`: resolution with other options than the running Node's. There is no Node that could be asked
// for these, so that the core follows the documented algorithm to the end and `errors.js` words its errors.

const { createArgumentValueError, createResolveError } = require('../shared/errors.js');
const { Answers } = require('./answers.js');
const { captured } = require('./captured.js');
const { createImportResolve } = require('./create_import_resolve.js');
const { isRelative } = require('./lookup_paths.js');
const { checkArguments, createNodesResolve, fileNameIn, resolve } = require('./resolve.js');
const { createNodesResolveImport, resolveImport } = require('./resolve_import.js');
const {
  readBelieve,
  validateBoolean,
  validateDirectory,
  validateOptions,
  validateStrings,
} = require('../shared/arguments.js');
const { createNativeResolver, withDefaults } = require('./native_resolver.js');
const { isTraced, trace, traced } = require('./tracing.js');
const { endTurn } = require('./turn.js');

const { Module, isBuiltin, path } = captured;

const OPTIONS = ['conditions', 'extensions', 'mainFields', 'preserveSymlinks', 'paths', 'builtins', 'believe', 'fresh'];

function createResolver(options = {}) {
  validateOptions(options, 'options', OPTIONS);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  validateValues(given);
  const { believe: _believe, fresh: _fresh, ...others } = given;
  const believe = readBelieve(given) ?? 'turn';
  if (Object.keys(others).length === 0) {
    return Object.freeze(
      believe === 'turn'
        ? { resolve, resolveImport }
        : { resolve: createNodesResolve(believe), resolveImport: createNodesResolveImport(believe) },
    );
  }
  const settings = withDefaults(others);
  const nativeResolver = createNativeResolver(settings, believe);
  return Object.freeze({
    resolve: createResolve(nativeResolver, settings, believe),
    resolveImport: createImportResolve(nativeResolver, settings.builtins, believe),
  });
}

function validateValues({ conditions, extensions, mainFields, preserveSymlinks, paths, builtins }) {
  const lists = { conditions, extensions, mainFields, paths };
  for (const [name, list] of Object.entries(lists)) {
    if (list !== undefined) validateStrings(list, `options.${name}`);
  }
  for (const [name, flag] of Object.entries({ preserveSymlinks, builtins })) {
    if (flag !== undefined) validateBoolean(flag, `options.${name}`);
  }
  paths?.forEach((folder, index) => {
    validateDirectory(folder, `options.paths[${index}]`);
    if (folder.includes('\0')) throw createArgumentValueError(`options.paths[${index}]`, folder, 'must have no NUL');
  });
  extensions?.forEach((extension, index) => {
    if (/[/\0]/.test(extension)) {
      throw createArgumentValueError(`options.extensions[${index}]`, extension, 'must have no slash and no NUL');
    }
  });
}

function createResolve(nativeResolver, settings, believe) {
  const answers = new Answers(nativeResolver, believe);
  function resolveWithOptions(request, fromDir) {
    if (isTraced()) return trace({ kind: 'resolve', request, from: fromDir }, resolveWithOptions, undefined, arguments);
    checkArguments(request, fromDir);
    const turn = answers.turn();
    if (answers.find(fromDir, request)) {
      const known = answers.recall(turn);
      if (known !== undefined) return known;
    } else if (settings.builtins && isBuiltin(request)) {
      traced.source = 'builtin';
      return request;
    }
    let answer = answers.ask(fromDir, request, turn);
    if (typeof answer !== 'string' && believe === 'turn') {
      // Not found is never an answer from memory.
      endTurn();
      answer = answers.ask(fromDir, request, answers.turn());
    }
    traced.source = 'core';
    if (typeof answer !== 'string') throw createResolveError(answer, request);
    return answer;
  }
  const globalPaths = [...settings.paths];
  /** As `require.resolve.paths`, with the resolver's own `paths` in place of the global folders. */
  resolveWithOptions.paths = function paths(request, fromDir) {
    const directory = path.dirname(fileNameIn(request, fromDir));
    if (settings.builtins && isBuiltin(request)) return null;
    return isRelative(request) ? [directory] : [...Module._nodeModulePaths(directory), ...globalPaths];
  };
  return resolveWithOptions;
}

module.exports = { createResolver };
