// Asks for what the source files of every package in the corpus require and import.
import test from 'ava';
import { ensureCorpus } from '../../bench/corpus/install.mjs';
import { checkAll } from './compare-all.mjs';
import { findPackages } from './installed-packages.mjs';
import { sourceRequests } from './source-requests.mjs';

test('every request written in a source file of the corpus is answered as Node does', (t) => {
  t.timeout(900_000);
  const packages = findPackages(ensureCorpus());
  checkAll(t, packages.flatMap(sourceRequests), { leastPaths: 25_000, leastErrors: 4_000 });
});
