'use strict';

// `createResolver(options)`: resolution with other options than the running Node's. There is no Node that could be asked
// for these, so that the core follows the documented algorithm to the end and `errors.js` words its errors.

const Module = require('node:module');
const path = require('node:path');

const { createArgumentValueError, createResolveError } = require('./errors.js');
const { createUnavailableError, currentGlobalPaths, isBuiltin, isRelative, native } = require('./internals.js');
const { createAnswers } = require('./answers.js');
const { checkArguments, fileNameIn, resolve, resolveFresh } = require('./resolve.js');
const { getBuiltins, getConditions, getNodeOptions, getSlashImports, isUnreadableAnError } = require('./runtime.js');
const { validateBoolean, validateDirectory, validateOptions, validateStrings } = require('./arguments.js');

const OPTIONS = ['conditions', 'extensions', 'mainFields', 'preserveSymlinks', 'paths', 'builtins', 'fresh'];

function createResolver(options = {}) {
  validateOptions(options, 'options', OPTIONS);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  validateValues(given);
  const { fresh = false, ...others } = given;
  if (Object.keys(others).length === 0) return Object.freeze({ resolve: fresh ? resolveFresh : resolve });
  const settings = withDefaults(given);
  return Object.freeze({ resolve: createResolve(createNativeResolver(settings), settings) });
}

function validateValues({ conditions, extensions, mainFields, preserveSymlinks, paths, builtins, fresh }) {
  const lists = { conditions, extensions, mainFields, paths };
  for (const [name, list] of Object.entries(lists)) {
    if (list !== undefined) validateStrings(list, `options.${name}`);
  }
  for (const [name, flag] of Object.entries({ preserveSymlinks, builtins, fresh })) {
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

function withDefaults(given) {
  return {
    conditions: getConditions(),
    extensions: Object.keys(Module._extensions),
    mainFields: ['main'],
    preserveSymlinks: getNodeOptions().preserveSymlinks,
    paths: currentGlobalPaths(),
    builtins: true,
    fresh: false,
    ...given,
  };
}

function createNativeResolver(settings) {
  if (native === null || !native.isSupported()) throw createUnavailableError();
  return new native.Resolver({
    conditions: [...settings.conditions],
    extensions: [...settings.extensions],
    mainFields: [...settings.mainFields],
    preserveSymlinks: settings.preserveSymlinks,
    globalPaths: settings.paths.map((folder) => path.resolve(folder)),
    slashImports: getSlashImports(),
    unreadableIsError: isUnreadableAnError(),
    builtins: settings.builtins ? getBuiltins() : [],
    askNode: false,
    isFresh: settings.fresh,
  });
}

function createResolve(nativeResolver, settings) {
  const answers = createAnswers();
  function resolveWithOptions(request, fromDir) {
    return (settings.fresh ? undefined : answers.recall(fromDir, request)) ?? resolveAnew(request, fromDir);
  }
  function resolveAnew(request, fromDir) {
    checkArguments(request, fromDir);
    if (settings.builtins && isBuiltin(request)) return request;
    const answer = nativeResolver.resolveFrom(request, fromDir);
    if (typeof answer === 'string') {
      if (!settings.fresh) answers.keep(fromDir, request, answer);
      return answer;
    }
    if (answer.id === undefined) throw createResolveError(answer, request);
    answers.keep(fromDir, request, { ...answer, resolver: nativeResolver });
    return answer.path;
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
