// Switches of Node, and other ways to start it: a program runs as it would without the preload of the seam.

import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { missing } from '../spawn/seam_here.mjs';
import { PRELOADS, runUnaware, testUnaware } from '../spawn/unaware.mjs';

const major = Number.parseInt(process.versions.node, 10);
const has = (name) => process.allowedNodeEnvironmentFlags.has(name);
const seamTest = missing === undefined ? test.serial : (title) => test.skip(`${title} (${missing})`, () => {});

const APP = `
  const child = require('node:child_process').spawn('sh', ['-c', 'cat; exit 3']);
  note(child);
  child.stdout.on('data', (data) => process.stdout.write(data));
  child.on('close', (...values) => console.log(...values));
  child.stdin.end('heard\\n');`;
const HEARD = 'heard\n3 null\n';

const OURS = [
  '--frozen-intrinsics',
  '--disable-proto=throw',
  '--disable-proto=delete',
  '--frozen-intrinsics --disable-proto=throw',
  '--no-global-search-paths',
  '--experimental-vm-modules',
  '--disallow-code-generation-from-strings',
  '--pending-deprecation --throw-deprecation',
  '--no-deprecation',
  '--trace-warnings',
  '--use-strict',
  '--jitless',
  '--no-node-snapshot',
  '--enable-source-maps',
  '--expose-internals',
  ...(has('--experimental-async-context-frame') ? ['--experimental-async-context-frame'] : []),
  ...(has('--no-async-context-frame') ? ['--no-async-context-frame'] : []),
];

for (const switches of OURS) {
  testUnaware(test, `node ${switches}`, APP, { stdout: HEARD }, { nodeArguments: switches.split(' ') });
}

testUnaware(test, 'node --no-addons', APP, { stdout: HEARD, children: ['node'] }, { nodeArguments: ['--no-addons'] });

/** Nothing but the program's directory may be read, and what Node lets be read besides. */
const [PERMISSION, readsPreload] = has('--permission')
  ? [['--permission'], []]
  : [['--experimental-permission'], [`--allow-fs-read=${PRELOADS['the preload'][0]}`]];

for (const [what, allowed, stdout] of [
  ['', [], 'ERR_ACCESS_DENIED\n'],
  [' --allow-child-process', ['--allow-child-process'], '0\n'],
  [
    ' --allow-child-process --allow-addons',
    ['--allow-child-process', ...(has('--allow-addons') ? ['--allow-addons'] : [])],
    '0\n',
  ],
]) {
  seamTest(`node --permission${what}`, async (t) => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
    t.teardown(() => rm(directory, { recursive: true }));
    const app = path.join(directory, 'app.js');
    await writeFile(
      app,
      `try {
        require('node:child_process').spawn('true').on('exit', (code) => console.log(code));
      } catch (error) {
        console.log(error.code);
      }`,
    );
    const options = {
      nodeArguments: [...PERMISSION, `--allow-fs-read=${directory}/*`, ...readsPreload, ...allowed],
      args: [app],
    };
    const stock = await runUnaware('', options);
    t.is(stock.stdout, stdout, stock.stderr);
    t.deepEqual(await runUnaware('', { ...options, preloads: PRELOADS['the preload'] }), stock);
  });
}

seamTest('node --build-snapshot, and --snapshot-blob of what was built', async (t) => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const entry = path.join(directory, 'entry.js');
  const blob = path.join(directory, 'blob');
  await writeFile(
    entry,
    `require('node:v8').startupSnapshot.setDeserializeMainFunction(() => {
      process.getBuiltinModule('node:child_process').spawn('true').on('exit', (code) => console.log(code));
    });`,
  );
  const build = { nodeArguments: ['--snapshot-blob', blob, '--build-snapshot'], args: [entry] };
  const run = { nodeArguments: ['--snapshot-blob', blob], args: ['app.js'] };
  const { 'the preload': preloads } = PRELOADS;
  const stock = await runUnaware('', build);
  t.is(stock.code, 0, stock.stderr);
  const expected = await runUnaware('', run);
  t.is(expected.stdout, '0\n', expected.stderr);
  t.deepEqual(await runUnaware('', { ...run, preloads }), expected, 'run with the preload');

  t.deepEqual(await runUnaware('', { ...build, nodeArguments: ['-r', preloads[0], ...build.nodeArguments] }), stock);
  t.deepEqual(await runUnaware('', run), expected, 'built with the preload');
});

if (major >= 26) {
  seamTest('a single executable application', async (t) => {
    const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
    t.teardown(() => rm(directory, { recursive: true }));
    const output = path.join(directory, 'application');
    await writeFile(
      path.join(directory, 'app.js'),
      `require('node:child_process').spawn('true').on('exit', (code) => console.log(code));`,
    );
    const configuration = { main: path.join(directory, 'app.js'), output, disableExperimentalSEAWarning: true };
    await writeFile(path.join(directory, 'sea.json'), JSON.stringify(configuration));
    const built = await runUnaware('', { nodeArguments: ['--build-sea', path.join(directory, 'sea.json')], args: [] });
    t.is(built.code, 0, built.stderr);
    const runApplication = (env) =>
      new Promise((resolve) => {
        execFile(output, { env: { ...process.env, ...env } }, (error, stdout, stderr) =>
          resolve({ error, stdout, stderr }),
        );
      });
    const stock = await runApplication({});
    t.is(stock.stdout, '0\n', stock.stderr);
    t.deepEqual(await runApplication({ NODE_OPTIONS: `-r ${PRELOADS['the preload'][0]}` }), stock);
  });
}

seamTest('a preload that may be read, in a package that may not', async (t) => {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'fast-resolve-spawn-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const alone = path.join(directory, 'spawn-register.js');
  await copyFile(PRELOADS['the preload'][0], alone);
  const stock = await runUnaware(APP);
  const { stdout, code, children } = await runUnaware(APP, { preloads: [alone] });
  t.deepEqual([stdout, code, children], [stock.stdout, stock.code, ['node']]);
});

for (const variable of ['FAST_RESOLVE', 'FAST_RESOLVE_SPAWN']) {
  const turnedOff = { env: { [variable]: '0' }, preloads: PRELOADS['the preload'] };
  testUnaware(test, `${variable}=0`, APP, { stdout: HEARD, children: ['node'] }, turnedOff);
}
