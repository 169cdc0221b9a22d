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
    healed: { 'package.json': '{}', 'lib/a.json': '{}', 'lib/g.js': '', 'lib/h.js': '', 'lib/z.js': '' },
    dangling: {
      'package.json': '{}',
      'app/package.json': { link: '../real/package.json' },
      'app/a.js': '',
      'app/b.js': '',
      'app/c.js': '',
      'app/self.js': '',
      'app/node_modules/dep/index.js': '',
      'real/': null,
    },
    nearer: {
      'package.json': '{}',
      'app/spare/dep/package.json': { json: { main: 'nearer.js' } },
      'app/spare/dep/nearer.js': '',
      'node_modules/dep/package.json': { json: { main: 'farther.js' } },
      'node_modules/dep/farther.js': '',
    },
    moved: { 'package.json': '{}', 'node_modules/moved/index.js': '' },
    threads: { 'package.json': '{}', ...manyPackages },
    linked: {
      'package.json': '{}',
      'one/a.js': '',
      'two/a.js': '',
      'far/one/': null,
      link: { link: 'one' },
      'deep/hop': { link: '../link' },
    },
  });
});

test.after.always(() => {
  for (const root of Object.values(roots)) removeTree(root);
});

/** This process's Node, which has not been asked before the change. */
const nodesAnswer = (request, directory) => createRequire(`${directory}/any.js`).resolve(request);

/**
 * Runs one program again and again, which then has one snapshot: it does the steps in the environment, each in a turn of its own,
 * and prints what it was answered.
 */
const STEPS = `
  const fs = require('fs');
  const { clearCache, resolve, stats } = require(process.env.LIBRARY);
  const { DIRECTORY: directory } = process.env;
  const answers = [];
  const steps = {
    ask: (request) => answers.push(require('path').relative(directory, resolve(request, directory))),
    write: (name) => fs.writeFileSync(directory + '/' + name, ''),
    rename: (from, to) => fs.renameSync(directory + '/' + from, directory + '/' + to),
    grow: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2300),
    extend: () => { require.extensions['.other'] = require.extensions['.js']; },
    clearCache,
  };
  (async () => {
    for (const [step, ...args] of JSON.parse(process.env.STEPS)) {
      steps[step](...args);
      await new Promise((resolve) => setImmediate(resolve));
    }
    console.log(JSON.stringify({ answers, state: stats().snapshot.state, misses: stats().misses }));
  })();
`;

function stepsIn(t, directory) {
  const file = `${treeFor(t, { 'steps.cjs': STEPS })}/steps.cjs`;
  const cache = newDirectory(t);
  return async function doSteps(...steps) {
    const env = { DIRECTORY: directory, STEPS: JSON.stringify(steps), FAST_RESOLVE_CACHE: cache };
    const ran = await run([file], { env });
    t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
    return JSON.parse(ran.stdout);
  };
}

test('a stamp that was taken later does not vouch for what was seen before', async (t) => {
  const lib = `${roots.healed}/lib`;
  const doSteps = stepsIn(t, lib);
  const first = await doSteps(['ask', './z'], ['ask', './a'], ['ask', './g']);
  t.deepEqual(first.answers, ['z.js', 'a.json', 'g.js']);
  // The directory is looked at while it is young, and again when it has another file and is old.
  const healing = await doSteps(
    ['write', 'other'],
    ['ask', './a'],
    ['write', 'a.js'],
    ['grow'],
    ['ask', './g'],
    ['ask', './h'],
  );
  t.deepEqual(healing.answers, ['a.json', 'g.js', 'h.js']);
  const last = await doSteps(['ask', './a'], ['ask', './h']);
  t.deepEqual(last.answers, ['a.js', 'h.js']);
  t.is(`${lib}/${last.answers[0]}`, nodesAnswer('./a', lib));
  t.deepEqual([last.state, last.misses], ['used', 1], 'what was seen later is kept');
});

test('an answer that was not the first one of its process is as good as any in the next one, and no better', async (t) => {
  const app = `${roots.nearer}/app`;
  const doSteps = stepsIn(t, app);
  const install = ['rename', 'spare', 'node_modules'];
  const remove = ['rename', 'node_modules', 'spare'];
  const ask = ['ask', 'dep'];
  const [farther, nearer] = ['../node_modules/dep/farther.js', 'node_modules/dep/nearer.js'];
  const answersOf = async (...steps) => (await doSteps(...steps)).answers;
  t.deepEqual(await answersOf(['extend'], ask, install, ['clearCache'], ask, remove), [farther, nearer]);
  t.deepEqual(await answersOf(ask, install, ['extend'], ask, remove, ask), [farther, nearer, farther]);
  t.deepEqual(await answersOf(ask, install, ask, remove), [farther, nearer]);
});

