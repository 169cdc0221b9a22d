// What one process has learnt, the next one knows.

import fs from 'node:fs';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { ask, namesIn, newDirectory, onlySnapshotIn, run, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

let root;

test.before(async () => {
  ({ root } = await settledTrees({ root: PROJECT }));
});

test.after.always(() => removeTree(root));

/** Everything is asked once, so that there is a snapshot. */
async function learn(t, options) {
  const learnt = await ask(t, requestsIn(root), options);
  t.deepEqual(learnt.answers, answersIn(root));
  return learnt;
}

test('the second process takes every answer from what the first one wrote', async (t) => {
  const directory = newDirectory(t);
  const requests = requestsIn(root);
  const first = await learn(t, { directory });
  t.is(first.stats.misses, requests.length);
  t.is(first.stats.hits.snapshot, 0);
  const file = onlySnapshotIn(t, directory);
  t.deepEqual(first.stats.snapshot, { state: 'none', reason: null, path: file, entries: 0, bytes: 0 });

  const second = await learn(t, { directory });
  t.is(second.stats.misses, 0);
  t.is(second.stats.hits.snapshot, requests.length);
  t.deepEqual(second.stats.snapshot, {
    state: 'used',
    reason: null,
    path: file,
    entries: requests.length,
    bytes: second.stats.snapshot.bytes,
  });
  t.true(second.stats.snapshot.bytes >= fs.statSync(file).size);
  t.true(second.stats.systemCalls < first.stats.systemCalls);
});

test('nothing is written where nothing new was learnt', async (t) => {
  const directory = newDirectory(t);
  await learn(t, { directory });
  const before = fs.statSync(onlySnapshotIn(t, directory), { bigint: true });
  await learn(t, { directory });
  await ask(t, [['./nowhere', root]], { directory });
  const after = fs.statSync(onlySnapshotIn(t, directory), { bigint: true });
  t.deepEqual([after.ino, after.mtimeNs], [before.ino, before.mtimeNs]);
});

test('what is new joins what was known', async (t) => {
  const directory = newDirectory(t);
  const [one, ...others] = requestsIn(root);
  await ask(t, [one], { directory });
  const second = await ask(t, others, { directory });
  t.is(second.stats.misses, others.length);
  const third = await learn(t, { directory });
  t.deepEqual([third.stats.misses, third.stats.hits.snapshot], [0, others.length + 1]);
});

test('failures are not written, and what appears is found', async (t) => {
  const directory = newDirectory(t);
  const ours = treeFor(t, {});
  const missing = [
    ['./late', ours],
    ['late', ours],
  ];
  const codes = ['MODULE_NOT_FOUND', 'MODULE_NOT_FOUND'];
  t.deepEqual((await ask(t, missing, { directory })).answers, codes);
  t.deepEqual(namesIn(directory), []);
  await ask(t, [...missing, ...requestsIn(root)], { directory });
  t.deepEqual((await ask(t, missing, { directory })).answers, codes);
  fs.mkdirSync(`${ours}/node_modules`);
  fs.writeFileSync(`${ours}/node_modules/late.js`, '');
  fs.writeFileSync(`${ours}/late.js`, '');
  t.deepEqual((await ask(t, missing, { directory })).answers, [`${ours}/late.js`, `${ours}/node_modules/late.js`]);
});

test('a process that is killed writes nothing', async (t) => {
  const directory = newDirectory(t);
  await ask(t, requestsIn(root), { directory, stopAt: 'SIGKILL', exitCode: 'SIGKILL' });
  t.deepEqual(namesIn(directory), []);
});

test('many that write at once leave one whole snapshot, and no other file', async (t) => {
  const directory = newDirectory(t);
  const requests = requestsIn(root);
  const writers = Array.from({ length: 8 }, (_, index) => [requests[index], requests[(index + 1) % requests.length]]);
  const answers = await Promise.all(writers.map((asked) => ask(t, asked, { directory })));
  t.deepEqual(
    answers.map((answer) => answer.answers[0]),
    answersIn(root).slice(0, 8),
  );
  onlySnapshotIn(t, directory);
  const next = await learn(t, { directory });
  t.is(next.stats.snapshot.state, 'used');
  t.true(next.stats.hits.snapshot >= 2);
  t.is((await learn(t, { directory })).stats.misses, 0);
});

test('what killed writers left is taken away, and nothing of those that may still write', async (t) => {
  const directory = newDirectory(t);
  await ask(t, [['./inner', `${root}/lib`]], { directory });
  const file = onlySnapshotIn(t, directory);
  const leftover = (age) => {
    const name = `${file}.1.${age}.tmp`;
    fs.writeFileSync(name, 'half');
    fs.utimesSync(name, Date.now() / 1000 - age, Date.now() / 1000 - age);
    return name;
  };
  const [old, young] = [leftover(660), leftover(60)];
  fs.writeFileSync(`${directory}/README.tmp.txt`, 'not ours');
  await learn(t, { directory });
  t.deepEqual([old, young, `${directory}/README.tmp.txt`].map(fs.existsSync), [false, true, true]);
});

test('of many snapshots in a directory, the oldest are taken away', async (t) => {
  const directory = newDirectory(t);
  fs.mkdirSync(directory, { mode: 0o700 });
  const names = Array.from({ length: 40 }, (_, index) => `${String(index).padStart(32, '0')}.snapshot`);
  for (const [index, name] of names.entries()) {
    fs.writeFileSync(`${directory}/${name}`, '');
    fs.utimesSync(`${directory}/${name}`, 1000 + index, 1000 + index);
  }
  await learn(t, { directory });
  const left = namesIn(directory).filter((name) => names.includes(name));
  t.is(namesIn(directory).length, 32);
  t.deepEqual(left, names.slice(-31));
});

test('what is forgotten is not taken from the snapshot either', async (t) => {
  const directory = newDirectory(t);
  await learn(t, { directory });
  const program = `
    const { clearCache, invalidate, resolve, stats } = require(process.env.LIBRARY);
    const misses = [];
    for (const forget of [() => {}, () => invalidate(process.env.ROOT + '/node_modules/mapped'), clearCache]) {
      forget();
      const before = stats().misses;
      for (const [request, from] of JSON.parse(process.env.REQUESTS)) resolve(request, from);
      misses.push(stats().misses - before);
    }
    console.log(misses.join());
  `;
  const requests = requestsIn(root);
  const env = { FAST_RESOLVE_CACHE: directory, REQUESTS: JSON.stringify(requests), ROOT: root };
  const { stdout, stderr } = await run(['-e', program], { env });
  t.deepEqual([stdout, stderr], [`0,2,${requests.length}\n`, '']);
  t.is((await learn(t, { directory })).stats.misses, 0);
});
