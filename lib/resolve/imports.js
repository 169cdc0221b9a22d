'use strict';

// When the hook for `import` is put in place: where there is one, `require` goes through it, too, and takes longer. A program or thread
// that begins with CommonJS has none before its first `import()`.

const { captured } = require('./captured.js');
const { awaitImport, imports, isImportAwaited, prepareToAwait, stopAwaiting } = require('./first_import.js');

const {
  Module,
  SafeMap,
  apply,
  arrayIncludes,
  describeProgram,
  endsWith,
  env,
  execArgv,
  existsSync,
  fs,
  getOwnPropertySymbols,
  isAlone,
  moduleLoadList,
  parseJson,
  path,
  realpathSync,
  registerHooks,
  startsWith,
  toText,
  warn,
  TooDeep,
} = captured;

const { readFileSync } = fs;

/** After so many calls of `require` in a row, the hook goes out until the next import begins: each takes longer with it. */
const MANY = 16;
let requires = 0;

/** A `resolve` hook. */
function resolve(specifier, context, nextResolve) {
  try {
    if (hasAsynchronousHooks()) leaveImports();
    else if (context.importAttributes) noteImport();
    // No attributes: this is a `require`.
    else if (++requires === MANY && env.FAST_RESOLVE_IMPORT !== '1') leaveOut();
  } catch (error) {
    giveUpImports(error);
  }
  const { hook } = imports;
  return hook === undefined ? askNext(specifier, context, nextResolve) : hook(specifier, context, nextResolve);
}

function noteImport() {
  requires = 0;
  if (imports.hook === undefined) imports.wait();
}

/**
 * What plain imports led to, by the URL of the module and the specifier: Node repeats that for the life of the process, whatever
 * becomes of the files, and so does the hook. What Node answered first is Node's to repeat.
 */
const answered = new SafeMap();
const BY_NODE = '';

function recallImport({ parentURL }, specifier) {
  return answered.get(parentURL)?.get(specifier);
}

function rememberImport({ parentURL }, specifier, answer) {
  let ofModule = answered.get(parentURL);
  if (ofModule === undefined) {
    ofModule = new SafeMap();
    answered.set(parentURL, ofModule);
  }
  ofModule.set(specifier, answer);
}

function askNext(specifier, context, nextResolve) {
  const result = nextResolve(specifier, context);
  if (isPlainImport(specifier, context) && typeof result.url === 'string' && startsWith(result.url, 'file:')) {
    rememberImport(context, specifier, BY_NODE);
  }
  return result;
}

/** Whether this is an `import` in a module, without attributes. `require` has none at all, and comes to its own hook. */
function isPlainImport(specifier, { importAttributes, parentURL }) {
  if (typeof specifier !== 'string' || typeof parentURL !== 'string' || !importAttributes) return false;
  for (const _name in importAttributes) return false;
  return true;
}

let isLeftToNode = false;
/** How many hooks this package has registered in this thread. */
let registered = 0;

/**
 * Puts the hook in place: when the first import begins, which may be that of the program itself. Where somebody may register hooks before,
 * and the program is known to be an ES module, at once: they come after ours then, and are heard.
 */
function putInImports() {
  try {
    registerOrAwait();
  } catch (error) {
    giveUpImports(error);
  }
}

function registerOrAwait() {
  const { FAST_RESOLVE_IMPORT } = env;
  if (registerHooks === undefined || FAST_RESOLVE_IMPORT === '0') return;
  if (isLeftToNode || areImportsOurs()) return;
  if (FAST_RESOLVE_IMPORT === '1' || (!isProgramTold() && isProgramModule())) registerImports();
  else leaveOut();
}

/** Whether Node tells that the program begins, if that is an ES module, and nobody can register hooks before. */
function isProgramTold() {
  // Of a text on the command line, Node does not tell.
  return isAlone && describeProgram().program !== undefined;
}

/** Has the hook put in place when the next import begins. */
function leaveOut() {
  takeOutImports();
  awaitImport(beginImport);
}

/** What this throws would end the program. */
function beginImport() {
  try {
    stopAwaiting();
    registerImports();
  } catch (error) {
    giveUpImports(error);
  }
}

/** Whatever goes wrong in here is no business of the program: Node resolves imports from now on. */
function giveUpImports(error) {
  // A program that recurses too deep may come to its end anywhere.
  if (isLeftToNode || error instanceof TooDeep) return;
  try {
    leaveImports();
  } catch {
    // What can't be taken out has nothing to say any more.
  }
  const message = `Something went wrong in fast-resolve; Node resolves imports from now on. ${error?.stack ?? error}`;
  warn(message, 'FAST_RESOLVE_FAILED');
}

/** Registers the hook, unless there are others, which would come after it and not be heard. */
function registerImports() {
  if (hasAsynchronousHooks()) return leaveImports();
  prepareToAwait();
  imports.handle = apply(registerHooks, Module, [{ __proto__: null, resolve }]);
  if (!isFirstOf(imports.handle)) leaveImports();
}

/** Whether nobody else has registered hooks in this thread: Node numbers them. */
function isFirstOf(handle) {
  const [id] = getOwnPropertySymbols(handle);
  return toText(handle[id]) === `Symbol(module-hook-${registered++})`;
}

/** Tells that this package registers a hook of another kind. */
function noteRegistration() {
  registered++;
}

/** Where Node keeps the names of its own modules that were loaded: this one, when hooks of `module.register` are there. */
const ASYNCHRONOUS = 'NativeModule internal/modules/esm/hooks';
let loadedModules = 0;
let areAsynchronous = moduleLoadList === undefined;

/** Whether there are hooks that run in a thread of their own: they come after ours, and would not be heard. */
function hasAsynchronousHooks() {
  if (areAsynchronous) return true;
  while (loadedModules < moduleLoadList.length) {
    if (moduleLoadList[loadedModules++] === ASYNCHRONOUS) areAsynchronous = true;
  }
  return areAsynchronous;
}

/** Whether it is in place, or comes in when an import begins. */
function areImportsOurs() {
  return imports.handle !== undefined || isImportAwaited();
}

function takeOutImports() {
  stopAwaiting();
  imports.handle?.deregister();
  imports.handle = undefined;
}

/** Leaves all to Node from now on. */
function leaveImports() {
  isLeftToNode = true;
  imports.hook = undefined;
  takeOutImports();
}

/** Whether the program is an ES module by the name of its file, or by its package.json. */
function isProgramModule() {
  const { program } = describeProgram();
  if (program === undefined) return arrayIncludes(execArgv, '--input-type=module');
  try {
    return isModule(program);
  } catch {
    // The program is Node's to complain of.
    return false;
  }
}

function isModule(file) {
  let program = file;
  if (path.extname(program) === '') program = realpathSync(program);
  const extension = path.extname(program);
  if (extension === '.mjs' || extension === '.mts') return true;
  if (extension !== '.js' && extension !== '.ts' && extension !== '') return false;
  let directory = path.dirname(program);
  while (!existsSync(`${directory}/package.json`)) {
    if (directory === path.dirname(directory) || endsWith(directory, '/node_modules')) return false;
    directory = path.dirname(directory);
  }
  return parseJson(readFileSync(`${directory}/package.json`, 'utf8')).type === 'module';
}

module.exports = {
  BY_NODE,
  areImportsOurs,
  askNext,
  beginImport,
  giveUpImports,
  hasAsynchronousHooks,
  isPlainImport,
  noteRegistration,
  putInImports,
  recallImport,
  rememberImport,
  takeOutImports,
};
