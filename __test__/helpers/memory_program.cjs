// The program that memory.test.mjs runs: prints by how many bytes the process grows for each request.

const { createRequire } = require('node:module');

const WARM_UP = 4000;
const REQUESTS = 20_000;

const { resolver, prefixes, length, root } = JSON.parse(process.argv[2]);
const resolve = resolver === 'ours' ? ourResolve() : nodeResolve();

function ourResolve() {
  const library = require('../../index.js');
  return (request) => library.resolve(request, root);
}

function nodeResolve() {
  return (request) => createRequire(`${root}/any.js`).resolve(request);
}

function memoryAfter(from, to) {
  for (let index = from; index < to; index++) {
    try {
      resolve(`${prefixes[index % prefixes.length]}${index}${'x'.repeat(length)}`);
    } catch {
      // Nothing is there: this is what is asked for.
    }
  }
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().rss;
}

const before = memoryAfter(0, WARM_UP);
const after = memoryAfter(WARM_UP, WARM_UP + REQUESTS);
process.stdout.write(String(Math.round((after - before) / REQUESTS)));
