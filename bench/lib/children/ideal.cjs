// The ideal hook: a preload that holds every answer of a program beforehand. FAST_RESOLVE_IDEAL names the file that has
// them, as [directory, [request, answer, request, answer …]] pairs.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const resolveFilename = Module._resolveFilename;
const answersByDirectory = new Map(JSON.parse(fs.readFileSync(process.env.FAST_RESOLVE_IDEAL, 'utf8')));

const answersIn = (directory) => {
  const answers = answersByDirectory.get(directory);
  if (!Array.isArray(answers)) {
    return answers;
  }
  const map = new Map();
  for (let index = 0; index < answers.length; index += 2) {
    map.set(answers[index], answers[index + 1]);
  }
  answersByDirectory.set(directory, map);
  return map;
};

Module._resolveFilename = function idealResolveFilename(request, parent, _isMain, options) {
  if (typeof parent?.filename === 'string' && options?.paths === undefined) {
    const answer = answersIn(path.dirname(parent.filename))?.get(request);
    if (answer !== undefined) return answer;
  }
  return Reflect.apply(resolveFilename, this, arguments);
};
