// Commands that can't be started: the error that Node has for it, and the pool goes on.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';

const require = createRequire(import.meta.url);
const { ENDING, Outcome } = require('../../lib/commands/outcome.js');
const { createResult } = require('../../lib/commands/result.js');

const isRoot = process.getuid?.() === 0;

let directory;

test.before('a directory with files that can not be run', () => {
  directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'commands-')));
  fs.writeFileSync(at('text'), 'no program', { mode: 0o644 });
  fs.writeFileSync(at('no-interpreter'), '#!/proc/nowhere\n', { mode: 0o755 });
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

testEngines(test, 'a directory that is missing is named, and not the file', async (t, createPool) => {
  const pool = createPool();
  for (const name of ['nowhere', 'text']) {
    const { message } = await failureOf(pool.run('true', [], { cwd: at(name) }));
    t.true(message.endsWith(`: true (there is no directory ${at(name)})`), message);
  }
  const { message } = await failureOf(pool.run('no-such-program-anywhere', [], { cwd: directory }));
  t.is(message, 'Command failed with ENOENT: no-such-program-anywhere');
});

testEngines(test, 'a message is short, whatever is run', async (t, createPool) => {
  const pool = createPool();
  const text = 'a'.repeat(3_000_000);
  const errors = await Promise.all([
    failureOf(pool.run('true', [text])),
    failureOf(pool.run(text)),
    failureOf(pool.run('sh', ['-c', 'exit 3', 'b'.repeat(100_000)])),
  ]);
  for (const { message, cause } of errors) {
    t.true(message.length < 2000, `${message.length}`);
    t.true((cause?.message.length ?? 0) < 2000);
  }
  t.is(errors[0].command.length, text.length + 5);
});

test('that there was no memory for the output is not called a limit', (t) => {
  const command = { text: 'yes', title: 'yes', settings: { encoding: 'buffer', maxBuffer: 1000 } };
  const outcome = new Outcome();
  Object.assign(outcome, { ending: ENDING.STDOUT_FULL, stdout: Buffer.alloc(300) });
  const error = createResult(command, outcome);
  t.like(error, { code: 'ENOMEM', isMaxBuffer: false });
  t.regex(error.message, /no memory for more than 300 bytes of the command's stdout: yes/);
  outcome.stdout = Buffer.alloc(1000);
  t.like(createResult(command, outcome), { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER', isMaxBuffer: true });
});

test('nor is it that there was no memory for the text of it', (t) => {
  const command = { text: 'yes', title: 'yes', settings: { encoding: 'utf8', maxBuffer: 1000 } };
  const create = (length, code) => {
    const cause = Object.assign(new Error('Failed to allocate memory'), { code });
    const stdout = Object.assign(Buffer.alloc(length), {
      toString() {
        throw cause;
      },
    });
    const outcome = Object.assign(new Outcome(), { ending: ENDING.STDOUT_FULL, stdout });
    const error = createResult(command, outcome);
    t.is(error.cause, cause);
    t.is(error.stdout, undefined);
    return error;
  };
  const error = create(300, 'ERR_MEMORY_ALLOCATION_FAILED');
  t.like(error, { code: 'ENOMEM', isMaxBuffer: false });
  t.is(error.message, "There is no memory for the text of the command's output: yes");
  // V8's own (`Array buffer allocation failed`) has none.
  t.like(create(1000, undefined), { code: 'ENOMEM', isMaxBuffer: false });
  t.like(create(300, 'ERR_STRING_TOO_LONG'), { code: 'ERR_STRING_TOO_LONG', isMaxBuffer: false });
  t.like(create(1000, 'ERR_STRING_TOO_LONG'), { code: 'ERR_STRING_TOO_LONG', isMaxBuffer: true });
});
