// FAST_RESOLVE_TRUST: what of the snapshot is believed without a look at the disk.

import fs from 'node:fs';
import test from 'ava';
import { removeTree, writeTree } from '../helpers/tree.mjs';
import { ask, newDirectory, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

const RECORDS = ['.package-lock.json', '.yarn-state.yml', '.yarn-integrity', '.modules.yaml'];

/** An installation, and a project that has something of its own. */
const installed = (record) => ({
  ...PROJECT,
  [`node_modules/${record}`]: '{}',
  'node_modules/plain/lib/other.js': '',
});

let roots;

test.before(async () => {
  const trees = RECORDS.map((record) => [record, installed(record)]);
  roots = await settledTrees({
    removed: PROJECT,
    replaced: PROJECT,
    unrecorded: installed('.other'),
    away: installed(RECORDS[0]),
    doubted: installed(RECORDS[0]),
    ...Object.fromEntries(trees),
  });
});

test.after.always(() => {
  for (const root of Object.values(roots)) {
    if (fs.existsSync(root)) removeTree(root);
  }
});

const everything = { FAST_RESOLVE_TRUST: '1' };

/** Calls that finding out about Node's options takes; what is resolved then takes none. */
async function callsOfStart(t) {
  const { stats } = await ask(t, [['fs', '/']], { env: { ...everything, FAST_RESOLVE_CACHE: '0' } });
  return stats.systemCalls;
}

test('with 1, answers are given without a system call, whatever became of the tree', async (t) => {
  const root = roots.removed;
  const directory = newDirectory(t);
  await ask(t, requestsIn(root), { directory });
  fs.rmSync(root, { recursive: true });
  const trusting = await ask(t, requestsIn(root), { directory, env: everything });
  t.deepEqual(trusting.answers, answersIn(root));
  t.is(trusting.stats.systemCalls, await callsOfStart(t));
  t.is(trusting.stats.hits.snapshot, requestsIn(root).length);

  const doubting = await ask(t, requestsIn(root), { directory });
  t.deepEqual(new Set(doubting.answers), new Set(['MODULE_NOT_FOUND']));
});

test('with 1, what the snapshot does not know is looked for, and joins it', async (t) => {
  const root = roots.replaced;
  const directory = newDirectory(t);
  const [first, ...others] = requestsIn(root);
  await ask(t, [first], { directory });
  const learning = await ask(t, others, { directory, env: everything });
  t.deepEqual(learning.answers, answersIn(root).slice(1));
  t.is(learning.stats.misses, others.length);
  const trusting = await ask(t, requestsIn(root), { directory, env: everything });
  t.deepEqual([trusting.stats.systemCalls, trusting.stats.misses], [await callsOfStart(t), 0]);
});

for (const value of ['0', '', 'true', 'Install']) {
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

const installation = { FAST_RESOLVE_TRUST: 'install' };
const requests = (root) => [
  ['plain', root],
  ['./data', `${root}/lib`],
];
const before = (root) => [`${root}/node_modules/plain/lib/entry.js`, `${root}/lib/data.json`];
const after = (root) => [`${root}/node_modules/plain/lib/other.js`, `${root}/lib/data.js`];

/** Edits by hand what is installed, and adds to what is not. */
function change(root) {
  fs.writeFileSync(`${root}/node_modules/plain/package.json`, '{"main":"lib/other"}');
  fs.writeFileSync(`${root}/lib/data.js`, '');
}

for (const record of RECORDS) {
  test(`with install, what is installed is believed as long as ${record} is as it was, and nothing else`, async (t) => {
    const root = roots[record];
    const directory = newDirectory(t);
    const answersNow = async (env) => (await ask(t, requests(root), { directory, env })).answers;
    t.deepEqual(await answersNow(installation), before(root));
    change(root);
    const [installedBefore] = before(root);
    const [, ownAfter] = after(root);
    t.deepEqual(await answersNow(installation), [installedBefore, ownAfter], 'the edit by hand is not seen');
    t.deepEqual(await answersNow(installation), [installedBefore, ownAfter], 'nor by the next one');
    fs.writeFileSync(`${root}/node_modules/${record}`, '{"installed":"anew"}');
    t.deepEqual(await answersNow(installation), after(root));
  });
}

test('with install, and without a record, everything is looked at', async (t) => {
  const root = roots.unrecorded;
  const directory = newDirectory(t);
  const answersNow = async () => (await ask(t, requests(root), { directory, env: installation })).answers;
  t.deepEqual(await answersNow(), before(root));
  change(root);
  t.deepEqual(await answersNow(), after(root));
});

test('with install, a record that is gone says nothing', async (t) => {
  const root = roots.away;
  const directory = newDirectory(t);
  const answersNow = async () => (await ask(t, requests(root), { directory, env: installation })).answers;
  t.deepEqual(await answersNow(), before(root));
  change(root);
  fs.unlinkSync(`${root}/node_modules/${RECORDS[0]}`);
  t.deepEqual(await answersNow(), after(root));
});

test('without it, a record proves nothing', async (t) => {
  const root = roots.doubted;
  const directory = newDirectory(t);
  const answersNow = async () => (await ask(t, requests(root), { directory })).answers;
  t.deepEqual(await answersNow(), before(root));
  change(root);
  t.deepEqual(await answersNow(), after(root));
});
