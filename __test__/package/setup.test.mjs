// scripts/setup.mjs in a bare clone: what it says, in which order, and what it ends with. npm, npx and cargo are stand-ins that say
// that they were called.

import { execFile, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { SIZES } from '../../scripts/setup.mjs';
import { findAddon } from '../helpers/packed-package.mjs';
import { treeFor } from '../helpers/tree.mjs';

const repository = path.resolve(import.meta.dirname, '../..');
const testOnUnix = process.platform === 'win32' ? test.skip : test;

/** A clone in which nothing is installed and built, with these commands. */
function clone(t, commands) {
  const root = treeFor(t, { 'src/': null, 'lib/': null, 'bin/': null });
  for (const name of [
    'package.json',
    'package-lock.json',
    'Cargo.toml',
    'Cargo.lock',
    'build.rs',
    'scripts',
    'lib/resolve/addon_places.js',
    'bench/demo.mjs',
    'bench/corpus/programs.mjs',
    'bench/corpus/install.mjs',
    'bench/lib/run-exclusively.mjs',
  ]) {
    fs.cpSync(path.join(repository, name), path.join(root, name), { recursive: true });
  }
  fs.writeFileSync(`${root}/scripts/bundle.mjs`, 'console.error("bundled");');
  for (const [name, text] of Object.entries(commands)) {
    fs.writeFileSync(`${root}/bin/${name}`, `#!/bin/sh\necho "${name} $*" >&2\n${text}\n`, { mode: 0o755 });
  }
  return root;
}

/** The exit code and the lines that were said. */
const setUp = (root, ...commandLine) =>
  new Promise((resolve) => {
    const line = commandLine.length === 0 ? ['scripts/setup.mjs'] : commandLine;
    // The commands of a clone, and what these need: no npm, npx or cargo of this machine.
    const env = { PATH: `${root}/bin`, HOME: root };
    execFile(process.execPath, line, { cwd: root, env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : error.code, stdout, said: stderr.trimEnd().split('\n') });
    });
  });

const npm = 'PATH=/usr/bin:/bin; mkdir -p node_modules';
const npx = 'echo addon > fast-resolve.linux-x64-gnu.node';

testOnUnix('it says what it does before what is silent', async (t) => {
  const root = clone(t, { npm, npx, cargo: ':' });
  const { exitCode, said } = await setUp(root);
  t.is(exitCode, 0);
  const order = [
    /^Installing the packages of package\.json, \d+ MB/,
    /^npm install /,
    /^Building the addon, because there is none/,
    /^npx --no napi build/,
    /^bundled$/,
  ];
  const places = order.map((pattern) => said.findIndex((line) => pattern.test(line)));
  t.false(places.includes(-1), said.join('\n'));
  t.deepEqual(
    places,
    places.toSorted((left, right) => left - right),
  );
});

testOnUnix('without cargo it says so, and nothing is fetched', async (t) => {
  const { exitCode, said } = await setUp(clone(t, { npm, npx }));
  t.is(exitCode, 1);
  t.deepEqual(said, ['cargo was not found: install Rust (https://rustup.rs), then run this again.']);
});

testOnUnix('where npm fails twice, it ends with a line that says what is needed', async (t) => {
  const { exitCode, said } = await setUp(clone(t, { npm: 'exit 7', npx, cargo: ':' }));
  t.is(exitCode, 1);
  const attempts = said.filter((line) => line.startsWith('npm install --'));
  t.is(attempts.length, 2);
  // Its own retries take a minute and a half.
  t.true(attempts.every((line) => line.includes('--fetch-retries=0')));
  t.regex(said.at(-1), /^npm install failed with exit code 7\. It needs the network/);
});

testOnUnix('where npm fails once, it goes on', async (t) => {
  const { exitCode } = await setUp(
    clone(t, { npm: `[ -e tried ] || { : > tried; exit 7; }; ${npm}`, npx, cargo: ':' }),
  );
  t.is(exitCode, 0);
});

testOnUnix('where there is no npm, it says so', async (t) => {
  const { exitCode, said } = await setUp(clone(t, { npx, cargo: ':' }));
  t.is(exitCode, 1);
  t.regex(said.at(-1), /^npm install failed to start: .*ENOENT/);
});

testOnUnix('an addon that was cut short is built anew, and one that is whole is not', async (t) => {
  const addon = findAddon();
  for (const [share, isBuilt] of [
    [1, false],
    [0.9, true],
    [0.5, true],
    [0, true],
  ]) {
    const root = clone(t, { npm, npx, cargo: ':' });
    const bytes = fs.readFileSync(addon);
    const copy = path.join(root, path.basename(addon));
    fs.writeFileSync(copy, bytes.subarray(0, bytes.length * share));
    const later = new Date(Date.now() + 3_600_000);
    fs.utimesSync(copy, later, later);
    const { exitCode, said } = await setUp(root);
    t.is(exitCode, 0);
    const why = said.find((line) => line.startsWith('Building the addon'));
    t.is(why !== undefined, isBuilt, `${share}: ${said.join('\n')}`);
    if (isBuilt) t.regex(why, /because the one that is there can't be loaded \(.+\)/);
  }
});

testOnUnix('the demo tells its options before anything is installed, and what is wrong with one', async (t) => {
  const root = clone(t, {});
  const help = await setUp(root, 'bench/demo.mjs', '--help');
  t.deepEqual([help.exitCode, help.said], [0, ['']]);
  t.regex(help.stdout, /^npm run demo -- \[options\]\n.*--rounds.*--only.*--json.*--help/s);
  for (const wrong of [['--rounds', '0'], ['--only', 'nothing'], ['--unknown'], ['more']]) {
    const { exitCode, said } = await setUp(root, 'bench/demo.mjs', ...wrong);
    t.is(exitCode, 1);
    t.true(said[0].includes(wrong.at(-1)), said[0]);
    t.false(said.some((line) => /^ {4}at /.test(line)));
    t.true(said.includes('npm run demo -- [options]'));
  }
});

for (const [folder, megabytes] of Object.entries(SIZES)) {
  const packages = path.join(repository, folder, 'node_modules');
  const testWhereInstalled = testOnUnix === test && fs.existsSync(packages) ? test : test.skip;
  testWhereInstalled(`it announces the size of what is installed in ${folder}`, (t) => {
    const found = Number.parseInt(execFileSync('du', ['-sm', '--exclude=.cache', packages], { encoding: 'utf8' }), 10);
    t.log(`${found} MB`);
    t.true(Math.abs(found / megabytes - 1) < 0.2, `${found} MB, and ${megabytes} are announced`);
  });
}
