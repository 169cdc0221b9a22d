// Random trees and random requests: what this package's resolver answers, jest's own would have answered.
//
// FAST_RESOLVE_TEST=long compares twenty times as many, FAST_RESOLVE_SEED=<number> repeats a run.

import { inspect } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { layout } from '../differential/generators/layout.mjs';
import { requestsFor } from '../differential/generators/requests.mjs';
import { minimise } from '../differential/minimise.mjs';
import { ensureJest } from '../helpers/jest-project.mjs';
import { formatTree, removeTree, writeTree } from '../helpers/tree.mjs';
import { ROOT } from '../helpers/twins.mjs';
import { createComparison, optionSetCount } from './compare.mjs';
import { ordinaryExample } from './generators/ordinary.mjs';

const factor = process.env.FAST_RESOLVE_TEST === 'long' ? 20 : 1;
const seed = Number(process.env.FAST_RESOLVE_SEED ?? Math.floor(Math.random() * 2 ** 31));
const requestsPerTree = 50;

const ordinary = ordinaryExample(requestsPerTree);
const odd = layout.chain((tree) => fc.tuple(fc.constant(tree), requestsFor(tree, requestsPerTree)));

/** The least share of the requests that must be answered, and not be left to jest: a comparison of nothing fails here. */
const KINDS = [
  { kind: 'ordinary', trees: 40, arbitrary: ordinary, leastAnswered: 0.12 },
  { kind: 'odd', trees: 20, arbitrary: odd, leastAnswered: 0.04 },
];

test.before('jest is installed', (t) => {
  t.timeout(600_000);
  ensureJest();
});

for (const major of [29, 30]) {
  for (const { kind, trees, arbitrary, leastAnswered } of KINDS) {
    test.serial(`in ${kind} trees, as jest ${major}`, (t) => {
      t.timeout(60 * 60 * 1000);
      const examples = fc.sample(arbitrary, { seed, numRuns: trees * factor });
      const { answered, asked, difference } = compareAll(createComparison(major), examples);
      t.log(`FAST_RESOLVE_SEED=${seed}: ${answered} of ${asked} requests answered`);
      if (difference !== undefined) t.fail(difference);
      t.true(answered >= leastAnswered * asked, `only ${answered} of ${asked} requests were answered`);
    });
  }
}

function compareAll(comparison, examples) {
  let [asked, answered] = [0, 0];
  for (const [tree, requests] of examples) {
    const places = requests.map(([request, fromDir], index) => ({
      request,
      fromDir,
      optionSet: index % optionSetCount,
    }));
    const outcomes = compareInTree(comparison, tree, places);
    asked += outcomes.length;
    answered += outcomes.filter(({ kind }) => kind !== 'left').length;
    const index = outcomes.findIndex(({ kind }) => kind === 'different');
    if (index !== -1)
      return { asked, answered, difference: describe(comparison, { tree, ...places[index] }, outcomes[index]) };
  }
  return { asked, answered };
}

function compareInTree({ compare, forget }, tree, places) {
  const root = writeTree(tree);
  const place = (text) => text.replaceAll(ROOT, () => root);
  forget();
  try {
    return places.map(({ request, fromDir, optionSet }) => compare(place(request), place(fromDir), optionSet, root));
  } finally {
    removeTree(root);
  }
}

/** The smallest example that is still answered differently. */
function describe(comparison, example, outcome) {
  const outcomeOf = (candidate) => compareInTree(comparison, candidate.tree, [candidate])[0];
  const differs = (candidate) => outcomeOf(candidate).kind === 'different';
  if (!differs(example))
    return `differs, but only after earlier requests: ${inspect({ ...example, outcome }, { depth: 6 })}`;
  const { tree, ...smallest } = minimise(example, differs);
  return `differs from jest ${comparison.major}: ${inspect({ ...smallest, ...outcomeOf({ tree, ...smallest }) })}\nin ${formatTree(tree)}`;
}
