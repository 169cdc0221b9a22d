'use strict';

// `createResolver(options)`: resolution with other options than the running Node's. There is no Node that could be asked
// for these, so that the core follows the documented algorithm to the end and `errors.js` words its errors.

const { isDeepStrictEqual } = require('node:util');

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
const { clearCache, invalidate } = require('./remembered.js');
const { isTraced, trace, traced } = require('./tracing.js');
const { endTurn } = require('./turn.js');
const { TOOL_OPTIONS, readToolOptions } = require('../tools/options.js');
const { ToolResolver } = require('../tools/tool_resolver.js');

const { Module, isBuiltin, path } = captured;

/** Options of Node's own algorithm, by the names that tools have for some of them. */
const NODES_OPTIONS = ['conditions', 'extensions', 'mainFields', 'preserveSymlinks', 'paths', 'builtins'];
const SAME_OPTIONS = [
  ['conditionNames', 'conditions', (value) => value, validateStrings],
  ['symlinks', 'preserveSymlinks', (value) => !value, validateBoolean],
];
const OPTIONS = [...NODES_OPTIONS, ...SAME_OPTIONS.map(([name]) => name), 'believe', 'fresh', ...TOOL_OPTIONS];

function createResolver(options = {}) {
  validateOptions(options, 'options', OPTIONS);
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  if (typeof given.mainFields === 'string') given.mainFields = [given.mainFields];
  const believe = readBelieve(given) ?? 'turn';
  const ofTool = TOOL_OPTIONS.find((name) => given[name] !== undefined) ?? nestedFields(given);
  const ofNode = withNodesNames(given);
  if (ofTool !== undefined) delete ofNode[ofTool];
  validateValues(ofNode);
  const tools = createTools(withToolsNames(given), believe);
  return Object.freeze({
    ...(ofTool === undefined ? createNodes(ofNode, believe) : refuseNodes(ofTool)),
    ...tools,
    cloneWithOptions: createResolver,
    invalidate,
    clearCache,
  });
}

/** Node's algorithm knows no fields that lie in an object. */
function nestedFields({ mainFields }) {
  return Array.isArray(mainFields) && mainFields.some((field) => Array.isArray(field)) ? 'mainFields' : undefined;
}

/** Resolution by Node's own algorithm. */
function createNodes({ believe: _believe, fresh: _fresh, ...others }, believe) {
  if (Object.keys(others).length === 0) {
    return believe === 'turn'
      ? { resolve, resolveImport }
      : { resolve: createNodesResolve(believe), resolveImport: createNodesResolveImport(believe) };
  }
  const settings = withDefaults(others);
  const nativeResolver = createNativeResolver(settings, believe);
  return {
    resolve: createResolve(nativeResolver, settings, believe),
    resolveImport: createImportResolve(nativeResolver, settings.builtins, believe),
  };
}

/** Node's algorithm has no place for the options of tools. */
function refuseNodes(option) {
  const refuse = (name) => () => {
    const error = new Error(`${name}() follows Node's algorithm, which has no option '${option}': use sync()`);
    error.code = 'FAST_RESOLVE_OPTION_NOT_OF_NODE';
    throw error;
  };
  return {
    resolve: Object.assign(refuse('resolve'), { paths: refuse('resolve.paths') }),
    resolveImport: refuse('resolveImport'),
  };
}

/** Resolution for tools. Most callers never ask for it, so that it is set up at the first call; its options are checked now. */
function createTools(given, believe) {
  const read = readToolOptions(given);
  let created;
  const tools = () => {
    created ??= new ToolResolver(read, believe);
    return created;
  };
  return {
    sync(directory, request, context) {
      return tools().sync(directory, request, context);
    },
    async(directory, request) {
      return tools().async(directory, request);
    },
    resolveFile(file, request, context) {
      return tools().resolveFile(file, request, context);
    },
    resolveDts(file, request) {
      return tools().resolveDts(file, request);
    },
    resolveMany(requests) {
      return tools().resolveMany(requests);
    },
  };
}

/** Where an option has two names, and both are given, they have to agree. */
function withNodesNames(given) {
  const named = { ...given };
  for (const [ofTools, ofNode, translate, validate] of SAME_OPTIONS) {
    if (given[ofTools] === undefined) continue;
    validate(given[ofTools], `options.${ofTools}`);
    named[ofNode] = translate(given[ofTools]);
    delete named[ofTools];
    if (given[ofNode] !== undefined && !isDeepStrictEqual(given[ofNode], named[ofNode])) {
      throw createArgumentValueError(`options.${ofTools}`, given[ofTools], `must agree with ${ofNode}`);
    }
  }
  for (const name of TOOL_OPTIONS) delete named[name];
  return named;
}

function withToolsNames({ believe: _believe, fresh: _fresh, builtins: _builtins, conditions, ...others }) {
  return conditions === undefined ? others : { conditionNames: conditions, ...others };
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
