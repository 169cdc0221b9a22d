// Memory is bounded, whatever is asked for, and `clearCache()` gives it back.

import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { run } from './processes.mjs';

const MEBI = 2 ** 20;
/** docs/caching.md: paths and answers in the core, and answers in JavaScript. */
const BOUND = { core: 48 * MEBI, heap: 16 * MEBI };
/** What a heap has more than before by chance. */
const NOISE = 4 * MEBI;

/** Requests that differ: the most that is held meanwhile, what is held at the end, and what after it was cleared. */
const program = (ask, count) => `
  const { clearCache, createResolver, resolve, stats } = require(process.env.LIBRARY);
  const root = process.env.ROOT;
  const own = createResolver({ conditions: [] }).resolve;
  const tool = createResolver({ alias: { '@': root }, believe: 'until-invalidated' });
  const found = (index) => './' + 'x'.repeat(3980) + index + '/../a';
  const missing = (index) => './' + ('x'.repeat(200) + '/').repeat(18) + index;
  const ask = ${ask};
  const heap = () => (gc(), gc(), process.memoryUsage().heapUsed);
  resolve('./a', root);
  const before = heap();
  let most = 0;
  let grown = 0;
  for (let index = 1; index <= ${count}; index++) {
    ask(index);
    if (index % ${count / 48} !== 0) continue;
    most = Math.max(most, stats().bytes);
    grown = Math.max(grown, heap() - before);
  }
  clearCache();
  const { bytes, entries } = stats();
  ask(0);
  console.log(JSON.stringify({ most, grown, cleared: { bytes, entries }, left: heap() - before }));
`;

/** As many as take more than the bound, of 4 KB if nothing else is said. */
const KINDS = {
  'that are found': { ask: 'resolve(found(index), root)' },
  'that are found twice': { ask: '(resolve(found(index), root), resolve(found(index), root))' },
  'that are not there': { ask: '{ try { own(missing(index), root); } catch {} }' },
  'of tools that are found': { ask: 'tool.sync(root, found(index))' },
  'of tools that are not there': { ask: 'tool.sync(root, missing(index))' },
  'of tools that are not there, and short': { ask: "tool.sync(root, 'b/x' + index)", count: 144_000 },
  'of tools from files': { ask: "tool.resolveDts(root + '/b/x' + index + '/c.ts', './d')", count: 96_000 },
};

for (const [title, { ask, count = 24_000 }] of Object.entries(KINDS)) {
  test(`requests ${title} take so much memory, and clearCache() gives it back`, async (t) => {
    const root = treeFor(t, { 'package.json': '{}', 'a.js': '' });
    const { stdout, stderr } = await run(['--expose-gc', '-e', program(`(index) => ${ask}`, count)], {
      env: { ROOT: root, FAST_RESOLVE_CACHE: '0' },
    });
    t.is(stderr, '');
    const { most, grown, cleared, left } = JSON.parse(stdout);
    t.log(`${(most / MEBI).toFixed(1)} MiB in the core, ${(grown / MEBI).toFixed(1)} MiB of the heap`);
    t.true(most > MEBI && most <= BOUND.core + MEBI, `${most} bytes in the core`);
    t.true(grown <= BOUND.heap + NOISE, `${grown} bytes of the heap`);
    t.is(cleared.entries, 0);
    // The roots.
    t.true(cleared.bytes < 1000, `${cleared.bytes} bytes are left in the core`);
    t.true(left <= NOISE, `${left} bytes of the heap are left`);
  });
}
