// Every request that a real installation can be asked for: jest's own, with its more than 300 packages.

import test from 'ava';
import { findPackages } from '../corpus/installed-packages.mjs';
import { packageRequests } from '../corpus/package-requests.mjs';
import { sourceRequests } from '../corpus/source-requests.mjs';
import { ensureJest, jestProject } from '../helpers/jest-project.mjs';
import { createComparison } from './compare.mjs';

const differencesShown = 10;

test.before('jest is installed', (t) => {
  t.timeout(600_000);
  ensureJest();
});

for (const major of [29, 30]) {
  test.serial(`every file and every export of every package, as jest ${major}`, (t) => {
    t.timeout(600_000);
    const requests = findPackages(jestProject).flatMap(packageRequests);
    // Half of these are odd on purpose: trailing slashes, what is not exported, `imports`.
    compareAll(t, major, requests, { least: 10_000, leastShare: 0.4 });
  });

  test.serial(`what the sources of every package ask for, as jest ${major}`, (t) => {
    t.timeout(600_000);
    const requests = findPackages(jestProject).flatMap(sourceRequests);
    compareAll(t, major, requests, { least: 1_000, leastShare: 0.5 });
  });
}

function compareAll(t, major, requests, { least, leastShare }) {
  const { compare, forget } = createComparison(major);
  forget();
  let answered = 0;
  const differences = [];
  for (const { request, fromDir } of requests) {
    const outcome = compare(request, fromDir, 0, jestProject);
    if (outcome.kind !== 'left') answered += 1;
    if (outcome.kind === 'different') differences.push({ request, fromDir, ...outcome });
  }
  t.log(`${answered} of ${requests.length} requests answered`);
  t.deepEqual(differences.slice(0, differencesShown), [], `${differences.length} differ; the first are shown`);
  t.true(requests.length >= least, `only ${requests.length} requests`);
  t.true(answered >= leastShare * requests.length, `only ${answered} of ${requests.length} requests were answered`);
}
