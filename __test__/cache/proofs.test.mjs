// What counts as a proof: a stamp vouches for what was seen under it, and for nothing else.

import fs from 'node:fs';
import { createRequire } from 'node:module';
import test from 'ava';
import { removeTree, treeFor } from '../helpers/tree.mjs';
import { ask, namesIn, newDirectory, onlySnapshotIn, run, settledTrees } from './processes.mjs';

// Whether threads meet at one fact is a matter of luck: so many packages and rounds give them chances enough.
const PACKAGES = 1000;
const THREADS = 4;
const ROUNDS = 4;
const names = Array.from({ length: PACKAGES }, (_, index) => `package-${index}`);

const manyPackages = Object.fromEntries(
  names.flatMap((name) => [
    [`node_modules/${name}/package.json`, { json: { main: 'before.js' } }],
    [`node_modules/${name}/before.js`, ''],
    [`node_modules/${name}/after.js`, ''],
  ]),
);

let roots = {};

test.before(async () => {
  roots = await settledTrees({
    healed: { 'lib/a.json': '{}', 'lib/g.js': '', 'lib/h.js': '', 'lib/z.js': '' },
    dangling: {
      'app/package.json': { link: '../real/package.json' },
      'app/a.js': '',
      'app/b.js': '',
      'app/c.js': '',
      'app/self.js': '',
      'app/node_modules/dep/index.js': '',
      'real/': null,
    },
    nearer: {
      'app/spare/dep/package.json': { json: { main: 'nearer.js' } },
      'app/spare/dep/nearer.js': '',
      'node_modules/dep/package.json': { json: { main: 'farther.js' } },
      'node_modules/dep/farther.js': '',
    },
    moved: { 'node_modules/moved/index.js': '', 'node_modules/moved/other.js': '' },
    'moved/other': { 'node_modules/moved/index.js': '', 'node_modules/moved/other.js': '' },
    threads: manyPackages,
  });
});

test.after.always(() => {
  for (const root of Object.values(roots)) removeTree(root);
});

/** This process's Node, which has not been asked before the change. */
const nodesAnswer = (request, directory) => createRequire(`${directory}/any.js`).resolve(request);

/** Looks at a file by itself while its directory is young, and at the directory again when that has another file and is old. */
const HEALING = `
  const fs = require('fs');
  const { resolve, stats } = require(process.env.LIBRARY);
  const { LIB: lib } = process.env;
  fs.writeFileSync(lib + '/other', '');
  const answers = [resolve('./a', lib)];
  fs.writeFileSync(lib + '/a.js', '');
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2300);
  answers.push(resolve('./g', lib), resolve('./h', lib));
  console.log(JSON.stringify({ answers, hits: stats().hits.snapshot }));
`;

test('a stamp that was taken later does not vouch for what was seen before', async (t) => {
  const lib = `${roots.healed}/lib`;
  const directory = newDirectory(t);
  const requests = ['./z', './a', './g'].map((request) => [request, lib]);
  const first = await ask(t, requests, { directory });
  t.deepEqual(first.answers, [`${lib}/z.js`, `${lib}/a.json`, `${lib}/g.js`]);

  const healing = await run(['-e', HEALING], { env: { LIB: lib, FAST_RESOLVE_CACHE: directory } });
  t.deepEqual([healing.exitCode, healing.stderr], [0, '']);
  const answers = [`${lib}/a.json`, `${lib}/g.js`, `${lib}/h.js`];
  t.deepEqual(JSON.parse(healing.stdout), { answers, hits: 2 }, 'what it began with was believed');

  const last = await ask(t, [['./a', lib]], { directory });
  t.deepEqual(last.answers, [`${lib}/a.js`]);
  t.deepEqual(last.answers, [nodesAnswer('./a', lib)]);
});

