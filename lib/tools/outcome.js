'use strict';

// What the core found, as callers get it.

const path = require('node:path');

const { createResolveError } = require('../shared/errors.js');

/** Where the numbers of an answer stand, from its first one on; src/binding/enhanced/mod.rs has the same. Constants are quicker than fields. */
const NUMBER = 0;
const KIND = 1;
const PACKAGE_LENGTH = 2;
const QUERY_LENGTH = 3;
const NUMBERS_OF_ANSWER = 4;

/** By the kind of an answer that is no failure. */
const MODULE_TYPES = [undefined, undefined, 'module', 'commonjs', 'json', 'wasm', 'addon'];
const FAILURE = 0;

/** In place of a number, where nothing is believed; and of a length, where there is no package. */
const NO_NUMBER = 2 ** 32 - 1;

const PACKAGE_JSON = '/package.json';

/** An answer, and by which number the core can be asked whether it holds. All have the same fields, since V8 is quicker with those. */
class Kept {
  constructor(number, file, query, packageJsonPath, moduleType, failure) {
    /** In which turn that was last known. */
    this.turn = -1;
    this.number = number;
    /** Undefined if it is a failure. */
    this.path = file;
    this.query = query;
    this.packageJsonPath = packageJsonPath;
    this.moduleType = moduleType;
    this.failure = failure;
  }
}

/** Reads answers; those that follow one another lead to the same package, mostly, whose path is kept once. */
class AnswerReader {
  package = '';
  packageJsonPath = '';

  /**
   * One answer of the core.
   * @param {string} text A path with its query, or a failure.
   * @param {Uint32Array} numbers With those of the answer from `start` on.
   */
  read(text, numbers, start, directory, request) {
    const number = numbers[start + NUMBER];
    const kind = numbers[start + KIND];
    if (kind === FAILURE) {
      const failure = createFailure(JSON.parse(text), directory, request);
      return new Kept(number, undefined, '', undefined, undefined, failure);
    }
    const queryLength = numbers[start + QUERY_LENGTH];
    const file = queryLength === 0 ? text : text.slice(0, -queryLength);
    const packageLength = numbers[start + PACKAGE_LENGTH];
    return new Kept(
      number,
      file,
      queryLength === 0 ? '' : text.slice(-queryLength),
      packageLength === NO_NUMBER ? undefined : this.packageJsonOf(file, packageLength),
      MODULE_TYPES[kind],
      undefined,
    );
  }

  packageJsonOf(file, length) {
    if (length !== this.package.length || !file.startsWith(this.package)) {
      this.package = file.slice(0, length);
      this.packageJsonPath = (length === 1 ? '' : this.package) + PACKAGE_JSON;
    }
    return this.packageJsonPath;
  }
}

const FAILURES = {
  NotFound: (_failure, directory, request) => notFound(`Cannot find module '${request}' from '${directory}'`),
  AliasNotFound: ({ alias }, directory, request) =>
    notFound(`Cannot find module '${request}' from '${directory}': nothing that alias '${alias}' stands for is there`),
  ExtensionAliasNotFound: ({ file, tried }) =>
    notFound(
      `Cannot find module '${file}': it is there, but none of ${tried.map((name) => path.basename(name)).join(', ')} is`,
    ),
  NoDeclarations: ({ file }, directory, request) =>
    notFound(`Cannot find declarations of module '${request}' from '${directory}': it is '${file}'`),
  Ignored: ({ path: file }) => ({ error: `'${file}' is ignored`, code: 'FAST_RESOLVE_IGNORED', ignored: file }),
  Builtin: ({ name, hasScheme }) => ({
    error: `'node:${name}' is a core module`,
    code: 'FAST_RESOLVE_BUILTIN',
    builtin: { resolved: `node:${name}`, isRuntimeModule: hasScheme },
  }),
  Recursion: (_failure, directory, request) => ({
    error: `Aliases of '${request}' from '${directory}' lead in a circle`,
    code: 'FAST_RESOLVE_RECURSION',
  }),
  Pnp: ({ message }, directory, request) => notFound(`Cannot find module '${request}' from '${directory}': ${message}`),
  TsConfig: ({ message }) => ({ error: message, code: 'FAST_RESOLVE_TSCONFIG' }),
  Unsupported: () => ({
    error: 'fast-resolve does not know the file system of this platform',
    code: 'FAST_RESOLVE_ADDON_UNAVAILABLE',
  }),
  Package: ({ failure }, directory, request) => {
    const { message, code } = createResolveError({ ...failure, base: failure.base || directory }, request);
    return { error: message, code };
  },
};

function notFound(error) {
  return { error, code: 'MODULE_NOT_FOUND' };
}

function createFailure(failure, directory, request) {
  return FAILURES[failure.kind](failure, directory, request);
}

/** Nobody may change what others get. */
function copy(kept) {
  return kept.path === undefined
    ? { ...kept.failure }
    : {
        path: kept.path,
        query: kept.query,
        packageJsonPath: kept.packageJsonPath,
        moduleType: kept.moduleType,
      };
}

/** Whether two answers that are no failures are the same. */
function isSame(one, other) {
  return (
    one.path === other.path &&
    one.query === other.query &&
    one.packageJsonPath === other.packageJsonPath &&
    one.moduleType === other.moduleType
  );
}

module.exports = { AnswerReader, NO_NUMBER, NUMBERS_OF_ANSWER, copy, isSame };
