// The program that growth.test.mjs runs: prints by how many bytes the process grows for each request.
//
// The garbage collector resizes the heap at its own will, by tens of megabytes. What is really kept is kept in every round,
// so that the round in the middle tells.

const { createRequire } = require('node:module');

const ROUNDS = 9;
const REQUESTS_PER_ROUND = 2500;

const { resolver, prefixes, padding, root } = JSON.parse(process.argv[2]);
const resolve = resolver === 'ours' ? ourResolve() : nodeResolve();

function ourResolve() {
  const library = require('../../index.js');
  return (request) => library.resolve(request, root);
}

function nodeResolve() {
  return (request) => createRequire(`${root}/any.js`).resolve(request);
}

function memoryAfterRound(round) {
  const start = round * REQUESTS_PER_ROUND;
  for (let index = start; index < start + REQUESTS_PER_ROUND; index++) {
    try {
      resolve(`${prefixes[index % prefixes.length]}${index}${padding}`);
    } catch {
      // Nothing is there: this is what is asked for.
    }
  }
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().rss;
}

const sizes = Array.from({ length: ROUNDS + 1 }, (_, round) => memoryAfterRound(round));
const growths = sizes.slice(1).map((size, index) => size - sizes[index]);
const median = growths.toSorted((left, right) => left - right)[Math.floor(ROUNDS / 2)];
process.stdout.write(String(Math.round(median / REQUESTS_PER_ROUND)));