/** Asks for a package with and without a nearer one of the same name, and with one set of extensions or another. */
const NEARER = `
  const fs = require('fs');
  const Module = require('module');
  const { clearCache, resolve, stats } = require(process.env.LIBRARY);
  const { APP: app } = process.env;
  const answers = [];
  const steps = {
    ask: () => answers.push(resolve('dep', app).split('/').at(-1)),
    extend: () => { Module._extensions['.other'] = Module._extensions['.js']; },
    install: () => fs.renameSync(app + '/spare', app + '/node_modules'),
    remove: () => fs.renameSync(app + '/node_modules', app + '/spare'),
    clearCache,
  };
  for (const step of process.env.STEPS.split(' ')) steps[step]();
  console.log(JSON.stringify({ answers, hits: stats().hits.snapshot }));
`;

test('an answer that was not the first one of its process is as good as any in the next one, and no better', async (t) => {
  const app = `${roots.nearer}/app`;
  const directory = newDirectory(t);
  const askNearer = async (steps) => {
    const ran = await run(['-e', NEARER], { env: { APP: app, STEPS: steps, FAST_RESOLVE_CACHE: directory } });
    t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
    return JSON.parse(ran.stdout);
  };
  const answers = ['farther.js', 'nearer.js'];
  t.deepEqual(await askNearer('extend ask install clearCache ask remove'), { answers, hits: 0 });
  // Node would repeat the first answer here; a fresh one would give it, too.
  const first = await askNearer('ask install extend ask remove ask');
  t.deepEqual(first, { answers: [...answers, 'farther.js'], hits: 1 });
});

test('a package.json that is a dangling link may appear without a change of its directory', async (t) => {
  const app = `${roots.dangling}/app`;
  const directory = newDirectory(t);
  const requests = ['./a', './b', './c', 'dep'].map((request) => [request, app]);
  const first = await ask(t, requests, { directory });
  t.deepEqual(first.answers, [`${app}/a.js`, `${app}/b.js`, `${app}/c.js`, `${app}/node_modules/dep/index.js`]);

  const stamp = fs.statSync(app, { bigint: true }).ctimeNs;
  fs.writeFileSync(`${roots.dangling}/real/package.json`, JSON.stringify({ name: 'dep', exports: './self.js' }));
  t.is(fs.statSync(app, { bigint: true }).ctimeNs, stamp);

  const second = await ask(t, [['dep', app]], { directory });
  t.deepEqual(second.answers, [`${app}/self.js`]);
  t.deepEqual(second.answers, [nodesAnswer('dep', app)]);
  t.is(second.stats.snapshot.state, 'used');
});

test('what others keep in the directory is not taken away, however old and many', async (t) => {
  const root = treeFor(t, { 'a.js': '' });
  const hash = 'f'.repeat(32);
  const surplus = Array.from({ length: 34 }, (_, index) => `machine-${index}.snapshot`);
  const foreign = [
    ...surplus,
    'thesis.tmp',
    `${hash}.snapshot.tmp`,
    `${hash}.snapshot.1.x.tmp`,
    `${hash}.snapshot.1.2.tmp.gz`,
    `${hash}.snapshot.gz`,
  ].sort();
  const abandoned = `${hash}.snapshot.1.2.tmp`;
  const directory = `${treeFor(t, { 'cache/': null })}/cache`;
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const name of [...foreign, abandoned]) {
    fs.writeFileSync(`${directory}/${name}`, 'precious');
    fs.utimesSync(`${directory}/${name}`, longAgo, longAgo);
  }

  const { stats } = await ask(t, [['./a', root]], { directory });
  const written = stats.snapshot.path.slice(directory.length + 1);
  t.deepEqual(namesIn(directory), [...foreign, written].sort(), 'all but what a writer of ours left');
});

