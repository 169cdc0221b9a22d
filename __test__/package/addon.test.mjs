// The addon: how large it is, how it is linked, and that it outlives the threads that load it.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { readDynamicFlags } from '../../scripts/package/elf.mjs';
import { checkGlibc, neededGlibc, OLDEST_GLIBC } from '../../scripts/package/glibc.mjs';
import { findAddon } from '../helpers/packed-package.mjs';
import { treeFor } from '../helpers/tree.mjs';

const MOST_BYTES = 1_850_000;
const DF_1_NOW = 0x1n;
const DF_1_NODELETE = 0x8n;
const THREADS = 20;

const repository = path.resolve(import.meta.dirname, '../..');
const testOnLinux = process.platform === 'linux' ? test : test.skip;
const testOnGlibc = findAddon().endsWith('-gnu.node') ? test : test.skip;

test('it has at most 1.85 megabytes', (t) => {
  const { size } = fs.statSync(findAddon());
  t.log(`${size} bytes`);
  t.true(size <= MOST_BYTES, `${size} bytes`);
});

// Tests load files of lib/ one by one, and leave out what needs the addon where there is none.
test('the files of lib/ find it without a bundle', (t) => {
  t.not(createRequire(import.meta.url)('../../lib/resolve/addon.js').native, null);
});

testOnLinux('it stays loaded when the thread that loaded it ends (Linux only: nodelete)', (t) => {
  const flags = readDynamicFlags(fs.readFileSync(findAddon()));
  t.is(flags & DF_1_NODELETE, DF_1_NODELETE, `DT_FLAGS_1 is 0x${flags.toString(16)}`);
});

testOnGlibc(
  'its symbols are looked up when they are called, and not when it is loaded (.cargo/config.toml, unless RUSTFLAGS is set)',
  (t) => {
    const flags = readDynamicFlags(fs.readFileSync(findAddon()));
    t.is(flags & DF_1_NOW, 0n, `DT_FLAGS_1 is 0x${flags.toString(16)}`);
  },
);

testOnGlibc('it runs with an old glibc, as README says', (t) => {
  const needed = neededGlibc(findAddon());
  t.log(`it needs glibc ${needed}`);
  const symbols = execFileSync('objdump', ['-T', findAddon()], { encoding: 'utf8' });
  const minors = [...symbols.matchAll(/\bGLIBC_2\.(\d+)/g)].map(([, minor]) => Number(minor));
  t.is(needed, `2.${Math.max(...minors)}`, 'as objdump -T says');
  t.notThrows(() => checkGlibc(findAddon(), OLDEST_GLIBC.built));
  t.throws(() => checkGlibc(findAddon(), '2.3'), { message: /needs glibc 2\.\d+, and 2\.3 has to do$/ });
  const readme = fs.readFileSync(path.join(repository, 'README.md'), 'utf8');
  for (const version of Object.values(OLDEST_GLIBC)) t.true(readme.includes(`glibc ${version}`), version);
});

/** What a program prints that gets the names of what the addon gives at first, then, and in a thread: `names(exports)`. */
const NAMES = `
  const { Worker, isMainThread, parentPort } = require('node:worker_threads');
  const load = () => {
    const loaded = { exports: {} };
    process.dlopen(loaded, ${JSON.stringify(findAddon())});
    return loaded.exports;
  };
  const names = (exports) => Object.keys(exports).sort();
  if (!isMainThread) parentPort.postMessage(names(load()));
  else {
    const exports = load();
    const first = names(exports);
    const isWhole = exports.complete === undefined;
    exports.complete?.(exports);
    new Worker(__filename).on('message', (inThread) => {
      console.log(JSON.stringify({ first, isWhole, then: names(exports), inThread }));
    });
  }
`;

testOnLinux('it gives what a program needs that starts again, and all when it is asked for all', (t) => {
  const file = path.join(treeFor(t, { 'names.cjs': NAMES }), 'names.cjs');
  const { first, isWhole, then, inThread } = JSON.parse(execFileSync(process.execPath, [file], { encoding: 'utf8' }));
  t.false(isWhole);
  t.is(first.length, 12, `${first}`);
  for (const name of ['Resolver', 'Children', 'enhanced', 'stats']) {
    t.false(first.includes(name), name);
    t.true(then.includes(name), name);
  }
  // In a thread that loads it once more, Node calls what it calls for other addons.
  t.deepEqual([...inThread, 'complete'].sort(), then);
});

testOnLinux('where the words that Node was started with are not so many as is said, nothing is known', (t) => {
  // What was told first counts: a process each.
  const tell = (...told) => {
    const program = `
      const loaded = { exports: {} };
      process.dlopen(loaded, ${JSON.stringify(findAddon())});
      console.log(loaded.exports.tellStart(...${JSON.stringify(told)}));
    `;
    return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
  };
  t.is(tell('-C\0a', 2, 1), 'true');
  t.is(tell('-C\0a', 1, 1), 'false');
  t.is(tell('-C', 2, 1), 'false');
  t.is(tell('--experimental-policy=a', 1, 1), 'false');
});

test(`it is loaded and used by ${THREADS} threads, one after the other`, (t) => {
  const program = `
    const { Worker, isMainThread, parentPort } = require('node:worker_threads');
    const { createResolver, install } = require(${JSON.stringify(path.join(repository, 'index.js'))});
    const resolver = createResolver({ extensions: ['.js'] });
    const answer = () => resolver.resolve('./index.js', ${JSON.stringify(repository)});
    async function main() {
      for (let count = 0; count < ${THREADS}; count++) {
        const worker = new Worker(__filename);
        worker.on('message', console.log);
        await new Promise((resolve, reject) => worker.on('error', reject).on('exit', resolve));
      }
    }
    if (isMainThread) main();
    else parentPort.postMessage(install() + ' ' + answer());
  `;
  const root = treeFor(t, { 'app.js': program });
  const lines = execFileSync(process.execPath, [path.join(root, 'app.js')], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
  t.deepEqual(lines, Array(THREADS).fill(`true ${path.join(repository, 'index.js')}`));
});