test('a link that leads elsewhere without a change of the directory in which one asks', async (t) => {
  const root = roots.linked;
  const doSteps = stepsIn(t, `${root}/deep`);
  const ask = () => doSteps(['ask', './hop/a']);
  t.deepEqual((await ask()).answers, ['../one/a.js']);
  t.deepEqual(await ask(), { answers: ['../one/a.js'], state: 'used', misses: 0 });
  fs.unlinkSync(`${root}/link`);
  fs.symlinkSync('two', `${root}/link`);
  t.deepEqual(await ask(), { answers: ['../two/a.js'], state: 'used', misses: 1 });
  t.is(nodesAnswer('./hop/a', `${root}/deep`), `${root}/two/a.js`);
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
  const root = roots.linked;
  const ours = 'program.fast-resolve.snapshot';
  const surplus = Array.from({ length: 66 }, (_, index) => `machine-${index}.snapshot`);
  const foreign = [
    ...surplus,
    'thesis.tmp',
    `${ours}.tmp`,
    `${ours}.1.x.tmp`,
    `${ours}.1.2.tmp.gz`,
    `${ours}.gz`,
  ].sort();
  const abandoned = `${ours}.1.2.tmp`;
  const directory = `${treeFor(t, { 'cache/': null })}/cache`;
  const longAgo = new Date(Date.now() - 3_600_000);
  for (const name of [...foreign, abandoned]) {
    fs.writeFileSync(`${directory}/${name}`, 'precious');
    fs.utimesSync(`${directory}/${name}`, longAgo, longAgo);
  }

  const { stats } = await ask(t, [['./a', `${root}/one`]], { directory });
  const written = stats.snapshot.path.slice(directory.length + 1);
  t.deepEqual(namesIn(directory), [...foreign, written].sort(), 'all but what a writer of ours left');
});

/** Its threads wait for each other, and then ask for the same things in the same order. */
const THREADS_PROGRAM = `
  const { Worker, isMainThread, workerData, parentPort } = require('worker_threads');
  const { resolve, stats } = require(process.env.LIBRARY);
  const { directory, names, threads, isLearning } = JSON.parse(process.env.QUESTION);
  if (isLearning) {
    console.log(JSON.stringify(names.map((name) => resolve(name, directory))));
  } else if (isMainThread) {
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
  const program = `${treeFor(t, { 'program.cjs': THREADS_PROGRAM })}/program.cjs`;
  const runProgram = (isLearning) => {
    const question = JSON.stringify({ directory: root, names, threads: THREADS, isLearning });
    return run([program], { env: { QUESTION: question, FAST_RESOLVE_CACHE: directory } });
  };
  const first = JSON.parse((await runProgram(true)).stdout);
  t.true(first.every((answer) => answer.endsWith('/before.js')));
  const snapshot = onlySnapshotIn(t, directory);
  const bytes = fs.readFileSync(snapshot);

  for (const name of names) fs.writeFileSync(`${root}/node_modules/${name}/package.json`, '{"main":"after.js"}');
  for (let round = 0; round < ROUNDS; round++) {
    fs.writeFileSync(snapshot, bytes);
    const ran = await runProgram(false);
    t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
    t.deepEqual(JSON.parse(ran.stdout), { stale: Array(THREADS).fill([]), state: 'used' });
  }
});

/**
 * The early worker is asked before the change and after it, the late one begins after the change; the main thread has been asked,
 * too.
 */
const LATE_THREAD_PROGRAM = `
  const fs = require('fs');
  const { once } = require('events');
  const { Worker, isMainThread, parentPort } = require('worker_threads');
  const { resolve, stats } = require(process.env.LIBRARY);
  const { root, isLearning } = JSON.parse(process.env.QUESTION);
  const answer = () => resolve('moved', root);
  if (isMainThread) main(); else {
    parentPort.on('message', () => parentPort.postMessage(answer()));
    parentPort.postMessage('began');
  }
  async function begin() {
    const worker = new Worker(__filename);
    await once(worker, 'message');
    return worker;
  }
  async function ask(worker) {
    worker.postMessage('ask');
    return (await once(worker, 'message'))[0];
  }
  async function main() {
    const before = [answer()];
    if (isLearning) process.exit();
    const early = await begin();
    before.push(await ask(early));
    fs.renameSync(root + '/node_modules/moved', root + '/elsewhere');
    fs.symlinkSync(root + '/elsewhere', root + '/node_modules/moved');
    const late = await begin();
    const after = [answer(), await ask(early), await ask(late)];
    console.log(JSON.stringify({ before, after, state: stats().snapshot.state }));
    process.exit();
  }
`;

test('what a snapshot says is proved by each thread, in each of its turns', async (t) => {
  const root = roots.moved;
  const directory = newDirectory(t);
  const program = `${treeFor(t, { 'program.cjs': LATE_THREAD_PROGRAM })}/program.cjs`;
  const runProgram = (isLearning) =>
    run([program], { env: { QUESTION: JSON.stringify({ root, isLearning }), FAST_RESOLVE_CACHE: directory } });
  await runProgram(true);
  const ran = await runProgram(false);
  t.deepEqual([ran.exitCode, ran.stderr], [0, '']);
  t.deepEqual(JSON.parse(ran.stdout), {
    before: Array(2).fill(`${root}/node_modules/moved/index.js`),
    after: Array(3).fill(`${root}/elsewhere/index.js`),
    state: 'used',
  });
});
