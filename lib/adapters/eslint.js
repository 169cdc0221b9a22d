'use strict';

// `fast-resolve/eslint`: what eslint-plugin-import (interface 2) and eslint-plugin-import-x (2 and 3) ask where an import leads to.
//
// The defaults are those of eslint-import-resolver-typescript, so that rules find what they found with it. The difference is in
// processes that go on, as an editor's: what is created, installed or removed there is seen at the next look.

const { isBuiltin } = require('node:module');
const path = require('node:path');
const { serialize } = require('node:v8');

const { createResolver } = require('../resolve/main.js');

const TYPESCRIPT = ['.ts', '.tsx', '.d.ts'];

const DEFAULTS = {
  extensions: [...TYPESCRIPT, '.js', '.jsx', '.json', '.node'],
  // What is written is what it is compiled to, or what it is; a declaration stands for JavaScript that is elsewhere.
  extensionAlias: {
    '.js': [...TYPESCRIPT, '.js'],
    '.ts': ['.ts', '.d.ts', '.js'],
    '.jsx': ['.tsx', '.d.ts', '.jsx'],
    '.tsx': ['.tsx', '.d.ts', '.jsx', '.js'],
    '.cjs': ['.cts', '.d.cts', '.cjs'],
    '.cts': ['.cts', '.d.cts', '.cjs'],
    '.mjs': ['.mts', '.d.mts', '.mjs'],
    '.mts': ['.mts', '.d.mts', '.mjs'],
  },
  // The config of the file, for its `paths`.
  tsconfig: 'auto',
  mainFields: ['types', 'typings', 'fesm2020', 'fesm2015', 'esm2020', 'es2020', 'module', 'jsnext:main', 'main'],
  // An editor lives for hours, and nobody tells it what has changed, so that nothing may be believed for longer than a turn. A run of
  // ESLint reads its files between turns, about one in each; to believe all of it would save it a few milliseconds in ten seconds.
  believe: 'turn',
};

const CONDITIONS = ['types', 'import', 'esm2020', 'es2020', 'es2015', 'require', 'node', 'node-addons', 'browser'];

/** A core module, or what is meant to be empty: there is something, and no file. */
const NO_FILE = { found: true, path: null };
const NOT_FOUND = { found: false };

/** What may have its types elsewhere. */
const JAVASCRIPT = /\.(?:[cm]js|jsx?)$/;

function createFind({ alwaysTryTypes = true, ...options }) {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  const resolver = createResolver({
    ...DEFAULTS,
    ...(given.conditions === undefined ? { conditionNames: CONDITIONS } : {}),
    ...given,
  });

  function look(request, file) {
    const { path: found, ignored, error, code } = resolver.resolveFile(file, request);
    // The plugins tell it.
    if (code === 'FAST_RESOLVE_TSCONFIG') throw new Error(error);
    if (ignored !== undefined) return NO_FILE;
    return found === undefined ? NOT_FOUND : { found: true, path: found };
  }

  return function find(request, file) {
    if (isBuiltin(request)) return NO_FILE;
    const asking = path.resolve(file);
    const found = look(request, asking);
    const mayHaveTypes = found.found ? JAVASCRIPT.test(found.path ?? '') : alwaysTryTypes;
    if (!mayHaveTypes || !isName(request)) return found;
    const types = look(nameOfTypes(request), asking);
    return types.found ? types : found;
  };
}

/** Whether it is the name of a package and what may follow it. */
function isName(request) {
  return !request.startsWith('.') && !path.isAbsolute(request) && !request.startsWith('@types/');
}

/** DefinitelyTyped has no scopes in its scope: `@scope/name` is `scope__name` there. */
function nameOfTypes(request) {
  return `@types/${request.startsWith('@') ? request.slice(1).replace('/', '__') : request}`;
}

/** ESLint hands on the options with each request, as one object or as equal ones. */
const findByOptions = new WeakMap();
const findByContents = new Map();

function findFor(options) {
  let find = findByOptions.get(options);
  if (find !== undefined) return find;
  // Some rules tell whether it is an `import` or a `require`; the conditions are those of both.
  const { moduleSystem: _moduleSystem, ...own } = options;
  const contents = serialize(own).toString('latin1');
  find = findByContents.get(contents) ?? createFind(own);
  findByContents.set(contents, find);
  findByOptions.set(options, find);
  return find;
}

const NO_OPTIONS = {};

function resolve(source, file, options) {
  return findFor(options ?? NO_OPTIONS)(source, file);
}

function createFastResolver(options = NO_OPTIONS) {
  return { interfaceVersion: 3, name: 'fast-resolve', resolve: createFind(options) };
}

module.exports = { createFastResolver, interfaceVersion: 2, resolve };
