'use strict';

// What the core found, as callers get it.

const path = require('node:path');

const { createResolveError } = require('../shared/errors.js');

const MODULE_TYPES = { m: 'module', c: 'commonjs', j: 'json', w: 'wasm', a: 'addon' };

/** In place of a number, where nothing is believed. */
const NO_NUMBER = 2 ** 32 - 1;

/** An answer, and by which number the core can be asked whether it holds. */
class Kept {
  /** In which turn that was last known. */
  turn = -1;

  constructor(number, result) {
    this.number = number;
    this.result = result;
  }

  get isFound() {
    return this.result.path !== undefined;
  }
}

/**
 * The four parts of an answer.
 * @param {string} head A letter and the number.
 * @param {string} middle The length of the package's directory; or the failure.
 * @param {string} query
 * @param {string} file
 */
function read(head, middle, query, file, directory, request) {
  const letter = head[0];
  const number = Number(head.slice(1));
  if (letter === 'x') return new Kept(number, createFailure(JSON.parse(middle), directory, request));
  const length = Number(middle);
  return new Kept(number, {
    path: file,
    query,
    packageJsonPath: length === -1 ? undefined : `${length === 1 ? '' : file.slice(0, length)}/package.json`,
    moduleType: MODULE_TYPES[letter],
  });
}

/** One answer of the core. */
function readAnswer(text, directory, request) {
  const first = text.indexOf('\0');
  const second = text.indexOf('\0', first + 1);
  const third = text.indexOf('\0', second + 1);
  return read(
    text.slice(0, first),
    text.slice(first + 1, second),
    text.slice(second + 1, third),
    text.slice(third + 1),
    directory,
    request,
  );
}

/** Several, each with who asked for what. */
function readAnswers(text, questions) {
  const parts = text.split('\0');
  return questions.map(({ directory, request }, index) =>
    read(...parts.slice(4 * index, 4 * index + 4), directory.text, request),
  );
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
function copy({ result }) {
  if (result.path === undefined) return { ...result };
  const { path: file, query, packageJsonPath, moduleType } = result;
  return { path: file, query, packageJsonPath, moduleType };
}

module.exports = { NO_NUMBER, copy, readAnswer, readAnswers };
