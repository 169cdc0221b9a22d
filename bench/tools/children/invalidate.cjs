// Asks the questions of a job, has a file forgotten (oxc-resolver: everything, as it knows nothing else), asks them again, and so on;
// prints nanoseconds per resolve of those that followed.
//
//   node invalidate.cjs <kind> <job>
'use strict';

const fs = require('node:fs');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { median, now, since } = require('../../lib/children/timing.cjs');
const { createCalls } = require('../../lib/children/trace.cjs');
const { check, createResolver } = require('./resolvers.cjs');

const cycles = 25;

const main = async ([kind, job]) => {
  const { options, calls: asked, changed } = JSON.parse(fs.readFileSync(job, 'utf8'));
  const calls = createCalls(asked);
  const resolver = createResolver(kind, options);
  const pass = () => calls.map(({ directory, request }) => resolver.sync(directory, request));
  check(calls, pass());
  const times = [];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    await nextTurn();
    if (resolver.invalidate === undefined) resolver.clearCache();
    else resolver.invalidate(changed);
    const start = now();
    const answers = pass();
    times.push(since(start));
    check(calls, answers);
  }
  return { again: median(times) / calls.length };
};

main(process.argv.slice(2)).then((result) => process.stdout.write(JSON.stringify(result)));