/** Its threads wait for each other, and then ask for the same things in the same order. */
const THREADS_PROGRAM = `
  const { Worker, isMainThread, workerData, parentPort } = require('worker_threads');
  const { resolve, stats } = require(process.env.LIBRARY);
  const { directory, names, threads } = JSON.parse(process.env.QUESTION);
  if (isMainThread) {
    const arrived = new SharedArrayBuffer(4);
    const all = Array.from({ length: threads }, () => new Promise((done, fail) => {
      new Worker(__filename, { workerData: arrived }).once('message', done).once('error', fail);
    }));
    Promise.all(all).then((stale) => console.log(JSON.stringify({ stale, state: stats().snapshot.state })));
  } else {
    const arrived = new Int32Array(workerData);
    Atomics.add(arrived, 0, 1);
    while (Atomics.load(arrived, 0) < threads);
    parentPort.postMessage(names.map((name) => resolve(name, directory)).filter((file) => !file.endsWith('/after.js')));
  }
`;

test('threads that start together on a stale snapshot give only answers that were checked', async (t) => {
  const root = roots.threads;
  const directory = newDirectory(t);
  const requests = names.map((name) => [name, root]);
  const first = await ask(t, requests, { directory });
  t.true(first.answers.every((answer) => answer.endsWith('/before.js')));
  const snapshot = onlySnapshotIn(t, directory);
  const bytes = fs.readFileSync(snapshot);

  for (const name of names) fs.writeFileSync(`${root}/node_modules/${name}/package.json`, '{"main":"after.js"}');
  const program = `${treeFor(t, { 'program.cjs': THREADS_PROGRAM })}/program.cjs`;
  const question = JSON.stringify({ directory: root, names, threads: THREADS });
  for (let round = 0; round < ROUNDS; round++) {
    fs.writeFileSync(snapshot, bytes);
    const ran = await run([program], { env: { QUESTION: question, FAST_RESOLVE_CACHE: directory } });
    t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
    t.deepEqual(JSON.parse(ran.stdout), { stale: Array(THREADS).fill([]), state: 'used' });
  }
});

/**
 * The early worker is asked after the change, and relies on what was seen before it; the late one begins after the change.
 * `seen` is what is asked before, by the main thread.
 */
const LATE_THREAD_PROGRAM = `
  const fs = require('fs');
  const { once } = require('events');
  const { Worker, isMainThread, parentPort } = require('worker_threads');
  const { resolve, stats } = require(process.env.LIBRARY);
  const { root, seen } = JSON.parse(process.env.QUESTION);
  const answer = (request) => resolve(request, root);
  if (isMainThread) main(); else {
    parentPort.on('message', (request) => parentPort.postMessage(answer(request)));
    parentPort.postMessage('began');
  }
  async function begin() {
    const worker = new Worker(__filename);
    await once(worker, 'message');
    return worker;
  }
  async function ask(worker) {
    worker.postMessage('moved');
    return (await once(worker, 'message'))[0];
  }
  async function main() {
    const early = await begin();
    answer(seen);
    fs.renameSync(root + '/node_modules/moved', root + '/elsewhere');
    fs.symlinkSync(root + '/elsewhere', root + '/node_modules/moved');
    const late = await begin();
    console.log(JSON.stringify({ early: await ask(early), late: await ask(late), hits: stats().hits.snapshot }));
    process.exit();
  }
`;

for (const [what, seen] of [
  ['what one thread repeats from a snapshot', 'moved'],
  ['what one thread is given from a snapshot since it knows the directory', 'moved/other'],
]) {
  test(`${what} is looked at by a thread that began later`, async (t) => {
    const root = roots[seen];
    const directory = newDirectory(t);
    await ask(
      t,
      [
        ['moved', root],
        ['moved/other', root],
      ],
      { directory },
    );
    const program = `${treeFor(t, { 'program.cjs': LATE_THREAD_PROGRAM })}/program.cjs`;
    const env = { QUESTION: JSON.stringify({ root, seen }), FAST_RESOLVE_CACHE: directory };
    const ran = await run([program], { env });
    t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
    t.deepEqual(JSON.parse(ran.stdout), {
      early: `${root}/node_modules/moved/index.js`,
      late: `${root}/elsewhere/index.js`,
      hits: 2,
    });
  });
}
