// What the preload of the seam does in a process that starts no child, and what its set-up at the first child leaves behind.

import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { copyPackage } from '../helpers/package-copy.mjs';
import { findAddon } from '../helpers/packed-package.mjs';
import { missing } from '../spawn/seam_here.mjs';
import { PRELOADS, runUnaware, takeWarnings, testUnaware } from '../spawn/unaware.mjs';

const seamTest = missing === undefined ? test.serial : (title) => test.skip(`${title} (${missing})`, () => {});

/** What a process has loaded: files, Node's own modules, the addon. */
const LOADED = `
  const path = require('node:path');
  console.log(JSON.stringify({
    files: Object.keys(require.cache).map((file) => path.basename(file)).sort(),
    // The class of the handles, and what compiles.
    modules: process.moduleLoadList.filter((name) => !['Internal Binding process_wrap', 'NativeModule vm'].includes(name)),
    hasAddon: require('node:fs').readFileSync('/proc/self/maps', 'latin1').includes('.node\\n'),
  }));`;

seamTest('a process that starts no child has loaded one file and next to nothing of Node', async (t) => {
  const stock = JSON.parse((await runUnaware(LOADED)).stdout);
  const preloaded = JSON.parse((await runUnaware(LOADED, { preloads: PRELOADS['the preload'] })).stdout);
  t.deepEqual(preloaded, { ...stock, files: ['spawn-register.js'] });
});

seamTest('with the other preload before it, the hook is not asked for', async (t) => {
  const { files, hasAddon } = JSON.parse((await runUnaware(LOADED, { preloads: PRELOADS['both preloads'] })).stdout);
  t.true(files.includes('register.js') && files.includes('spawn-register.js'));
  t.false(files.includes('fast-resolve.js'));
  t.false(hasAddon);
});

/** What anybody can see of what keeps the process alive. */
const SEEN = `
  const childProcess = require('node:child_process');
  // Streams of the process are made when they are first used.
  console.log('before');
  const see = () => process._getActiveHandles().map(({ constructor }) => constructor.name).sort() + ' ' + process.getActiveResourcesInfo().sort();
  const list = [see()];`;

testUnaware(
  test,
  'in the turn of the first child, nothing is seen but that',
  `${SEEN}
  const child = childProcess.spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  note(child);
  list.push(see());
  child.stdin.end();
  child.on('exit', () => setTimeout(() => {
    list.push(see());
    console.log(list.map((seen) => seen.match(/ChildProcess|ProcessWrap/g)));
  }, 1));`,
  { stdout: "before\n[ null, [ 'ChildProcess', 'ProcessWrap' ], null ]\n" },
);

testUnaware(
  test,
  'a living child is seen in later turns, referenced or not',
  `${SEEN}
  const child = childProcess.spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  note(child);
  const look = () => {
    const ofReport = process.report.getReport().libuv.filter(({ type }) => type === 'process');
    console.log(see().match(/ChildProcess|ProcessWrap/g), ofReport.map(({ is_referenced }) => is_referenced), child._handle.hasRef());
  };
  const lookAtAll = () => {
    look();
    child.unref();
    look();
    child.ref();
    look();
    child.stdin.end();
  };
  // What is closed in a turn is gone in the next one.
  setImmediate(() => setTimeout(lookAtAll, 1));
  child.on('exit', () => console.log(child._handle));`,
  {
    stdout: `before
[ 'ChildProcess', 'ProcessWrap' ] [ true ] true
null [ false ] false
[ 'ChildProcess', 'ProcessWrap' ] [ true ] true
null
`,
  },
);

