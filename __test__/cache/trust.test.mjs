// FAST_RESOLVE_TRUST=1: what the snapshot says is believed without a look at the disk.

import fs from 'node:fs';
import test from 'ava';
import { writeTree } from '../helpers/tree.mjs';
import { ask, newDirectory, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const env = { FAST_RESOLVE_TRUST: '1' };
let roots;

test.before(async () => {
  roots = await settledTrees({ removed: PROJECT, replaced: PROJECT });
});

test.after.always(() => {
  for (const root of Object.values(roots)) fs.rmSync(root, { recursive: true, force: true });
});

test('answers are given without a system call, whatever became of the tree', async (t) => {
  const root = roots.removed;
  const directory = newDirectory(t);
  await ask(t, requestsIn(root), { directory });
  fs.rmSync(root, { recursive: true });
  const trusting = await ask(t, requestsIn(root), { directory, env });
  t.deepEqual(trusting.answers, answersIn(root));
  t.is(trusting.stats.systemCalls, 0);
  t.is(trusting.stats.hits.snapshot, requestsIn(root).length);

  const doubting = await ask(t, requestsIn(root), { directory });
  t.deepEqual(new Set(doubting.answers), new Set(['MODULE_NOT_FOUND']));
});

test('what the snapshot does not know is looked for, and joins it', async (t) => {
  const root = roots.replaced;
  const directory = newDirectory(t);
  const [first, ...others] = requestsIn(root);
  await ask(t, [first], { directory });
  const learning = await ask(t, others, { directory, env });
  t.deepEqual(learning.answers, answersIn(root).slice(1));
  t.true(learning.stats.systemCalls > 0);
  const trusting = await ask(t, requestsIn(root), { directory, env });
  t.deepEqual([trusting.stats.systemCalls, trusting.stats.misses], [0, 0]);
});

for (const value of ['0', '', 'true']) {
  test(`FAST_RESOLVE_TRUST=${value} trusts nothing`, async (t) => {
    const root = writeTree(PROJECT);
    t.teardown(() => fs.rmSync(root, { recursive: true, force: true }));
    const directory = newDirectory(t);
    const request = [['./data', `${root}/lib`]];
    await ask(t, request, { directory });
    fs.unlinkSync(`${root}/lib/data.json`);
    const { answers } = await ask(t, request, { directory, env: { FAST_RESOLVE_TRUST: value } });
    t.deepEqual(answers, ['MODULE_NOT_FOUND']);
  });
}
