'use strict';

// What the preload and the core share of the hook for `import`, and whether a program has use for it: where there is a hook, `require`
// goes through it, too, and takes longer. A program whose main module is CommonJS has none.

const { captured } = require('./captured.js');

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
  nodeProcess,
  path,
  parseJson,
  realpathSync,
  registerHooks,
  startsWith,
} = captured;

const { readFileSync } = fs;

/**
 * `handle`: what `module.registerHooks` returned. `hook`: what is called for each request; until it is there, `wait` is.
 * @type {{ handle: { deregister(): void } | undefined, hook: Function | undefined, wait: Function }}
 */
const imports = { __proto__: null, handle: undefined, hook: undefined, wait() {} };

/** A `resolve` hook. */
function resolve(specifier, context, nextResolve) {
  if (imports.hook === undefined) imports.wait();
  const { hook } = imports;
  return hook === undefined ? askNext(specifier, context, nextResolve) : hook(specifier, context, nextResolve);
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

/** Puts the hook on top of those that are there. */
function registerImports() {
  imports.handle = apply(registerHooks, Module, [{ __proto__: null, resolve }]);
}

/** Whether this Node has hooks that are called in the thread itself (22.15, 23.5), and the program is an ES module. */
function areImportsWanted() {
  const { FAST_RESOLVE_IMPORT } = env;
  // A thread may have taken over hooks of `module.register` from its parent, which it can't see.
  const isThread = nodeProcess.abort?.disabled === true;
  if (registerHooks === undefined || isThread || FAST_RESOLVE_IMPORT === '0') return false;
  try {
    return FAST_RESOLVE_IMPORT === '1' || isProgramModule();
  } catch {
    // The program is Node's to complain of.
    return false;
  }
}

function isProgramModule() {
  let { program } = describeProgram();
  if (program === undefined) return arrayIncludes(execArgv, '--input-type=module');
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
  areImportsWanted,
  askNext,
  imports,
  isPlainImport,
  recallImport,
  registerImports,
  rememberImport,
};