testUnaware(
  test,
  'threads end, and are terminated, while their children live',
  `const { Worker } = require('node:worker_threads');
  const inThread = () => {
    const { parentPort, workerData } = require('node:worker_threads');
    const children = Array.from({ length: 8 }, () => require('node:child_process').spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] }));
    // Neighbours on the list of the loop, before and after those of the children, come and go.
    for (let count = 0; count < 50; count++) setTimeout(() => {}, count % 3);
    children[3].stdin.end();
    children[3].on('exit', () => {
      if (workerData === 'ends') process.exit();
      parentPort.postMessage('ready');
    });
  };
  (async () => {
    for (let round = 0; round < 6; round++) {
      const workerData = round % 2 ? 'ends' : 'is terminated';
      const worker = new Worker('(' + inThread + ')()', { eval: true, workerData });
      worker.on('message', () => worker.terminate());
      const code = await new Promise((resolve) => worker.on('exit', resolve));
      console.log(workerData, code);
    }
  })();`,
  { stdout: 'is terminated 1\nends 0\n'.repeat(3) },
);

testUnaware(
  test,
  'async_hooks hear of one resource for a child, which is the one that its end is told in',
  `const childProcess = require('node:child_process');
  const { AsyncLocalStorage, createHook, executionAsyncId, executionAsyncResource } = require('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const events = [];
  const ids = new Set();
  createHook({
    init(id, type) {
      if (type === 'PROCESSWRAP') {
        ids.add(id);
        events.push('init');
      }
    },
    before: (id) => ids.has(id) && events.push('before'),
    after: (id) => ids.has(id) && events.push('after'),
  }).enable();
  const run = (value, then) => storage.run(value, () => {
    const child = childProcess.spawn('true', { stdio: 'ignore' });
    const { _handle: handle } = child;
    const id = handle.getAsyncId();
    child.on('exit', () => {
      events.push(storage.getStore(), executionAsyncId() === id, ids.has(id), executionAsyncResource() === handle);
      setImmediate(then);
    });
  });
  run('first', () => run('second', () => console.log(events.join())));`,
  { stdout: ['first', 'second'].map((value) => `init,before,${value},true,true,true,after`).join() + '\n' },
);

/** Where the package is removed while the program runs. */
async function copied(t) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await copyPackage(path.join(directory, 'fast-resolve'));
  return directory;
}

const ONE = `
  const child = require('node:child_process').spawn('sh', ['-c', 'exit 3'], { stdio: 'ignore' });
  note(child);
  child.on('exit', (...values) => console.log(...values));`;

const NODES = { stdout: '3 null\n', code: 0, signal: null, children: ['node'], stderr: '' };

seamTest('the package is removed before the first child: Node starts it, and it is said once', async (t) => {
  const directory = await copied(t);
  const program = `require('node:fs').rmSync(${JSON.stringify(directory)}, { recursive: true }); ${ONE}${ONE.replaceAll(
    'child',
    'second',
  ).replace('node:second_process', 'node:child_process')}`;
  const { run, warnings } = takeWarnings(
    await runUnaware(program, { preloads: [path.join(directory, 'fast-resolve/dist/spawn-register.js')] }),
  );
  t.deepEqual(run, { ...NODES, stdout: '3 null\n3 null\n', children: ['node', 'node'] });
  t.is(warnings.length, 1);
  t.regex(warnings[0], /FAST_RESOLVE_ADDON_UNAVAILABLE/);
  t.regex(warnings[0], /Node starts child processes as it did before/);
});

seamTest('the package is removed, but for the file: the same', async (t) => {
  const directory = await copied(t);
  const preload = path.join(directory, 'fast-resolve/dist/spawn-register.js');
  const dist = path.dirname(preload);
  for (const name of await readdir(dist)) if (name !== path.basename(preload)) await rm(path.join(dist, name));
  const options = { preloads: [preload] };
  t.deepEqual(await runUnaware(ONE, options), { ...NODES, children: ['ours'] });
});

seamTest('the addon is broken: Node starts children, and it is said once', async (t) => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  await copyPackage(path.join(directory, 'fast-resolve'), 'broken');
  const { run, warnings } = takeWarnings(
    await runUnaware(ONE, { preloads: [path.join(directory, 'fast-resolve/dist/spawn-register.js')] }),
  );
  t.deepEqual(run, NODES);
  t.is(warnings.length, 1);
});

