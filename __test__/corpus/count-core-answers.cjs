'use strict';

// A preload for programs of the corpus: counts who gave the answers. At exit, each thread appends a line to the file that
// COUNT_CORE_ANSWERS names.

const fs = require('node:fs');
const Module = require('node:module');
// The preload before this one has it.
const { addon, answers } = require('../../dist/register.js').parts;

let worked = 0;
const hitsBefore = answers.counts.hits;
const { native } = addon;
const { resolve } = native;

native.resolve = function countedResolve(...args) {
  const answer = Reflect.apply(resolve, this, args);
  if (typeof answer !== 'number') worked++;
  return answer;
};

process.once('exit', () => {
  const core = worked + answers.counts.hits - hitsBefore;
  // Node alone enters there what it has found.
  const node = Object.keys(Module._pathCache).length;
  fs.appendFileSync(process.env.COUNT_CORE_ANSWERS, `${JSON.stringify({ core, node })}\n`);
});
