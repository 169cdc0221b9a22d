'use strict';

// What this Node was started with, as it is when this file is loaded: by a preload, that is before the program.

const { Module, fs } = require('./internals.js');

const { env } = process;
const execArgv = [...process.execArgv];
const isOriginal = isNobodyBefore();
const commandLine = isOriginal ? undefined : readCommandLine();

/** Whether nobody's code has run before: this is the first module of all, loaded by `--require`. */
function isNobodyBefore() {
  const isPreload = process._preload_modules?.length > 0;
  return (
    isPreload &&
    Object.keys(Module._cache).length <= 1 &&
    !canRunOthers(env.NODE_OPTIONS ?? '') &&
    !execArgv.some(canRunOthers)
  );
}

/** Whether there is an option by which code may have run that is no module of `require`. */
function canRunOthers(text) {
  return text.includes('--import') || text.includes('loader') || text.includes('snapshot');
}

/** As the kernel has it now: a program that sets `process.title` overwrites it. */
function readCommandLine() {
  if (process.platform !== 'linux') return undefined;
  try {
    return fs.readFileSync('/proc/self/cmdline', 'utf8');
  } catch {
    // Without /proc nobody knows it later either.
    return undefined;
  }
}

/** What a snapshot belongs to: the program, and how it is started. */
function nameOfProgram() {
  const { argv, version } = process;
  return `${argv[1] ?? ''} ${version} ${execArgv.join(' ')}`;
}

module.exports = { commandLine, env, execArgv, isOriginal, nameOfProgram };
