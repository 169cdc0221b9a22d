'use strict';

// `resolveImport(specifier, parent)`: what an `import` in a module leads to.

const { askNodeToImport, canNodeBeAsked } = require('./ask_node_to_import.js');
const { captured } = require('./captured.js');
const { parentUrl, validateString } = require('../shared/arguments.js');
const { createBuiltin, createImportResolve } = require('./create_import_resolve.js');
const { directoryOfUrl, formatOf, findImport, hasAsynchronousHooks, urlOf } = require('./import_hook.js');
const { areInternalsOriginal } = require('./internals.js');
const { createNativeResolver, withDefaults } = require('./native_resolver.js');
const runtime = require('./runtime.js');
const { isAddonMissing } = require('./territory.js');
const { isTraced, trace, traced, untraced } = require('./tracing.js');
const { warnOfAddon } = require('./unavailable.js');

const { SafeMap, isBuiltin, lastIndexOf, slice } = captured;

/** The URLs of directories, by what callers name as the module that asks; undefined where that is no plain path. */
let directories = new SafeMap();
/** A program that asks for more begins anew: memory is bounded. */
const MAXIMUM_DIRECTORIES = 10_000;

/** A path or its URL, in which nothing has another form in the other, or when it is normalised. */
const PLAIN = /^(?:file:\/\/)?(?:\/(?!\.\.?(?:\/|$))[\w@+.-]+)+$/;

function directoryOf(parent) {
  if (typeof parent !== 'string') return directoryOfUrl(parentUrl(parent));
  const directory = PLAIN.test(parent) ? cutDirectory(parent) : directoryOfUrl(parentUrl(parent));
  if (directory === undefined) return undefined;
  if (directories.size > MAXIMUM_DIRECTORIES) directories = new SafeMap();
  directories.set(parent, directory);
  return directory;
}

function cutDirectory(plain) {
  const directory = slice(plain, 0, lastIndexOf(plain, '/'));
  return plain[0] === '/' ? `file://${directory}` : directory;
}

/**
 * A `resolveImport` that believes so much without a look.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe
 */
function createNodesResolveImport(believe) {
  return function resolveImport(specifier, parent) {
    if (isTraced()) {
      return trace({ kind: 'resolveImport', request: specifier, from: parent }, resolveImport, undefined, arguments);
    }
    const directory = directories.get(parent) ?? directoryOf(parent);
    validateString(specifier, 'specifier');
    // Whether resolution in this process is at this moment what the core knows.
    const isAnswerable =
      directory !== undefined &&
      areInternalsOriginal() &&
      runtime.isKnownTerritory() &&
      runtime.getNodeOptions().areFormatsUsual &&
      !hasAsynchronousHooks();
    const answers = isAnswerable ? runtime.getCurrentAnswers(believe) : null;
    const answer = answers === null ? undefined : findImport(answers, directory, specifier);
    if (answer !== undefined) return { url: urlOf(answer), format: formatOf(answer) ?? null };
    return isBuiltin(specifier) ? createBuiltin(specifier) : askFurther(specifier, parent);
  };
}

/** Follows the documented algorithm to the end, where there is no Node that could be asked. */
let resolveBySpecification;

function askFurther(specifier, parent) {
  if (canNodeBeAsked()) {
    const url = parentUrl(parent);
    if (isAddonMissing()) warnOfAddon();
    const answer = untraced(() => askNodeToImport(specifier, url));
    traced.source = 'node';
    return answer;
  }
  resolveBySpecification ??= createImportResolve(createNativeResolver(withDefaults({}), 'turn'), true, 'turn');
  traced.source = 'core';
  return untraced(() => resolveBySpecification(specifier, parent));
}

const resolveImport = createNodesResolveImport('turn');

module.exports = { createNodesResolveImport, resolveImport };
