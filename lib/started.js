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
  const others = /--(?:import|loader|experimental[-_]loader|snapshot[-_]blob)\b/;
  return (
    isPreload &&
    Object.keys(Module._cache).length <= 1 &&
    !others.test(env.NODE_OPTIONS ?? '') &&
    !execArgv.some((word) => others.test(word))
  );
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

module.exports = { commandLine, env, execArgv, isOriginal };
