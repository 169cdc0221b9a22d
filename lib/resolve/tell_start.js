'use strict';

// What the running Node tells of how it was started, for the core.

const { captured } = require('./captured.js');

const { commandLine, env, execArgv, isOriginal, nodeProcess } = captured;

/** @returns {import('../../target/binding.js').JsTold} */
function tellStart() {
  return {
    __proto__: null,
    execArgv: isOriginal ? execArgv : nodeProcess.execArgv,
    isOriginal,
    commandLine: commandLine.text,
    nodeOptions: env.NODE_OPTIONS,
    preserveSymlinks: env.NODE_PRESERVE_SYMLINKS,
    isRequireOfModules: nodeProcess.features?.require_module === true,
  };
}

module.exports = { tellStart };
