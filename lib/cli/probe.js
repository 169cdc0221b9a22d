'use strict';

// A preload for `fast-resolve doctor`: notes where the start of a program goes, and writes that to FAST_RESOLVE_PROBE when it ends. The
// program runs on plain Node, with functions of ours around those by which Node resolves, reads, compiles and runs a module. Time
// belongs to one module and one phase: what a module requires is taken out of the time in which that one runs. Of ES modules, only a
// hook of `module.registerHooks` tells, and only they themselves when they run: they get two calls of ours. Their compiling is not seen.

const diagnostics = require('node:diagnostics_channel');
const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { fileURLToPath } = require('node:url');

const { takeFromEnvironment } = require('./preload_once.js');

// Programs that set the clock, or mock the disk, replace these.
const { writeFileSync } = fs;
const enqueue = queueMicrotask;
const now = performance.now.bind(performance);
const utf8 = new TextDecoder();
const { stringify } = JSON;

/** Of the program as a whole: what no module asks for. */
const outside = phases();
/** In the order in which they began to load. */
const modules = [];
/** The module of each file, the youngest if it was loaded again. */
const byFile = new Map();
/** Which file asked first for what is at a path or URL. */
const askers = new Map();
const failures = new Map();
const failedStats = new Map();
let requests = 0;
let isImporting = false;
/** ES modules that run, and for whom time goes on afterwards. */
const running = new Map();

/** The module that loads now, as a place in `modules`; -1 outside of all. */
let current = -1;
/** What the time goes to, which has been counted until `since`. */
let account = outside;
let phase = 'rest';
let since = now();
/** The file that is being compiled: Node asks for its directory when that is done. */
let compiled;

const began = since;

function phases() {
  return { resolving: 0, reading: 0, compiling: 0, running: 0, rest: 0 };
}

function count() {
  const time = now();
  account[phase] += time - since;
  since = time;
}

/** Does something, whose time goes to an account and a phase. */
function during(itsAccount, itsPhase, work) {
  count();
  const [outerAccount, outerPhase] = [account, phase];
  [account, phase] = [itsAccount, itsPhase];
  try {
    return work();
  } finally {
    count();
    [account, phase] = [outerAccount, outerPhase];
  }
}

function probe(file) {
  probeResolving();
  probeLoading();
  awaitImports();
  Object.defineProperty(globalThis, MARK, { value: { begin: beginToRun, end: endToRun } });
  let isWritten = false;
  const write = () => {
    if (isWritten) return;
    isWritten = true;
    count();
    for (const module of modules) module.end ??= since;
    const result = { began, ended: since, outside, modules, requests };
    writeFileSync(file, stringify({ ...result, failures: [...failures.values()], failedStats: [...failedStats] }));
  };
  process.on('exit', write);
  // A program that takes all listeners away, or exits while it exits.
  const { reallyExit } = process;
  process.reallyExit = function (...args) {
    write();
    return reallyExit.apply(this, args);
  };
}

function probeResolving() {
  const { _resolveFilename } = Module;
  Module._resolveFilename = function (request, parent, ...rest) {
    // Where an import fails, Node asks here for what somebody may have meant.
    if (isImporting) return _resolveFilename.call(this, request, parent, ...rest);
    const from = parent?.filename ?? null;
    requests++;
    return during(accountOf(from), 'resolving', () => {
      try {
        const file = _resolveFilename.call(this, request, parent, ...rest);
        noteAsker(file, from);
        return file;
      } catch (error) {
        noteFailure(request, from, error);
        throw error;
      }
    });
  };
  // Node has this for those who replace the file system, and warns of that it may change.
  const { emitWarning } = process;
  const { _stat } = Module;
  process.emitWarning = () => {};
  Module._stat = (file) => {
    const found = _stat(file);
    if (found < 0) failedStats.set(file, (failedStats.get(file) ?? 0) + 1);
    return found;
  };
  process.emitWarning = emitWarning;
}

function accountOf(file) {
  return byFile.get(file)?.own ?? account;
}

function noteAsker(place, from) {
  if (!askers.has(place)) askers.set(place, from);
}

function noteFailure(request, from, error) {
  const key = `${request}\0${from}`;
  const known = failures.get(key);
  if (known === undefined) failures.set(key, { request: String(request), from, code: error?.code ?? null, count: 1 });
  else known.count++;
}

