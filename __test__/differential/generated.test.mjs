// Random trees and random requests: this package must answer as the running Node does, each time.
//
// FAST_RESOLVE_TEST=long compares 100,000 requests, FAST_RESOLVE_SEED=<number> repeats a run.

import test from 'ava';
import fc from 'fast-check';
import { countCoreAnswers } from '../helpers/core_answers.mjs';
import { compareAll } from './compare.mjs';
import { layout } from './generators/layout.mjs';
import { requestsFor } from './generators/requests.mjs';
import { reportOf } from './report.mjs';

const isLong = process.env.FAST_RESOLVE_TEST === 'long';
const seed = Number(process.env.FAST_RESOLVE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const requestsPerTree = 40;
const trees = isLong ? 2500 : 125;

/** The least share of the requests that must end in each way: a generator that degenerates fails here. */
const LEAST_SHARES = {
  found: 0.25,
  MODULE_NOT_FOUND: 0.25,
  ERR_PACKAGE_PATH_NOT_EXPORTED: 0.02,
  ERR_PACKAGE_IMPORT_NOT_DEFINED: 0.005,
  ERR_INVALID_MODULE_SPECIFIER: 0.004,
  ERR_INVALID_PACKAGE_TARGET: 0.003,
  ERR_INVALID_PACKAGE_CONFIG: 0.002,
};

/** The least share that the core must answer itself, odd as these trees are. */
const LEAST_CORE_SHARE = 0.5;

/** These are rare: seen at all is enough, and only the long run is sure to meet them. */
const RARE_OUTCOMES = ['ERR_INVALID_URL_SCHEME', 'ERR_INVALID_ARG_VALUE', 'SyntaxError', 'URIError', 'ENOENT'];

test('random requests in random trees are answered as by Node', (t) => {
  t.timeout(60 * 60 * 1000);
  t.log(`FAST_RESOLVE_SEED=${seed}`);
  const outcomes = new Map();
  const core = countCoreAnswers();
  const difference = firstDifference(outcomes);
  const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
  t.log(`${total} requests compared, ${outcomes.size} outcomes: ${listOf(outcomes)}`);
  if (difference !== undefined) t.fail(reportOf(difference, seed));
  t.log(`the core: ${JSON.stringify(core)}`);
  t.is(total, trees * requestsPerTree);
  t.true(core.found >= LEAST_CORE_SHARE * outcomes.get('found'), 'the core left too much of what was found to Node');
  t.true(
    core.notFound >= LEAST_CORE_SHARE * outcomes.get('MODULE_NOT_FOUND'),
    'the core left too many failures to Node',
  );
  for (const [outcome, share] of Object.entries(LEAST_SHARES)) {
    t.true((outcomes.get(outcome) ?? 0) >= share * total, `too few requests ended in ${outcome}`);
  }
  for (const outcome of isLong ? RARE_OUTCOMES : []) t.true(outcomes.has(outcome), `no request ended in ${outcome}`);
});

/** The first example that is answered differently; `outcomes` counts how the requests before it ended. */
function firstDifference(outcomes) {
  let difference;
  const examples = layout.chain((tree) => fc.tuple(fc.constant(tree), requestsFor(tree, requestsPerTree)));
  const property = fc.property(examples, ([tree, requests]) => {
    const comparison = compareAll(tree, requests);
    for (const outcome of comparison.outcomes) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    difference = comparison.difference;
    return difference === undefined;
  });
  const result = fc.check(property, { seed, numRuns: trees, endOnFailure: true });
  if (result.failed && difference === undefined) throw result.errorInstance;
  return difference;
}

function listOf(outcomes) {
  const sorted = [...outcomes].sort(([, left], [, right]) => right - left);
  return sorted.map(([outcome, count]) => `${outcome} ${count}`).join(', ');
}
