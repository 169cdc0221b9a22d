// Random trees and random imports: what the core answers, Node answers as well, and prints no warning.
//
// FAST_RESOLVE_TEST=long compares 100,000 imports, FAST_RESOLVE_SEED=<number> repeats a run.

import { execFile } from 'node:child_process';
import Module from 'node:module';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import test from 'ava';

const program = fileURLToPath(new URL('./generated_program.mjs', import.meta.url));
const isLong = process.env.FAST_RESOLVE_TEST === 'long';
const seed = Number(process.env.FAST_RESOLVE_SEED ?? Math.floor(Math.random() * 2 ** 31));
/** In each tree, forty. */
const IMPORTS = 40;
const trees = (share) => (share * (isLong ? 100_000 : 5000)) / IMPORTS;

/** How Node is started, and the share of the imports that are compared there. */
const RUNS = [
  ['', 0.52, {}],
  [', with the deprecations that are pending', 0.12, { args: ['--pending-deprecation'] }],
  [', with the deprecations that are pending, by the environment', 0.04, { env: { NODE_PENDING_DEPRECATION: '1' } }],
  [', with links that stay', 0.12, { args: ['--preserve-symlinks'] }],
  [', with a condition more', 0.08, { args: ['-C', 'development'] }],
  [', without ES modules for require', 0.08, { args: ['--no-experimental-require-module'] }],
  [', without detection of the format', 0.04, { args: ['--no-experimental-detect-module'], isLeft: true }],
];

/** The least share of the modules of these formats that the core must answer itself, odd as the trees and the specifiers are. */
const LEAST_CORE_SHARE = 0.25;
const FORMATS = ['file: module', 'file: commonjs', 'file: null'];

/** The least share of the imports that must end in each way: a generator that degenerates fails here. */
const LEAST_SHARES = {
  'file: module': 0.02,
  'file: commonjs': 0.015,
  'file: null': 0.1,
  ERR_MODULE_NOT_FOUND: 0.05,
  ERR_UNSUPPORTED_DIR_IMPORT: 0.01,
  ERR_INVALID_PACKAGE_CONFIG: 0.01,
  ERR_INVALID_MODULE_SPECIFIER: 0.01,
  ERR_PACKAGE_PATH_NOT_EXPORTED: 0.002,
  ERR_PACKAGE_IMPORT_NOT_DEFINED: 0.002,
};

for (const [index, [title, share, { args = [], env = {}, isLeft = false }]] of RUNS.entries()) {
  // Node 20 has no hooks that are called in the thread itself.
  const register = Module.registerHooks === undefined ? test.skip : test.serial;
  register(`random imports in random trees are answered as by Node${title}`, async (t) => {
    t.timeout(60 * 60 * 1000);
    t.log(`FAST_RESOLVE_SEED=${seed}`);
    const { counts, difference } = await compare([...args, program, trees(share), seed + index], env);
    t.log(JSON.stringify(counts));
    if (difference !== undefined) t.fail(`differs from Node: ${difference}`);
    const sum = (entries, field) => entries.reduce((total, entry) => total + (entry?.[field] ?? 0), 0);
    const all = Object.values(counts);
    const modules = FORMATS.map((format) => counts[format]);
    t.is(sum(all, 'all'), trees(share) * IMPORTS);
    if (isLeft) t.is(sum(all, 'ours'), 0);
    else t.true(sum(modules, 'ours') > 0);
    // Of a few hundred imports, any share may be missing.
    if (!isLong && share < 0.5) return;
    for (const [outcome, least] of Object.entries(isLeft ? {} : LEAST_SHARES)) {
      t.true((counts[outcome]?.all ?? 0) >= least * sum(all, 'all'), `too few imports ended in ${outcome}`);
    }
    if (!isLeft) t.true(sum(modules, 'ours') >= LEAST_CORE_SHARE * sum(modules, 'all'), 'the core left too much');
    t.true(sum(all, 'warned') > 0, 'no import made Node warn');
  });
}

async function compare(args, env) {
  const { stdout } = await promisify(execFile)(process.execPath, args.map(String), {
    env: { PATH: process.env.PATH, FAST_RESOLVE_CACHE: '0', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
