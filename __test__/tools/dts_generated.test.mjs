// Random trees and random requests: the declarations are where TypeScript finds them, each time.
//
// FAST_RESOLVE_TEST=long takes ten times as many trees, FAST_RESOLVE_SEED=<number> other ones.

import path from 'node:path';
import test from 'ava';
import fc from 'fast-check';
import semver from 'semver';
import { requestsFor } from '../differential/generators/requests.mjs';
import { minimise } from '../differential/minimise.mjs';
import { library } from '../helpers/clock.mjs';
import { formatTree, removeTree, treeFor, writeTree } from '../helpers/tree.mjs';
import { ROOT } from '../helpers/twins.mjs';
import { createComparison, typeScripts, VARIANTS } from './dts_oracle.mjs';
import { typedTree } from './dts_trees.mjs';

const seeds = process.env.FAST_RESOLVE_SEED === undefined ? [1, 2, 3] : [Number(process.env.FAST_RESOLVE_SEED)];
const treesPerSeed = process.env.FAST_RESOLVE_TEST === 'long' ? 1000 : 100;
const requestsPerTree = 40;

/** The least share of the requests that must end in each way. */
const LEAST_SHARES = { found: 0.25, javascript: 0.02, nothing: 0.2 };

const examples = typedTree.chain((tree) =>
  fc.record({
    tree: fc.constant(tree),
    requests: requestsFor(tree, requestsPerTree),
    ts: fc.constantFrom(...typeScripts),
    variant: fc.constantFrom(VARIANTS[0], ...VARIANTS),
  }),
);

function outcomeOf(answer) {
  return answer.startsWith('/') ? 'found' : answer.split(' ', 1)[0];
}

/** The requests that are answered differently, in a copy of the tree. */
function compareAll({ tree, requests, ts, variant }, outcomes) {
  const root = writeTree(tree);
  const place = (text) => text.replaceAll(ROOT, () => root);
  try {
    const compare = createComparison(ts, variant);
    return requests.flatMap(([request, fromDir]) => {
      const file = path.join(place(fromDir), 'x.ts');
      // TypeScript takes the backslash in a directory's name for a slash, so that it finds nothing there.
      if (!path.isAbsolute(file) || /[\0\\]/.test(file)) return [];
      const { ours, theirs } = compare(place(request), file);
      outcomes?.set(outcomeOf(theirs), (outcomes.get(outcomeOf(theirs)) ?? 0) + 1);
      const unplace = (text) => text.replaceAll(root, () => ROOT);
      return ours === theirs ? [] : [{ request, fromDir, ours: unplace(ours), theirs: unplace(theirs) }];
    });
  } finally {
    removeTree(root);
  }
}

function reportOf({ tree, ts, variant }, { request, fromDir }, seed) {
  const again = (example) =>
    compareAll({ tree: example.tree, requests: [[example.request, example.fromDir]], ts, variant });
  const smallest = minimise({ tree, request, fromDir }, (example) => again(example).length > 0);
  const facts = JSON.stringify({ seed, ts: ts.version, variant, ...again(smallest)[0] }, null, 2);
  return `differs from TypeScript: ${facts}\nin the tree ${formatTree(smallest.tree)}`;
}

for (const seed of seeds) {
  test(`random requests in random trees are answered as by TypeScript (FAST_RESOLVE_SEED=${seed})`, (t) => {
    t.timeout(60 * 60 * 1000);
    const outcomes = new Map();
    let difference;
    const property = fc.property(examples, (example) => {
      const [first] = compareAll(example, outcomes);
      if (first !== undefined) difference = { example, first };
      return first === undefined;
    });
    const result = fc.check(property, { seed, numRuns: treesPerSeed, endOnFailure: true });
    if (result.failed && difference === undefined) throw result.errorInstance;
    if (difference !== undefined) t.fail(reportOf(difference.example, difference.first, seed));
    const total = [...outcomes.values()].reduce((sum, count) => sum + count, 0);
    t.log(`${total} requests compared: ${JSON.stringify(Object.fromEntries(outcomes))}`);
    for (const [outcome, share] of Object.entries(LEAST_SHARES)) {
      t.true((outcomes.get(outcome) ?? 0) >= share * total, `too few requests ended in ${outcome}`);
    }
  });
}

const number = fc.oneof(fc.constantFrom('0', '1', '4', '5', '9', '10', 'x', '*', 'X'), fc.nat({ max: 12 }).map(String));
const partial = fc
  .tuple(
    fc.array(number, { minLength: 1, maxLength: 3 }),
    fc.constantFrom('', '', '', '', '-beta', '-0', '-dev.3', '+b'),
  )
  .map(([numbers, rest]) => numbers.join('.') + (numbers.length === 3 ? rest : ''));
const simple = fc
  .tuple(fc.constantFrom('', '', '~', '^', '<', '<=', '>', '>=', '='), partial)
  .map((parts) => parts.join(''));
const range = fc
  .array(
    fc.oneof(
      simple,
      fc.tuple(simple, simple).map((parts) => parts.join(' ')),
      fc.tuple(partial, partial).map((parts) => parts.join(' - ')),
      fc.constantFrom('', 'latest', '> 4', '01', '1.2.3.4', ' '),
    ),
    { minLength: 1, maxLength: 3 },
  )
  .map((alternatives) => alternatives.join('||'));
const VERSIONS = ['4.2.0', '5.0.0', '5.9.3', '0.4.1', '0.0.4', '10.1.5', '5.0.0-beta', '9.4.1-dev.4'];

test('versions lie in the ranges in which TypeScript and npm see them', (t) => {
  t.timeout(5 * 60 * 1000);
  const [ts] = typeScripts;
  const ranges = [...new Set(seeds.flatMap((seed) => fc.sample(range, { seed, numRuns: 400 })))];
  const root = treeFor(
    t,
    Object.fromEntries(
      ranges.flatMap((text, index) => [
        [`node_modules/r${index}/package.json`, { json: { typesVersions: { [text]: { '*': ['in/*'] } } } }],
        [`node_modules/r${index}/in/index.d.ts`, ''],
        [`node_modules/r${index}/index.d.ts`, ''],
      ]),
    ),
  );
  let comparedWithNpm = 0;
  for (const version of VERSIONS) {
    const resolver = library.createResolver({ typescriptVersion: version });
    for (const [index, text] of ranges.entries()) {
      const { path: found } = resolver.resolveDts(path.join(root, 'x.ts'), `r${index}`);
      const isIn = found === path.join(root, `node_modules/r${index}/in/index.d.ts`);
      t.is(isIn, isInForTypeScript(ts, text, version), `${version} in ${text}`);
      if (!isPlain(text, version)) continue;
      comparedWithNpm += 1;
      t.is(isIn, semver.satisfies(version, text), `${version} in ${text}, as npm says`);
    }
  }
  t.log(`${ranges.length} ranges, ${comparedWithNpm} comparisons with npm`);
  t.true(comparedWithNpm > ranges.length);
});

function isInForTypeScript(ts, text, version) {
  return ts.VersionRange.tryParse(text)?.test(new ts.Version(version)) ?? false;
}

/** Whether npm reads a range as TypeScript does: they differ in pre-releases, and in what is no range. */
function isPlain(text, version) {
  const isOdd = /[^ ]-|[<>=~^] |\+/.test(text) || text.split('||').some((alternative) => alternative.trim() === '');
  return !isOdd && !version.includes('-') && semver.validRange(text) !== null;
}