function probeLoading() {
  const { load, _compile } = Module.prototype;
  const { dirname } = path;
  const { readFileSync } = fs;
  const { dlopen } = process;

  Module.prototype.load = function (file) {
    const outer = current;
    const module = beginModule(file, file, false);
    current = module.at;
    const work = () => load.apply(this, arguments);
    try {
      return during(module.own, 'compiling', work);
    } catch (error) {
      module.failed = true;
      throw error;
    } finally {
      module.end = since;
      current = outer;
    }
  };

  Module.prototype._compile = function (_content, file, format) {
    if (format !== 'module' || hooks !== undefined) return compileAndRun(this, arguments, file);
    // What it imports comes to the hooks, and all of it before this is over.
    seeImports();
    try {
      return compileAndRun(this, arguments, file);
    } finally {
      awaitImports();
    }
  };

  const compileAndRun = (module, args, file) =>
    during(account, 'compiling', () => {
      const before = account.compiling;
      compiled = file;
      try {
        return _compile.apply(module, args);
      } finally {
        // It is an ES module, which Node compiles and runs in one go, or no module at all.
        if (compiled === file) {
          compiled = undefined;
          count();
          account.running += account.compiling - before;
          account.compiling = before;
        }
      }
    });

  path.dirname = (file) => {
    if (file === compiled && file !== undefined) {
      compiled = undefined;
      count();
      phase = 'running';
    }
    return dirname(file);
  };

  // What has been built for this machine is not compiled any more.
  process.dlopen = function () {
    return during(account, 'running', () => dlopen.apply(this, arguments));
  };

  fs.readFileSync = function (file) {
    if (phase !== 'compiling' || modules[current]?.file !== file) return readFileSync.apply(this, arguments);
    return during(account, 'reading', () => readFileSync.apply(this, arguments));
  };
}

/** @param {string} place The path or URL by which it was asked for. */
function beginModule(file, place, isImported) {
  count();
  const known = byFile.get(file);
  // Of CommonJS that is imported, Node has read the file before it is loaded.
  if (known?.isImported && known.end === undefined) return known;
  const by = askers.get(place) ?? null;
  const module = { at: modules.length, file, parent: current, by, isImported, start: since, own: phases() };
  modules.push(module);
  byFile.set(file, module);
  return module;
}

/** Of `node:diagnostics_channel`. */
const IMPORT_BEGINS = 'tracing:module.import:start';
/** What `module.registerHooks` has returned. */
let hooks;

/** Where there are hooks, `require` goes through them, too, and takes longer: they wait for the first import. */
function awaitImports() {
  if (Module.registerHooks === undefined) return;
  hooks?.deregister();
  hooks = undefined;
  diagnostics.subscribe(IMPORT_BEGINS, seeImports);
}

function seeImports() {
  if (Module.registerHooks === undefined) return;
  diagnostics.unsubscribe(IMPORT_BEGINS, seeImports);
  hooks = Module.registerHooks({ resolve: resolveImport, load: loadImport });
}

function resolveImport(specifier, context, next) {
  // `require` has no attributes, and comes to a function of its own.
  if (!context.importAttributes) return next(specifier, context);
  const from = fileOf(context.parentURL);
  requests++;
  return during(accountOf(from), 'resolving', () => {
    isImporting = true;
    try {
      const result = next(specifier, context);
      noteAsker(result.url, from);
      return result;
    } catch (error) {
      noteFailure(specifier, from, error);
      throw error;
    } finally {
      isImporting = false;
    }
  });
}

function loadImport(url, context, next) {
  const file = fileOf(url);
  if (!context.importAttributes || file === null) return next(url, context);
  // What is CommonJS, or may be, Node has loaded already if it is known: only its source is read once more.
  const known = (context.format ?? 'commonjs') === 'commonjs' ? byFile.get(file) : undefined;
  let module = known ?? beginModule(file, url, true);
  const result = during(module.own, 'reading', () => next(url, context));
  // The others are CommonJS: they go on loading.
  if (result.format !== 'commonjs') {
    if (known !== undefined) module = beginModule(file, url, true);
    module.end = since;
  }
  return isOfImports(result.format) ? { ...result, source: mark(result.source, module.at) } : result;
}

function isOfImports(format) {
  return format === 'module' || format === 'module-typescript';
}

/** No program declares that in its modules. */
const MARK = '__fastResolveDoctor__';

/**
 * Has an ES module say when it begins to run, and when it has run: nobody else tells. Lines stay where they are; what a module imports
 * has run before.
 */
function mark(source, at) {
  // As Node does it: without the mark of the encoding, behind which a hashbang would be none.
  const text = typeof source === 'string' ? source : utf8.decode(source);
  const hashbang = /^#!.*\n?/.exec(text)?.[0] ?? '';
  return `${hashbang}${MARK}.begin(${at});${text.slice(hashbang.length)}\n;${MARK}.end(${at});`;
}

function beginToRun(at) {
  count();
  const module = modules[at];
  const outer = { account, phase, current };
  running.set(at, outer);
  [account, phase, current] = [module.own, 'running', at];
  module.start = since;
  module.end = undefined;
  // Comes to its turn when the modules of this graph have run, or one of them waits for something: what happens then is not its run.
  enqueue(() => leave(at));
}

function endToRun(at) {
  leave(at);
  modules[at].end = now();
}

/**
 * Time goes on for whom it went on before. Of those who wait, the first to begin is the first to leave: who began while it ran goes back
 * to before it.
 */
function leave(at) {
  const outer = running.get(at);
  if (outer === undefined) return;
  running.delete(at);
  count();
  const { own } = modules[at];
  for (const [inner, before] of running) if (before.account === own) running.set(inner, outer);
  if (account === own) ({ account, phase, current } = outer);
  modules[at].end ??= since;
}

function fileOf(url) {
  return url?.startsWith('file:') ? fileURLToPath(url) : null;
}

const record = takeFromEnvironment(__filename, 'FAST_RESOLVE_PROBE');
if (record !== undefined) probe(record);
