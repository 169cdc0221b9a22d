// What one process has learnt, the next one knows.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { ask, hook, namesIn, newDirectory, onlySnapshotIn, repository, run, settledTrees } from './processes.mjs';
import { answersIn, PROJECT, requestsIn } from './trees.mjs';

let root;
let gone;

test.before(async () => {
  ({ root, gone } = await settledTrees({ root: PROJECT, gone: PROJECT }));
});

test.after.always(() => {
  removeTree(root);
  removeTree(gone);
});

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
  t.deepEqual(first.stats.snapshot, { state: 'none', reason: null, path: file, entries: 0, bytes: 0, proofs: 0 });

  const second = await learn(t, { directory });
  t.is(second.stats.misses, 0);
  t.is(second.stats.hits.snapshot, requests.length);
  t.deepEqual(second.stats.snapshot, {
    state: 'used',
    reason: null,
    path: file,
    entries: requests.length,
    bytes: second.stats.snapshot.bytes,
    proofs: second.stats.snapshot.proofs,
  });
  t.true(second.stats.snapshot.bytes >= fs.statSync(file).size);
  t.true(second.stats.snapshot.proofs > 0);
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

test('of many snapshots in a directory, the oldest are taken away, and those that nobody has used for 30 days', async (t) => {
  const directory = newDirectory(t);
  fs.mkdirSync(directory, { mode: 0o700 });
  const now = Date.now() / 1000;
  const day = 86_400;
  const write = (name, age) => {
    const file = `${name}.fast-resolve.snapshot`;
    fs.writeFileSync(`${directory}/${file}`, '');
    fs.utimesSync(`${directory}/${file}`, now - age, now - age);
    return file;
  };
  const names = Array.from({ length: 70 }, (_, index) =>
    write(`${String(index).padStart(2, '0')}.js`, 29 * day - index * 60),
  );
  write('old.js', 31 * day);
  write(`old.js-${'0'.repeat(16)}`, 31 * day);
  await learn(t, { directory });
  const left = namesIn(directory);
  t.is(left.length, 64);
  t.deepEqual(
    left.filter((name) => names.includes(name)),
    names.slice(-63),
  );
});

test('a snapshot that is used does not grow old', async (t) => {
  const directory = newDirectory(t);
  await learn(t, { directory });
  const file = onlySnapshotIn(t, directory);
  const longAgo = Date.now() / 1000 - 29 * 86_400;
  fs.utimesSync(file, longAgo, longAgo);
  await learn(t, { directory });
  t.true(fs.statSync(file).mtimeMs / 1000 > longAgo + 86_400);
});

test('what is forgotten is not taken from the snapshot either', async (t) => {
  const directory = newDirectory(t);
  await learn(t, { directory });
  const program = `
    const { clearCache, invalidate, resolve, stats } = require(process.env.LIBRARY);
    const counts = [];
    for (const forget of [() => {}, () => invalidate(process.env.ROOT + '/node_modules/mapped'), clearCache]) {
      forget();
      const before = stats();
      const answers = JSON.parse(process.env.REQUESTS).map(([request, from]) => resolve(request, from));
      const { misses, systemCalls } = stats();
      counts.push({ answers, misses: misses - before.misses, calls: systemCalls - before.systemCalls });
    }
    console.log(JSON.stringify(counts));
  `;
  const requests = requestsIn(root);
  // The program is another one than that which has learnt.
  const env = { FAST_RESOLVE_CACHE: directory, REQUESTS: JSON.stringify(requests), ROOT: root };
  await run(['-e', program], { env });
  const { stdout, stderr } = await run(['-e', program], { env });
  t.is(stderr, '');
  const [known, invalidated, cleared] = JSON.parse(stdout);
  for (const { answers } of [known, invalidated, cleared]) t.deepEqual(answers, answersIn(root));
  t.is(known.misses, 0);
  // At least mapped, and its file.
  t.true(invalidated.misses >= 2 && invalidated.misses < requests.length, `${invalidated.misses}`);
  t.is(cleared.misses, requests.length);
  t.true(invalidated.calls > 0 && cleared.calls > invalidated.calls);
});

