'use strict';

// A preload for programs of the corpus: counts, besides what Node keeps, who gave the answers. At exit, each thread appends
// a line to the file that COUNT_CORE_ANSWERS names.

const fs = require('node:fs');
const { native } = require('../../dist/fast-resolve.js').parts.internals;

const counts = { core: 0, node: 0 };
const { prototype } = native.Resolver;
const { resolve } = prototype;
const { noteNodesAnswer } = native;

prototype.resolve = function countedResolve(...args) {
  const answer = Reflect.apply(resolve, this, args);
  if (typeof answer !== 'number') counts.core++;
  return answer;
};

native.noteNodesAnswer = function countedNoteNodesAnswer(...args) {
  counts.node++;
  return Reflect.apply(noteNodesAnswer, this, args);
};

process.once('exit', () => fs.appendFileSync(process.env.COUNT_CORE_ANSWERS, `${JSON.stringify(counts)}\n`));
