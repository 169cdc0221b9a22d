// Resolves a lot, then has one file after another forgotten and resolves it all again; prints what is held after each pass.
//
//   node --expose-gc growth.cjs <kind> <job>
'use strict';

const fs = require('node:fs');
const path = require('node:path');
const { setImmediate: nextTurn } = require('node:timers/promises');
const { createResolver } = require('./resolvers.cjs');
const { stats } = require('../../..');

const cycles = 10;

const main = async ([kind, job]) => {
  const { options, calls } = JSON.parse(fs.readFileSync(job, 'utf8'));
  const files = calls.map(([, filename]) => filename);
  const directories = files.map((file) => path.dirname(file));
  const resolver = createResolver(kind, options);
  const pass = () => {
    let missing = 0;
    for (let index = 0; index < calls.length; index += 1) {
      if (resolver.sync(directories[index], calls[index][0]).path === undefined) missing += 1;
    }
    if (missing > 0) throw new Error(`${missing} of ${calls.length} requests led nowhere`);
  };
  const measure = async () => {
    await nextTurn();
    globalThis.gc();
    const { rss, heapUsed } = process.memoryUsage();
    return { rss, heap: heapUsed, held: stats().bytes };
  };
  const before = await measure();
  pass();
  const passes = [await measure()];
  for (let cycle = 0; cycle < cycles; cycle += 1) {
    if (resolver.invalidate === undefined) resolver.clearCache();
    else resolver.invalidate(files[(cycle * 7919) % files.length]);
    pass();
    passes.push(await measure());
  }
  return { before, passes };
};

main(process.argv.slice(2)).then((result) => process.stdout.write(JSON.stringify(result)));