/** What Node keeps by path it repeats, what exports led to it looks for anew. */
const REPEATING = `
  const fs = require('fs');
  const { createRequire } = require('module');
  const requireThere = createRequire(process.env.LIB + '/any.js');
  const find = (request) => {
    try {
      // What was loaded, Node may repeat; nothing of it is more than data here.
      require.cache[requireThere.resolve(request)] ??= new (require('module'))(requireThere.resolve(request));
      return requireThere.resolve(request).slice(process.env.LIB.length - '/lib'.length);
    } catch ({ code }) { return code; }
  };
  const findAll = () => console.log(['./data', 'plain', 'mapped'].map(find).join());
  findAll();
  if (process.env.REMOVE) {
    fs.renameSync(process.env.LIB + '/../lib/data.json', process.env.LIB + '/away');
    fs.renameSync(process.env.LIB + '/../node_modules', process.env.LIB + '/modules-away');
    setImmediate(findAll);
  }
`;

test('what a snapshot said and what is gone later, Node repeats as it would without', async (t) => {
  const program = `${treeFor(t, { 'program.cjs': REPEATING })}/program.cjs`;
  const env = { LIB: `${gone}/lib`, NODE_OPTIONS: `-r ${hook}`, FAST_RESOLVE_CACHE: newDirectory(t) };
  const found = '/lib/data.json,/node_modules/plain/lib/entry.js,/node_modules/mapped/entry.js';
  const repeated = '/lib/data.json,/node_modules/plain/lib/entry.js,MODULE_NOT_FOUND';
  const learning = await run([program], { env });
  t.deepEqual(learning, { exitCode: 0, stdout: `${found}\n`, stderr: '' });
  const knowing = await run([program], { env: { ...env, REMOVE: '1' } });
  t.deepEqual(knowing, { exitCode: 0, stdout: `${found}\n${repeated}\n`, stderr: '' });
});

/** Learns something new and writes it, again and again; with CHECK it tells what it finds. */
const WRITER = `
  const { addon } = require(process.env.LIBRARY + '/dist/core.js').parts;
  const { resolve, stats } = require(process.env.LIBRARY);
  const { CHECK, LIB, REQUEST, ROUNDS } = process.env;
  let request = REQUEST;
  let written = 0;
  const round = () => {
    request = './' + request;
    resolve(request, LIB);
    written += addon.native.saveSnapshots();
  };
  if (CHECK) {
    resolve(request, LIB);
    console.log(JSON.stringify(stats().snapshot));
  } else {
    for (let count = 0; count < Number(ROUNDS); count++) {
      round();
      if (count === 0) process.send?.('writing');
    }
    console.log(written);
  }
`;

function writersOf(t) {
  const directory = newDirectory(t);
  const file = `${treeFor(t, { 'writer.cjs': WRITER })}/writer.cjs`;
  const env = {
    PATH: process.env.PATH,
    LIBRARY: repository,
    FAST_RESOLVE_CACHE: directory,
    LIB: `${root}/lib`,
    REQUEST: './inner',
  };
  return { directory, file, env };
}

test('a process that is killed while it writes leaves a whole snapshot', async (t) => {
  const { directory, file, env } = writersOf(t);
  for (let round = 0; round < 8; round++) {
    const writer = fork(file, { env: { ...env, ROUNDS: '1e9' }, execArgv: [] });
    await once(writer, 'message');
    // Wherever it is by then.
    await sleep(round * 3);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const { stdout, stderr } = await run([file], { env: { ...env, CHECK: '1' } });
    t.is(stderr, '');
    t.like(JSON.parse(stdout), { state: 'used', reason: null });
    t.is(namesIn(directory).filter((name) => name.endsWith('.snapshot')).length, 1);
  }
});

test('two that write again and again never leave a part', async (t) => {
  const { directory, file, env } = writersOf(t);
  const rounds = 100;
  const write = (request) => run([file], { env: { ...env, ROUNDS: String(rounds), REQUEST: request } });
  const [one, other] = await Promise.all([write('./inner'), write('./linked')]);
  for (const { exitCode, stdout, stderr } of [one, other])
    t.deepEqual([exitCode, stderr, stdout], [0, '', `${rounds}\n`]);
  const { stdout } = await run([file], { env: { ...env, CHECK: '1' } });
  t.is(JSON.parse(stdout).state, 'used');
  onlySnapshotIn(t, directory);
});
