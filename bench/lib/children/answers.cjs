// Prints what a fresh Node answers to every call of a trace: a path, or the error's code.
//
//   node answers.cjs <trace>
'use strict';

const { load } = require('../implementations/node.cjs');
const { readTrace, replay } = require('./trace.cjs');

const calls = readTrace(process.argv[2]);
const answers = new Array(calls.length);
replay(calls, load(), answers);
process.stdout.write(JSON.stringify({ answers }));
