// Random trees, options and requests: where oxc-resolver and enhanced-resolve agree, `sync` answers as they do, or as Node does. Where they
// do not, it agrees with one of them but for few cases.
//
// FAST_RESOLVE_TEST=long compares 100 times as many, FAST_RESOLVE_SEED=<number> repeats a run.

import { createRequire } from 'node:module';
import test from 'ava';
import fc from 'fast-check';
import { createResolver } from '../../index.js';
import { removeTree, writeTree } from '../helpers/tree.mjs';
import { createChoices, createOptions, createRequest, createTree, STEPS } from './generator.mjs';
import { createPeers, ensurePeers, outcomeOf } from './peers.mjs';

/** Rare options together have no right answer, so that a run by chance is for somebody who looks at what it finds. */
const USUAL_SEED = 20_261_128;

const isLong = process.env.FAST_RESOLVE_TEST === 'long';
const seed = Number(process.env.FAST_RESOLVE_SEED ?? (isLong ? Math.floor(Math.random() * 2 ** 31) : USUAL_SEED));
const trees = isLong ? 4000 : 40;
const optionsPerTree = 4;
const requestsPerOptions = 40;

/** The share of the answers that nobody else has, among those of which the others have two. */
const MOST_ALONE = 0.002;

/** Options under which Node comes to the same files. */
const NODES_OPTIONS = ['restrictions', 'symlinks'];

function answerOfNode(directory, request) {
  try {
    return createRequire(`${directory}/any.js`).resolve(request);
  } catch {
    return undefined;
  }
}

/** The outcomes of one set of options, and the first that nobody else has. */
function compare(options, directories, requests, tally) {
  const ours = createResolver({ ...options, believe: 'until-invalidated' });
  const peers = createPeers(options);
  for (const directory of directories) {
    for (const request of requests) {
      const outcome = outcomeOf(ours.sync(directory, request));
      const outcomes = Object.fromEntries(Object.entries(peers).map(([name, ask]) => [name, ask(directory, request)]));
      tally.total++;
      if (outcome !== undefined) tally.found++;
      const others = Object.values(outcomes);
      if (others.every((other) => other === outcome)) tally.unanimous++;
      else if (others[0] !== others[1]) tally.alone += others.includes(outcome) ? 0 : 1;
      else if (options.enforceExtension && request.startsWith('#')) tally.alone++;
      else if (!isNodes(options, outcome, directory, request)) {
        return { directory, request, options, ours: outcome, ...outcomes };
      }
    }
  }
  return undefined;
}

const isNodes = (options, outcome, directory, request) =>
  Object.keys(options).every((name) => NODES_OPTIONS.includes(name)) && outcome === answerOfNode(directory, request);

test.before(ensurePeers);

test('random requests with random options are answered as by oxc-resolver or enhanced-resolve', (t) => {
  t.timeout(60 * 60 * 1000);
  t.log(`FAST_RESOLVE_SEED=${seed}`);
  const tally = { total: 0, found: 0, unanimous: 0, alone: 0 };
  const streams = fc.sample(fc.infiniteStream(fc.nat(STEPS - 1)), { seed, numRuns: trees });
  for (const stream of streams) {
    const choices = createChoices(stream);
    const root = writeTree(createTree(choices));
    try {
      for (let index = 0; index < optionsPerTree; index++) {
        const requests = Array.from({ length: requestsPerOptions }, () => createRequest(choices, root));
        const directories = ['app', 'app/src', 'app/node_modules/p'].map((name) => `${root}/${name}`);
        const difference = compare(createOptions(choices, root), directories, requests, tally);
        if (difference !== undefined) t.fail(JSON.stringify(difference, null, 2).replaceAll(root, 'ROOT'));
      }
    } finally {
      removeTree(root);
    }
  }
  t.log(JSON.stringify(tally));
  t.is(tally.total, trees * optionsPerTree * requestsPerOptions * 3);
  t.true(tally.found > tally.total / 8, 'too little is found');
  t.true(tally.alone <= tally.total * MOST_ALONE, 'too many answers are nobody else’s');
  t.true(tally.unanimous > tally.total * 0.9, 'the peers are asked for something else');
});
