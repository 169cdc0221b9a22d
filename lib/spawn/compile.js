'use strict';

// Compiles what the preload has as text. What does it is taken before there is a program, and asks for nothing that a program can
// replace: `_compile` of a module would go by `Module.wrap`, and `vm.Script` by methods of a prototype.

// By `require`, Node would first prepare it for ES modules.
const { compileFunction } = (process.getBuiltinModule ?? require)('vm');

/**
 * What the text exports.
 * @param {string} name That of the file with this text, for stack traces; it is not read.
 * @param {object} early The parts that the text asks for instead of having them twice.
 */
function compile(text, name, early) {
  const module = { __proto__: null, exports: {}, early };
  const run = compileFunction(text, ['module'], { __proto__: null, filename: `${__dirname}/${name}` });
  run(module);
  return module.exports;
}

module.exports = compile;
