// Replays a trace, then exits, and prints when the listeners of 'exit' begin and end, on the clock that all processes share.
//
//   node exit.cjs <implementation> <trace>
'use strict';

const { writeSync } = require('node:fs');
const { bigint: now } = process.hrtime;
const { readTrace, replay } = require('./trace.cjs');

const [implementationName, traceFile] = process.argv.slice(2);
const calls = readTrace(traceFile);
replay(calls, require(`../implementations/${implementationName}.cjs`).load(), new Array(calls.length));

let begin;
process.prependListener('exit', () => {
  begin = now();
});
process.on('exit', () => {
  writeSync(1, JSON.stringify({ begin: String(begin), end: String(now()) }));
});
