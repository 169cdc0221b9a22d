// What one thread has found out, the others know.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';
import { startThread } from './workers.mjs';

const { clearCache, invalidate, resolve, stats } = createRequire(import.meta.url)('../../index.js');

const askHere = (requests) => requests.map(([request, directory]) => resolve(request, directory));

/** Paths are answers that Node, too, repeats without a look at the disk. */
const pathsIn = (root) => requestsIn(root).slice(0, 3);

test.serial('a thread that was there already gets answers without a system call', async (t) => {
  const root = treeFor(t, PROJECT);
  const askThread = await startThread(t);
  const answers = askHere(pathsIn(root));
  const expected = { answers, systemCalls: 0, misses: 0 };
  t.like(await askThread(pathsIn(root)), { ...expected, threadHits: 0 });
  t.like(await askThread(pathsIn(root)), { ...expected, threadHits: answers.length });
});

test.serial('it learns nothing anew, in whatever way the answers were found', async (t) => {
  const root = treeFor(t, PROJECT);
  const askThread = await startThread(t);
  t.deepEqual(askHere(requestsIn(root)), answersIn(root));
  t.like(await askThread(requestsIn(root)), { answers: answersIn(root), misses: 0 });
});

test.serial('a thread that begins later has seen nothing, and looks once more', async (t) => {
  const root = treeFor(t, PROJECT);
  t.deepEqual(askHere(requestsIn(root)), answersIn(root));
  fs.writeFileSync(`${root}/lib/data.js`, '');
  t.is(resolve('./data', `${root}/lib`), `${root}/lib/data.json`);
  const askThread = await startThread(t);
  const { answers } = await askThread([['./data', `${root}/lib`]]);
  t.deepEqual(answers, [`${root}/lib/data.js`]);
  const { systemCalls } = await askThread([['./inner', `${root}/lib`]]);
  t.true(systemCalls > 0);
});

for (const [title, forget] of [
  ['invalidate()', (root) => invalidate(`${root}/lib/data.js`)],
  ['invalidate() of a directory', (root) => invalidate(`${root}/lib`)],
  ['clearCache()', () => clearCache()],
]) {
  test.serial(`what ${title} forgets is forgotten in all threads`, async (t) => {
    const root = treeFor(t, PROJECT);
    const request = [['./data', `${root}/lib`]];
    const threads = [await startThread(t), await startThread(t)];
    for (const askThread of threads) {
      t.deepEqual((await askThread(request)).answers, [`${root}/lib/data.json`]);
      t.is((await askThread(request)).threadHits, 1);
    }
    fs.writeFileSync(`${root}/lib/data.js`, '');
    for (const askThread of threads) t.deepEqual((await askThread(request)).answers, [`${root}/lib/data.json`]);
    forget(root);
    for (const askThread of threads) t.deepEqual((await askThread(request)).answers, [`${root}/lib/data.js`]);
  });
}

test.serial('the numbers are those of the process; hits of the nearest layer are those of the thread', async (t) => {
  const root = treeFor(t, PROJECT);
  const askThread = await startThread(t);
  const before = stats();
  await askThread(requestsIn(root));
  await askThread(requestsIn(root));
  const after = stats();
  t.is(after.misses - before.misses, requestsIn(root).length);
  t.true(after.systemCalls > before.systemCalls);
  t.is(after.hits.thread, before.hits.thread);
});
