// Each thread has a memory of its own. Together they have the contents of package.json files, what is to be forgotten, and the
// snapshot.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { newDirectory, onlySnapshotIn, run, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';
import { startThread } from './workers.mjs';

const { clearCache, invalidate, resolve, stats } = createRequire(import.meta.url)('../../index.js');

let settled;

test.before(async () => {
  ({ settled } = await settledTrees({ settled: PROJECT }));
});

test.after.always(() => removeTree(settled));

const askHere = (requests) => requests.map(([request, directory]) => resolve(request, directory));

test.serial('a thread looks for itself, and parses no package.json that another one has parsed', async (t) => {
  const requests = requestsIn(settled);
  const [one, other] = [await startThread(t), await startThread(t)];
  const first = await one(requests);
  const second = await other(requests);
  for (const { answers, misses } of [first, second]) {
    t.deepEqual(answers, answersIn(settled));
    t.is(misses, requests.length);
  }
  t.true(second.systemCalls > 0);
  t.true(second.systemCalls < first.systemCalls, `${second.systemCalls} < ${first.systemCalls}`);
});

test.serial('what one thread has seen, another one does not believe', async (t) => {
  const root = treeFor(t, PROJECT);
  const askThread = await startThread(t);
  t.deepEqual(askHere(requestsIn(root)), answersIn(root));
  fs.writeFileSync(`${root}/lib/data.js`, '');
  const { answers } = await askThread([['./data', `${root}/lib`]]);
  t.deepEqual(answers, [`${root}/lib/data.js`]);
});

test.serial('in each of its turns a thread proves what it has seen', async (t) => {
  const root = treeFor(t, PROJECT);
  const askThread = await startThread(t);
  t.deepEqual((await askThread(requestsIn(root))).answers, answersIn(root));
  fs.writeFileSync(`${root}/lib/data.js`, '');
  fs.writeFileSync(`${root}/node_modules/plain/package.json`, '{"main":"lib/other"}');
  fs.writeFileSync(`${root}/node_modules/plain/lib/other.js`, '');
  const expected = answersIn(root).with(1, `${root}/lib/data.js`).with(3, `${root}/node_modules/plain/lib/other.js`);
  t.deepEqual((await askThread(requestsIn(root))).answers, expected);
});

for (const [title, forget] of [
  ['invalidate()', (root) => invalidate(`${root}/lib/data.js`)],
  ['invalidate() of a directory', (root) => invalidate(`${root}/lib`)],
  ['clearCache()', () => clearCache()],
]) {
  test.serial(`what ${title} forgets is forgotten in all threads`, async (t) => {
    const root = treeFor(t, PROJECT);
    const request = [['./data', `${root}/lib`]];
    const threads = [await startThread(t, 'until-invalidated'), await startThread(t, 'until-invalidated')];
    const expectFrom = async (name) => {
      for (const askThread of threads) t.deepEqual((await askThread(request)).answers, [`${root}/${name}`]);
    };
    await expectFrom('lib/data.json');
    fs.writeFileSync(`${root}/lib/data.js`, '');
    await expectFrom('lib/data.json');
    forget(root);
    await expectFrom('lib/data.js');
  });
}

test.serial('the numbers are those of the process; hits of the nearest layer are those of the thread', async (t) => {
  const askThread = await startThread(t);
  const before = stats();
  const requests = requestsIn(settled);
  await askThread(requests);
  await askThread(requests);
  const { threadHits } = await askThread([...requests, ...requests]);
  const after = stats();
  t.is(after.misses - before.misses, requests.length);
  t.true(after.hits.process - before.hits.process >= requests.length);
  t.true(after.systemCalls > before.systemCalls);
  t.is(threadHits, 2 * requests.length);
  t.is(after.hits.thread, before.hits.thread);
});

/** Two threads learn one half each; the main thread learns nothing, or something of its own. */
const LEARNING = `
  const { once } = require('node:events');
  const { Worker, isMainThread, parentPort, workerData } = require('node:worker_threads');
  const { resolve, stats } = require(process.env.LIBRARY);
  const { requests, ends } = JSON.parse(process.env.QUESTION);
  const answer = ([request, fromDir]) => resolve(request, fromDir);
  const main = async () => {
    for (const part of [0, 1]) {
      const worker = new Worker(__filename, { workerData: part });
      await once(worker, 'message');
      if (ends) {
        worker.postMessage('end');
        await once(worker, 'exit');
      }
    }
    answer(requests[0]);
    process.exit();
  };
  if (process.env.CHECK) {
    const answers = requests.map(answer);
    console.log(JSON.stringify({ answers, misses: stats().misses, state: stats().snapshot.state }));
  } else if (isMainThread) main();
  else {
    requests.filter((_, index) => index > 0 && index % 2 === workerData).map(answer);
    parentPort.postMessage('learnt');
    parentPort.once('message', () => {});
  }
`;

for (const [title, ends] of [
  ['have ended', true],
  ['still run when the process ends', false],
]) {
  test(`what threads have learnt that ${title} is in the snapshot`, async (t) => {
    const directory = newDirectory(t);
    const program = `${treeFor(t, { 'program.cjs': LEARNING })}/program.cjs`;
    const requests = requestsIn(settled);
    const env = { QUESTION: JSON.stringify({ requests, ends }), FAST_RESOLVE_CACHE: directory };
    const learnt = await run([program], { env });
    t.deepEqual([learnt.exitCode, learnt.stderr], [0, '']);
    onlySnapshotIn(t, directory);
    const known = await run([program], { env: { ...env, CHECK: '1' } });
    t.is(known.stderr, '');
    t.deepEqual(JSON.parse(known.stdout), { answers: answersIn(settled), misses: 0, state: 'used' });
  });
}
