'use strict';

// `explain(request, from, options)`: how a request is worked out, step by step, and what comes of it.

const fs = require('node:fs');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

const { Answers } = require('./answers.js');
const { validateOptions, validateString, validateStrings } = require('../shared/arguments.js');
const { createResolver } = require('./create_resolver.js');
const { createArgumentValueError } = require('../shared/errors.js');
const { whyLeftToNode } = require('./hook.js');
const { importingDirectory } = require('./import_hook.js');
const { isCoreModule } = require('./internals.js');
const { isBare } = require('./lookup_paths.js');
const { createNativeResolver, withDefaults } = require('./native_resolver.js');
const runtime = require('./runtime.js');

const KINDS = ['require', 'import'];
/** So many names are told that are like the one that is missing. */
const MOST_NAMES = 3;
/** Names that differ by more letters are no slip of the finger. */
const MOST_LETTERS = 2;

function explain(request, from, options = {}) {
  validateString(request, 'request');
  validateOptions(options, 'options', ['conditions', 'kind']);
  const { conditions, kind = 'require' } = options;
  if (!KINDS.includes(kind)) throw createArgumentValueError('options.kind', kind, "must be one of 'require', 'import'");
  if (conditions !== undefined) validateStrings(conditions, 'options.conditions');
  const directory = directoryOf(from);
  const outcome = findOutcome(request, directory, kind, conditions);
  const way = followWay(request, directory, kind, conditions);
  const { code } = outcome.error ?? {};
  const isMissing = code === 'MODULE_NOT_FOUND' || code === 'ERR_MODULE_NOT_FOUND';
  return {
    request,
    from: directory,
    kind,
    ...outcome,
    ...way,
    source: findSource(request, directory, kind, {
      conditions,
      isLeftToNode: way.leftToNode !== null || outcome.error !== null,
    }),
    nearest: isMissing ? findNearest(request, directory) : [],
    exported: code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? findExported(way.steps) : [],
  };
}

/** An absolute path of a module, which need not exist, or of a directory; or the URL of a module. */
function directoryOf(from) {
  const file =
    from instanceof URL || (typeof from === 'string' && from.startsWith('file:')) ? fileURLToPath(from) : from;
  validateString(file, 'from');
  if (!path.isAbsolute(file)) throw createArgumentValueError('from', from, 'must be an absolute path or a file: URL');
  const isDirectory = fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isDirectory ? path.resolve(file) : path.dirname(file);
}

/** What the request leads to: as everybody is answered. */
function findOutcome(request, directory, kind, conditions) {
  const resolver = createResolver(
    conditions === undefined ? { believe: 'nothing' } : { believe: 'nothing', conditions },
  );
  try {
    if (kind === 'require') return { answer: resolver.resolve(request, directory), format: null, error: null };
    const { url, format } = resolver.resolveImport(request, path.join(directory, 'any.js'));
    return { answer: url, format, error: null };
  } catch (error) {
    return { answer: null, format: null, error: { code: error.code ?? null, message: error.message } };
  }
}

/** Where the core is not asked. */
const NOTHING = { steps: [], proofs: null };

/** Where the answer would come from, asked once more in this process. */
function findSource(request, directory, kind, { conditions, isLeftToNode }) {
  if (isCoreModule(request)) return 'builtin';
  if (conditions !== undefined) return 'core';
  if (isLeftToNode) return 'node';
  const answers = runtime.getCurrentAnswers('turn');
  const isKnown = answers.find(kind === 'import' ? importingDirectory(directory) : directory, request);
  if (!isKnown) return 'core';
  return answers.found === undefined ? 'snapshot' : 'memory';
}

/** The steps, why Node has the last word, if it has, and what proves the answer later. */
function followWay(request, directory, kind, conditions) {
  if (isCoreModule(request)) return { ...NOTHING, leftToNode: null };
  const reason = conditions === undefined ? whyLeftToNode('nothing') : null;
  if (reason !== null) return { ...NOTHING, leftToNode: reason };
  const answers =
    conditions === undefined
      ? runtime.getCurrentAnswers('nothing')
      : new Answers(createNativeResolver(withDefaults({ conditions }), 'nothing'), 'nothing');
  if (request[0] === '#') runtime.prepareForImports(answers, request);
  const explanation = answers.explain(kind === 'import' ? importingDirectory(directory) : directory, request);
  if (explanation === null)
    return { ...NOTHING, leftToNode: 'the path of the module that asks is not absolute and normalised' };
  const { events, doubt = null, proofs = null } = explanation;
  return { steps: toSteps(events), leftToNode: doubt, proofs };
}

/** What was looked at belongs to the step that it follows. */
function toSteps(events) {
  const steps = [];
  for (const { kind, name, detail } of events) {
    if (kind === 'step') {
      steps.push({ name, subject: detail, looked: [] });
      continue;
    }
    // What comes before all steps is the way to the package that asks.
    if (steps.length === 0) steps.push({ name: 'LOOKUP_PACKAGE_SCOPE', subject: name, looked: [] });
    const seen = kind === 'link' ? { path: name, found: 'link', real: detail } : { path: name, found: detail };
    steps.at(-1).looked.push(seen);
  }
  return steps;
}

/** Names in the directories that were searched that are like the one that is missing. */
function findNearest(request, directory) {
  const isPath = !isBare(request);
  const [place, wanted] = isPath
    ? [path.dirname(path.resolve(directory, request)), path.basename(request)]
    : [undefined, request.match(/^(?:@[^/]+\/)?[^/]+/)?.[0] ?? request];
  const names = isPath ? namesIn(place) : packagesFrom(directory);
  const near = names
    .map((name) => [distance(withoutExtension(name), withoutExtension(wanted)), name])
    .filter(([letters]) => letters <= MOST_LETTERS)
    .sort(([left], [right]) => left - right)
    .map(([, name]) => name);
  return [...new Set(near)].slice(0, MOST_NAMES);
}

function withoutExtension(name) {
  return name.replace(/\.[cm]?[jt]s$|\.json$|\.node$/, '');
}

function namesIn(directory) {
  try {
    return fs.readdirSync(directory);
  } catch {
    // It is not there: that is what is to be told of anyway.
    return [];
  }
}

function packagesFrom(directory) {
  const packages = [];
  for (let above = directory; ; above = path.dirname(above)) {
    const folder = path.join(above, 'node_modules');
    for (const name of namesIn(folder)) {
      if (name.startsWith('@')) packages.push(...namesIn(path.join(folder, name)).map((inner) => `${name}/${inner}`));
      else packages.push(name);
    }
    if (above === path.dirname(above)) return packages;
  }
}

/** In how many letters two names differ (Levenshtein). */
function distance(left, right) {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let at = 1; at <= left.length; at++) {
    const next = [at];
    for (let index = 1; index <= right.length; index++) {
      const change = row[index - 1] + (left[at - 1] === right[index - 1] ? 0 : 1);
      next.push(Math.min(change, row[index] + 1, next[index - 1] + 1));
    }
    row = next;
  }
  return row[right.length];
}

/** What the package that was asked allows: the keys of its `exports`. */
function findExported(steps) {
  const last = steps
    .flatMap(({ looked }) => looked)
    .findLast(({ path: file, found }) => found === 'present' && file.endsWith('/package.json'));
  if (last === undefined) return [];
  const { exports } = JSON.parse(fs.readFileSync(last.path, 'utf8'));
  const isMap =
    exports !== null && typeof exports === 'object' && Object.keys(exports).every((key) => key.startsWith('.'));
  return isMap ? Object.keys(exports) : ['.'];
}

module.exports = { explain };
