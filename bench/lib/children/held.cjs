// Prints by how many bytes this process has grown when it has replayed a trace, garbage not counted.
//
//   node --expose-gc held.cjs <implementation> <trace>
'use strict';

const { readTrace, replay } = require('./trace.cjs');

const [implementationName, traceFile] = process.argv.slice(2);
const implementation = require(`../implementations/${implementationName}.cjs`);
const calls = readTrace(traceFile);
const answers = new Array(calls.length).fill(null);

const measure = () => {
  global.gc();
  return process.memoryUsage();
};

const before = measure();
replay(calls, implementation.load(), answers);
const after = measure();
process.stdout.write(JSON.stringify({ rss: after.rss - before.rss, heapUsed: after.heapUsed - before.heapUsed }));
