// Asks for every file, every key of `exports` and `imports` of every package in the corpus.
import test from 'ava';
import { corpusDirectory, ensureCorpus } from '../../bench/corpus/install.mjs';
import { checkAll } from './compare-all.mjs';
import { findPackages } from './installed-packages.mjs';
import { packageRequests } from './package-requests.mjs';

// Variants of one request come in groups of two and four, so every third request still meets all kinds.
const step = process.env.FAST_RESOLVE_TEST === 'long' ? 1 : 3;

test('every file, export and import of every package is answered as Node does', (t) => {
  t.timeout(900_000);
  const packages = findPackages(ensureCorpus());
  const requests = packages.flatMap(packageRequests);
  const asked = requests.filter((_request, index) => index % step === 0);
  const sample = step === 1 ? 'all of them' : `every ${step}rd; FAST_RESOLVE_TEST=long asks for all`;
  t.log(`${packages.length} packages below ${corpusDirectory}, ${requests.length} requests, ${sample}`);
  checkAll(t, asked, { leastPaths: Math.floor(50_000 / step), leastErrors: Math.floor(30_000 / step) });
});
