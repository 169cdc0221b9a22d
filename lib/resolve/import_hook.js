'use strict';

// The hook for `import`: a `resolve` hook as `module.registerHooks` takes it, which lets the core answer what it is sure of.
// Everything else goes on to the next hook, and to Node in the end, so that the errors are Node's own.

const { captured } = require('./captured.js');
const { imports } = require('./first_import.js');
const hook = require('./hook.js');
const {
  BY_NODE,
  areImportsOurs,
  askNext,
  hasAsynchronousHooks,
  isPlainImport,
  giveUpImports,
  noteRegistration,
  putInImports,
  recallImport,
  rememberImport,
  takeOutImports,
} = require('./imports.js');
const { areInternalsOriginal, isCoreModule } = require('./internals.js');
const runtime = require('./runtime.js');
const { isTraced, trace, traced } = require('./tracing.js');

const { arrayIncludes, includes, isArray, lastIndexOf, slice, startsWith } = captured;

/** By the first letter of an answer: what Node would call the file's format. Where there is none, Node finds out by the syntax. */
const FORMATS = { __proto__: null, m: 'module', c: 'commonjs', j: 'json', w: 'wasm', a: 'addon' };
/** The same of core modules. Of one that is asked for with its scheme, Node tells no format. */
const BUILTIN = 'b';
const NO_FORMAT = '-';

/** The conditions that were last found to be the usual ones: Node hands out one array again and again. */
let usualConditions;

let lastUrl = '';
let lastDirectory = '';

/** The URL of the directory of a module; undefined unless that is `file://` and the path. */
function directoryOfUrl(url) {
  if (url === lastUrl) return lastDirectory;
  if (!startsWith(url, 'file:///') || includes(url, '%') || includes(url, '?') || includes(url, '#')) return undefined;
  // Hooks may have made it up.
  if (includes(url, '/./') || includes(url, '/../') || lastIndexOf(url, '//') > 'file:/'.length) return undefined;
  lastDirectory = slice(url, 0, lastIndexOf(url, '/'));
  lastUrl = url;
  return lastDirectory;
}

function areUsualConditions(conditions) {
  if (conditions === usualConditions) return true;
  const usual = runtime.getImportConditions();
  if (!isArray(conditions) || conditions.length !== usual.length) return false;
  if (!runtime.getNodeOptions().areFormatsUsual) return false;
  for (let index = 0; index < usual.length; index++) {
    if (!arrayIncludes(conditions, usual[index])) return false;
  }
  usualConditions = conditions;
  return true;
}

/**
 * What the core knows of a plain import, as a text: the letter of the format, and the URL; undefined where Node has to answer.
 * @returns {string | undefined}
 */
function askCore(specifier, { conditions, parentURL }, believe) {
  if (!areUsualConditions(conditions) || !areInternalsOriginal()) return undefined;
  const directory = directoryOfUrl(parentURL);
  const answers = directory === undefined ? null : runtime.getCurrentAnswers(believe);
  return answers === null ? undefined : (findImport(answers, directory, specifier) ?? answerBuiltin(specifier));
}

/** The core's answer for a module in a directory; undefined where Node has to answer. */
function findImport(answers, directory, specifier) {
  const isKnown = answers.find(directory, specifier);
  // A URL, or a core module.
  if (!isKnown && (includes(specifier, ':') || isCoreModule(specifier))) return undefined;
  const turn = answers.turn();
  if (isKnown) {
    const answer = answers.recall(turn);
    if (answer !== undefined) return answer;
  }
  if (specifier[0] === '#') runtime.prepareForImports(answers, specifier);
  const answer = answers.ask(directory, specifier, turn);
  return typeof answer === 'string' ? answer : undefined;
}

/** A core module, which Node takes longer for than the core for a file. */
function answerBuiltin(specifier) {
  if (!isCoreModule(specifier)) return undefined;
  traced.source = 'builtin';
  return startsWith(specifier, 'node:') ? `${NO_FORMAT}${specifier}` : `${BUILTIN}node:${specifier}`;
}

/** What the core knows the modules in a directory by that import: no URL, since nothing is encoded. */
function importingDirectory(directory) {
  return `file://${directory}`;
}

/** An answer is the letter of the format, and the URL. */
function urlOf(answer) {
  return slice(answer, 1);
}

function formatOf(answer) {
  return answer[0] === BUILTIN ? 'builtin' : FORMATS[answer[0]];
}

/** An answer as a hook returns it. */
function toResult(answer) {
  return { __proto__: null, url: urlOf(answer), format: formatOf(answer), shortCircuit: true };
}

/**
 * What the core knows of an `import` in a module.
 * @param {string} specifier
 * @param {{ conditions: string[], importAttributes: object | undefined, parentURL: string | undefined }} context As a hook gets it.
 * @param {'turn' | 'until-invalidated' | 'nothing'} believe
 * @returns {{ url: string, format: string | undefined, shortCircuit: true } | undefined} What a hook returns; undefined where Node has
 *   to answer.
 */
function resolveImport(specifier, context, believe) {
  const answer = isPlainImport(specifier, context) ? askCore(specifier, context, believe) : undefined;
  return answer === undefined ? undefined : toResult(answer);
}

/** The same for the hook, which repeats what was answered before. */
function answerImport(specifier, context) {
  if (!isPlainImport(specifier, context)) return undefined;
  const earlier = recallImport(context, specifier);
  if (earlier !== undefined) {
    traced.source = 'memory';
    return earlier === BY_NODE ? undefined : toResult(earlier);
  }
  const answer = askCore(specifier, context, hook.getBelieve());
  if (answer === undefined) return undefined;
  rememberImport(context, specifier, answer);
  return toResult(answer);
}

function resolve(specifier, context, nextResolve) {
  // Without attributes, it is a `require`, which has a hook of its own.
  if (context.importAttributes && isTraced()) {
    return trace({ kind: 'import', request: specifier, from: context.parentURL }, resolve, undefined, arguments);
  }
  let answer;
  try {
    answer = answerImport(specifier, context);
  } catch (error) {
    giveUpImports(error);
  }
  if (answer !== undefined) return answer;
  const was = traced.isImporting;
  traced.isImporting = true;
  try {
    const nodesAnswer = askNext(specifier, context, nextResolve);
    traced.source = 'node';
    return nodesAnswer;
  } finally {
    traced.isImporting = was;
  }
}

function areImportsAnswered() {
  return areImportsOurs() && imports.hook === resolve && !hasAsynchronousHooks();
}

hook.onChange((isActive) => {
  try {
    imports.hook = isActive ? resolve : undefined;
    if (isActive) putInImports();
    else takeOutImports();
  } catch (error) {
    giveUpImports(error);
  }
});

module.exports = {
  areImportsAnswered,
  directoryOfUrl,
  findImport,
  formatOf,
  hasAsynchronousHooks,
  importingDirectory,
  noteRegistration,
  resolveImport,
  urlOf,
};
