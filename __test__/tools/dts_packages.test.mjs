// Real packages: every name, every key of `exports` and `imports`, and files, as TypeScript finds their declarations.

import path from 'node:path';
import test from 'ava';
import { ensureCorpus } from '../../bench/corpus/install.mjs';
import { root } from '../../scripts/paths.mjs';
import { findPackages, readManifest } from '../corpus/installed-packages.mjs';
import { packageRequests } from '../corpus/package-requests.mjs';
import { createComparison, typeScripts } from './dts_oracle.mjs';

/** Of all that a package may be asked for, one in so many. */
const step = { long: 1, third: 90 }[process.env.FAST_RESOLVE_TEST] ?? 30;

for (const ts of typeScripts) {
  for (const owner of [ensureCorpus(), root, path.join(root, 'bench')]) {
    test(`TypeScript ${ts.version}: packages below ${path.relative(root, owner) || '.'}`, (t) => {
      t.timeout(900_000);
      const requests = findPackages(owner).flatMap(requestsFor);
      const compare = createComparison(ts);
      const differences = [];
      let found = 0;
      for (const { request, fromDir } of requests) {
        const { ours, theirs } = compare(request, path.join(fromDir, 'index.ts'));
        if (ours !== theirs) differences.push({ request, fromDir, ours, theirs });
        if (theirs.startsWith('/')) found += 1;
      }
      t.log(`${requests.length} requests, ${found} with declarations`);
      t.deepEqual(differences, []);
      t.true(found > requests.length / 10);
    });
  }
}

/** What a package exports and imports, and a part of all else that it may be asked for. */
function requestsFor(found) {
  const { name, owner, directory } = found;
  const exported = Object.keys(readManifest(directory).exports ?? {}).filter((key) => /^\.[^*]*$/.test(key));
  const named = ['.', ...exported].map((key) => ({ request: name + key.slice(1), fromDir: owner }));
  const all = packageRequests(found);
  return [...named, ...all.filter(({ request }, index) => request.startsWith('#') || index % step === 0)];
}