for (const [where, place] of [
  ['in this one', 'a/node_modules/fast-resolve/node_modules'],
  ['beside this one', 'a/node_modules'],
  ['above this one', 'node_modules'],
]) {
  seamTest(`the addon is in a package of its own, ${where}`, async (t) => {
    const addon = findAddon();
    const name = path.basename(addon);
    const folder = name.replace(/\.node$/, '').replace('.', '-');
    const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
    t.teardown(() => rm(directory, { recursive: true, force: true }));
    const target = path.join(directory, 'a/node_modules/fast-resolve');
    await copyPackage(target, 'missing');
    await mkdir(path.join(directory, place, folder), { recursive: true });
    await cp(addon, path.join(directory, place, folder, name));
    t.deepEqual(await runUnaware(ONE, { preloads: [path.join(target, 'dist/spawn-register.js')] }), {
      ...NODES,
      children: ['ours'],
    });
    t.is((await runUnaware(`console.log(require(${JSON.stringify(target)}).install())`)).stdout, 'true\n');
  });
}

/** Starts children with `free` descriptors left, for each number of them in a list, one after the other. */
const withFew = (...numbers) => `
  const fs = require('node:fs');
  const { once } = require('node:events');
  const childProcess = require('node:child_process');
  const start = (stdio) => {
    try {
      return once(childProcess.spawn('true', { stdio }), 'exit').catch((error) => [error.code]);
    } catch (error) {
      return [error.code];
    }
  };
  const fill = () => {
    const taken = [];
    try {
      for (;;) taken.push(fs.openSync('/dev/null'));
    } catch {}
    return taken;
  };
  (async () => {
    console.log('before');
    for (const free of [${numbers}]) {
      for (const stdio of ['ignore', 'pipe']) {
        const taken = fill();
        for (let count = 0; count < free; count++) fs.closeSync(taken.pop());
        const started = start(stdio);
        for (const descriptor of taken) fs.closeSync(descriptor);
        console.log(free, stdio, await started);
      }
    }
  })();`;

const LIMITED = { prefix: ['prlimit', '--nofile=64'] };

seamTest('with few descriptors left, children start wherever Node can start them', async (t) => {
  const programs = [
    withFew(12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 12),
    ...[1, 2, 3, 4].map((free) => withFew(free, 12)),
  ];
  for (const program of programs) {
    const nodes = (await runUnaware(program, LIMITED)).stdout.split('\n');
    t.regex(nodes.join(), /before,.* 0/);
    for (const [name, preloads] of Object.entries(PRELOADS)) {
      const ours = (await runUnaware(program, { ...LIMITED, preloads })).stdout.split('\n');
      t.is(ours.length, nodes.length, name);
      // With one that is held already, ours takes fewer than Node.
      const refused = nodes.filter((line, index) => line !== ours[index] && !line.endsWith("[ 'EMFILE' ]"));
      t.deepEqual(refused, [], name);
    }
  }
});

for (const call of ['spawnSync', 'execFileSync']) {
  testUnaware(
    test,
    `${call} is Node's`,
    `console.log(String(require('node:child_process').${call}('echo', ['x']).stdout ?? 'x').trim())`,
    {
      stdout: 'x\n',
    },
  );
}

testUnaware(
  test,
  'children of threads',
  `const { Worker } = require('node:worker_threads');
  const inThread = () => {
    const child = require('node:child_process').spawn('sh', ['-c', 'exit 3'], { stdio: 'ignore' });
    child.on('exit', (...values) => require('node:worker_threads').parentPort.postMessage(values));
  };
  new Worker('(' + inThread + ')()', { eval: true }).on('message', (values) => console.log(values));`,
  { stdout: '[ 3, null ]\n' },
);
