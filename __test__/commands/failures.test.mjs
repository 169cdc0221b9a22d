// Commands that can't be started: the error that Node has for it, and the pool goes on.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';

const isRoot = process.getuid?.() === 0;

let directory;

test.before('a directory with files that can not be run', () => {
  directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'commands-')));
  fs.writeFileSync(at('text'), 'no program', { mode: 0o644 });
  fs.writeFileSync(at('no-interpreter'), '#!/nowhere/at/all\n', { mode: 0o755 });
  fs.copyFileSync('/bin/true', at('busy'));
  fs.chmodSync(at('busy'), 0o755);
});

test.after.always('the directory is removed', () => {
  fs.rmSync(directory, { recursive: true });
});

const at = (name) => path.join(directory, name);

/** Each with what Node says of it, which is asked as well. */
const CASES = {
  'a file that is not in the PATH': [() => ['no-such-program-anywhere'], 'ENOENT'],
  'a path where nothing is': [() => [at('nothing')], 'ENOENT'],
  'a file that may not be run': [() => [at('text')], 'EACCES'],
  'a directory': [() => [directory], 'EACCES'],
  'a path through a file': [() => [path.join(at('text'), 'below')], 'ENOTDIR'],
  'a script without its interpreter': [() => [at('no-interpreter')], 'ENOENT'],
  'a directory to start in that is not there': [() => ['true', [], { cwd: at('nowhere') }], 'ENOENT'],
  'a directory to start in that is a file': [() => ['true', [], { cwd: at('text') }], 'ENOTDIR'],
  'an argument that is too long': [() => ['true', ['a'.repeat(3_000_000)]], 'E2BIG'],
  'an environment that is too large': [() => ['true', [], { env: { A: 'a'.repeat(3_000_000) } }], 'E2BIG'],
};

for (const [what, [create, code]] of Object.entries(CASES)) {
  testEngines(test, what, async (t, createPool) => {
    const [file, args = [], options = {}] = create();
    const pool = createPool({ concurrency: 1 });
    const [error, next] = await Promise.all([failureOf(pool.run(file, args, options)), pool.run('echo', ['next'])]);
    t.is(next.stdout, 'next\n', 'the pool goes on');
    t.true(error instanceof CommandError);
    t.is(error.code, code);
    t.is(error.pid, undefined);
    t.is(error.exitCode, undefined);
    t.true(error.message.startsWith(`Command failed with ${code}: ${file}`));

    const env = options.env && { ...process.env, ...options.env };
    // Some errors Node throws, without saying for which file.
    const nodes = await failureOf((async () => promisify(execFile)(file, args, { ...options, env }))());
    const { cause } = error;
    const names = nodes.path === undefined ? ['code', 'errno'] : ['message', 'code', 'errno', 'syscall', 'path'];
    for (const name of names) t.is(cause[name], nodes[name], name);
    t.deepEqual(cause.spawnargs, args);
  });
}

testEngines(test, 'a program that is being written', async (t, createPool) => {
  const pool = createPool();
  const writer = fs.openSync(at('busy'), 'r+');
  try {
    t.is((await failureOf(pool.run(at('busy')))).code, 'ETXTBSY');
  } finally {
    fs.closeSync(writer);
  }
});

testEngines(test, 'a user that this process may not become', async (t, createPool) => {
  // Root may become anybody, known or not.
  if (isRoot) t.is((await createPool().exec('id -u', { uid: 123_456_789 })).stdout, '123456789\n');
  else t.is((await failureOf(createPool().run('true', { uid: 0 }))).code, 'EPERM');
});

testEngines(test, 'a descriptor that is not open', async (t, createPool) => {
  const pool = createPool();
  t.is((await failureOf(pool.run('true', { stdio: ['ignore', 'pipe', 'pipe', 999_999] }))).code, 'EBADF');
  t.is((await pool.run('true')).exitCode, 0);
});

testEngines(test, 'no descriptors left: each command fails for itself, and later ones run', async (t, _, engine) => {
  const { stdout, stderr } = await runProgram('descriptors.cjs', { engine, prefix: ['prlimit', '--nofile=64'] });
  t.is(stderr, '');
  const { codes, after } = JSON.parse(stdout);
  t.deepEqual([...new Set(codes)], ['EMFILE']);
  t.is(after, 'after\n');
});
