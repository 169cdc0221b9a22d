// Reads a trace, asks it of an implementation, and holds the answers against Node's.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const examplesKept = 3;

// In a program, requests are literals of its source: one string object per text, its hash known.
const asLiteral = (text) => Object.keys({ [text]: true })[0];

// As in a running program, a file has one parent module and one directory string of its own.
const createCaller = (filename) => {
  const parent = new Module(filename, null);
  const directory = path.dirname(filename);
  parent.filename = filename;
  parent.paths = Module._nodeModulePaths(directory);
  return { directory, parent };
};

/** The calls of a trace, each with what any implementation needs to be asked. */
exports.createCalls = (recorded) => {
  const callers = new Map();
  return recorded.map(([request, filename, expected]) => {
    if (!callers.has(filename)) {
      callers.set(filename, createCaller(filename));
    }
    return { request: asLiteral(request), expected, ...callers.get(filename) };
  });
};

exports.readTrace = (file) => exports.createCalls(JSON.parse(fs.readFileSync(file, 'utf8')));

/** Asks every call once and keeps the answers: a path, the error's code, or null for an error without a code. */
exports.replay = (calls, resolveOne, answers) => {
  for (let index = 0; index < calls.length; index += 1) {
    try {
      answers[index] = resolveOne(calls[index]);
    } catch (error) {
      answers[index] = { code: error.code ?? null };
    }
  }
};

const isSame = (expected, answer, areCodesCompared) => {
  if (typeof expected === 'string') {
    return answer === expected;
  }
  return areCodesCompared ? answer?.code === expected.code : typeof answer !== 'string';
};

/** How many answers are not Node's, and some of them. Of the other resolvers, no codes of errors are expected. */
exports.compareAnswers = (calls, answers, areCodesCompared) => {
  const differing = calls.flatMap(({ request, directory, expected }, index) =>
    isSame(expected, answers[index], areCodesCompared)
      ? []
      : [{ request, directory, expected, answer: answers[index] ?? null }],
  );
  return { count: differing.length, examples: differing.slice(0, examplesKept) };
};
