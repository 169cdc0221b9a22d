// Asks for every file, every key of `exports` and `imports` of every package in the corpus.
import test from 'ava';
import { corpusDirectory, ensureCorpus } from '../../bench/corpus/install.mjs';
import { checkAll } from './compare-all.mjs';
import { findPackages } from './installed-packages.mjs';
import { packageRequests } from './package-requests.mjs';

// Variants of one request come in groups of two and four, so every third and every ninth request still meet all kinds.
const step = { long: 1, third: 9 }[process.env.FAST_RESOLVE_TEST] ?? 3;

test('every file, export and import of every package is answered as Node does', (t) => {
  t.timeout(900_000);
  const packages = findPackages(ensureCorpus());
  const requests = packages.flatMap(packageRequests);
  const asked = requests.filter((_request, index) => index % step === 0);
  const sample = step === 1 ? 'all of them' : `one in ${step}; FAST_RESOLVE_TEST=long asks for all`;
  t.log(`${packages.length} packages below ${corpusDirectory}, ${requests.length} requests, ${sample}`);
  checkAll(t, asked, { leastPaths: Math.floor(50_000 / step), leastErrors: Math.floor(30_000 / step) });
});
