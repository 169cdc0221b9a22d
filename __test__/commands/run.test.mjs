// What a command is given, and what it leaves behind.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import fc from 'fast-check';
import { CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';

const isRoot = process.getuid?.() === 0;
const runNode = promisify(execFile);

process.env.COMMANDS_TEST_PARENT = 'parent';

testEngines(test, 'a result has all that there is to tell', async (t, createPool, engine) => {
  const result = await createPool().run('sh', ['-c', 'echo out; echo err >&2']);
  t.is(result.constructor.name, 'CommandResult');
  const { pid, durationMs, queuedMs, resourceUsage, ...rest } = result;
  t.deepEqual(rest, {
    command: 'sh -c echo out; echo err >&2',
    exitCode: 0,
    signal: undefined,
    stdout: 'out\n',
    stderr: 'err\n',
    failed: false,
    timedOut: false,
    isCanceled: false,
    isMaxBuffer: false,
    mechanism: engine === 'core' ? 'clone' : 'child_process',
  });
  t.true(Number.isInteger(pid) && pid > 0);
  t.true(durationMs > 0);
  t.true(queuedMs >= 0);
  if (engine === 'core') {
    t.deepEqual(Object.keys(resourceUsage), ['userCPUTime', 'systemCPUTime', 'maxRSS']);
    t.true(resourceUsage.maxRSS > 100_000);
  } else {
    t.is(resourceUsage, undefined);
  }
});

testEngines(test, 'the time on a processor is told', async (t, createPool, engine) => {
  const { resourceUsage } = await createPool().exec('i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done');
  if (engine === 'core') t.true(resourceUsage.userCPUTime + resourceUsage.systemCPUTime > 1000);
  else t.is(resourceUsage, undefined);
});

testEngines(test, 'another exit code than 0 is an error that has all that a result has', async (t, createPool) => {
  const error = await failureOf(createPool().exec('echo out; echo what went wrong >&2; exit 3'));
  t.true(error instanceof CommandError);
  t.is(error.name, 'CommandError');
  t.is(error.message, 'Command failed with exit code 3: echo out; echo what went wrong >&2; exit 3\nwhat went wrong');
  t.is(error.exitCode, 3);
  t.is(error.signal, undefined);
  t.is(error.code, undefined);
  t.is(error.stdout, 'out\n');
  t.is(error.stderr, 'what went wrong\n');
  t.true(error.failed);
});

testEngines(test, 'so is a signal', async (t, createPool) => {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGUSR2']) {
    const error = await failureOf(createPool().exec(`kill -${signal.slice(3)} $$`));
    t.is(error.signal, signal);
    t.is(error.exitCode, undefined);
    t.true(error.message.startsWith(`Command was killed with ${signal}: `));
  }
});

testEngines(test, 'without `reject`, the error is the answer', async (t, createPool) => {
  const pool = createPool({ reject: false });
  const error = await pool.exec('exit 4');
  t.true(error instanceof CommandError);
  t.is(error.exitCode, 4);
  t.false((await pool.run('true')).failed);
  await t.throwsAsync(pool.exec('exit 4', { reject: true }), { instanceOf: CommandError });
});

testEngines(test, 'the environment is added to that of the process', async (t, createPool) => {
  const pool = createPool({ env: { OF_POOL: 'pool', BOTH: 'pool' } });
  const line = 'echo "$COMMANDS_TEST_PARENT,$OF_POOL,$BOTH,$OWN"';
  for (const [options, expected] of [
    [{}, 'parent,pool,pool,'],
    [{ env: { OWN: 'own', BOTH: 'own' } }, 'parent,pool,own,own'],
    [{ env: { COMMANDS_TEST_PARENT: undefined } }, ',pool,pool,'],
    [{ env: { COMMANDS_TEST_PARENT: 'changed' } }, 'changed,pool,pool,'],
    [{ extendEnv: false, env: { OWN: 7 } }, ',pool,pool,7'],
  ]) {
    t.is((await pool.exec(line, options)).stdout, `${expected}\n`);
  }
});

testEngines(test, 'an empty environment is empty', async (t, createPool) => {
  const { stdout } = await createPool().run('/usr/bin/env', { extendEnv: false });
  t.is(stdout, '');
});

testEngines(test, 'a file is looked for in the PATH of the command', async (t, createPool) => {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'commands-')));
  t.teardown(() => fs.rmSync(directory, { recursive: true }));
  fs.writeFileSync(path.join(directory, 'only-here'), '#!/bin/sh\necho found', { mode: 0o755 });
  const { stdout } = await createPool().run('only-here', { env: { PATH: directory } });
  t.is(stdout, 'found\n');
});

testEngines(test, 'the directory', async (t, createPool) => {
  const pool = createPool({ cwd: '/usr' });
  const pwd = async (options) => (await pool.exec('pwd -P', options)).stdout.trimEnd();
  t.is(await pwd(), '/usr');
  t.is(await pwd({ cwd: '/' }), '/');
  t.is(await pwd({ cwd: pathToFileURL('/usr/') }), '/usr');
});

testEngines(test, 'the name that the program is told', async (t, createPool) => {
  const { stdout } = await createPool().run('sh', ['-c', 'echo $0'], { argv0: 'other' });
  t.is(stdout, 'other\n');
});

testEngines(test, 'arguments arrive as they are', async (t, createPool) => {
  const args = ['', ' ', '$HOME', "'", '"', '\\', '*', '\n', 'ä€𝒳', '--', ';'];
  const { stdout } = await createPool().run('sh', ['-c', 'printf "%s|" "$@"', 'sh', ...args]);
  t.is(stdout, args.map((argument) => `${argument}|`).join(''));
});

testEngines(test, 'a shell gets file and arguments as one line, as with Node', async (t, createPool) => {
  const pool = createPool();
  t.is((await pool.run('echo $((1+1))', ['$0'], { shell: true })).stdout, '2 /bin/sh\n');
  t.is((await pool.exec('echo $0', { shell: '/bin/bash' })).stdout, '/bin/bash\n');
});

testEngines(test, 'another user and group', async (t, createPool) => {
  if (!isRoot) {
    t.pass('Only root may become somebody else.');
    return;
  }
  const { stdout } = await createPool({ uid: 65_534, gid: 65_533 }).exec('id -u; id -g; id -G');
  t.is(stdout, '65534\n65533\n65533\n');
});

testEngines(test, 'a detached command leads a session', async (t, createPool) => {
  const { stdout, pid } = await createPool({ detached: true }).exec('ps -o sid= -p $$');
  t.is(Number(stdout), pid);
});

testEngines(test, 'without `killTree`, a command stays in the group of this process', async (t, createPool) => {
  const groupOf = async (options) => Number((await createPool(options).exec('ps -o pgid= -p $$')).stdout);
  const { stdout } = await runNode('sh', ['-c', 'ps -o pgid= -p $$']);
  t.is(await groupOf({ killTree: false }), Number(stdout));
  t.not(await groupOf({}), Number(stdout));
});

testEngines(test, 'where the descriptors lead', async (t, createPool) => {
  const file = path.join(os.tmpdir(), `commands-${process.pid}-${Math.random()}`);
  const descriptor = fs.openSync(file, 'w+');
  t.teardown(() => {
    fs.closeSync(descriptor);
    fs.rmSync(file);
  });
  const pool = createPool();
  const ignored = await pool.exec('echo a; echo b >&2', { stdio: 'ignore' });
  t.deepEqual([ignored.stdout, ignored.stderr], [undefined, undefined]);
  const half = await pool.exec('echo a; echo b >&2', { stdio: ['ignore', 'pipe', 'ignore'] });
  t.deepEqual([half.stdout, half.stderr], ['a\n', undefined]);
  const swapped = await pool.exec('echo written; echo c >&3', { stdio: ['ignore', descriptor, 'pipe', descriptor] });
  t.deepEqual([swapped.stdout, swapped.stderr], [undefined, '']);
  t.is(fs.readFileSync(file, 'utf8'), 'written\nc\n');
  t.is((await pool.exec('cat', { stdio: ['ignore', 'pipe', 'pipe'] })).stdout, '');
  t.is((await pool.exec('cat', { stdio: 'pipe' })).stdout, '', 'without input, it has an end at once');
});

testEngines(test, 'nothing else of this process is open in a command', async (t, createPool, engine) => {
  // What this process was itself given to inherit, Node passes on.
  const inherited =
    engine === 'core' ? [] : (await runNode('ls', ['/proc/self/fd'])).stdout.trim().split('\n').slice(4);
  const descriptor = fs.openSync('/dev/null', 'r');
  t.teardown(() => fs.closeSync(descriptor));
  const { stdout } = await createPool().run('ls', ['/proc/self/fd']);
  const open = stdout.trim().split('\n');
  t.deepEqual(open.slice(0, 3), ['0', '1', '2']);
  // One is that of the listing itself.
  t.is(open.length, 4 + inherited.length);
});

testEngines(test, 'output is decoded as Buffer does it', async (t, createPool) => {
  const pool = createPool();
  const bytes = Buffer.from([0x61, 0xe2, 0x82, 0xac, 0xff, 0xef, 0xbb, 0xbf, 0xf0, 0x9f, 0x0a]);
  for (const encoding of ['utf8', 'utf-8', 'latin1', 'ascii', 'hex', 'base64', 'base64url', 'utf16le']) {
    t.is((await pool.run('cat', { input: bytes, encoding })).stdout, bytes.toString(encoding), encoding);
  }
  const { stdout, stderr } = await pool.run('cat', { input: bytes, encoding: 'buffer' });
  t.true(Buffer.isBuffer(stdout));
  t.deepEqual(stdout, bytes);
  t.deepEqual(stderr, Buffer.alloc(0));
});

testEngines(test, 'any bytes become the text that Node makes of them', async (t, createPool) => {
  const pool = createPool();
  const piece = fc.oneof(
    fc.uint8Array({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }).map((text) => Buffer.from(text)),
  );
  const property = fc.asyncProperty(fc.array(piece, { maxLength: 20 }), async (pieces) => {
    const bytes = Buffer.concat(pieces);
    t.is((await pool.run('cat', { input: bytes })).stdout, bytes.toString());
  });
  await fc.assert(property, { numRuns: 100 });
});

// Around the sizes of pipes and the bounds between ways to hand text over.
const SIZES = [1, 65_535, 65_536, 65_537, 131_072, 1_048_575, 1_048_577, 3_000_001];

testEngines(test, 'output of any size is whole', async (t, createPool) => {
  const pool = createPool();
  for (const size of SIZES) {
    for (const letter of ['a', 'ä']) {
      const text = letter.repeat(Math.ceil(size / letter.length)).slice(0, size);
      const { stdout } = await pool.run('cat', { input: text });
      t.true(stdout === text, `${size} times ${letter}`);
    }
    const bytes = Buffer.alloc(size, 'abcdefg\xff', 'latin1');
    t.true((await pool.run('cat', { input: bytes, encoding: 'buffer' })).stdout.equals(bytes), `${size} bytes`);
  }
});

testEngines(test, 'all that was written is read before the result, also after the end', async (t, createPool) => {
  // The one that writes last outlives the command.
  const { stdout, stderr } = await createPool().exec('(sleep 0.1; echo late; echo later >&2) & echo early');
  t.is(stdout, 'early\nlate\n');
  t.is(stderr, 'later\n');
});

testEngines(test, 'a command that closes its output early goes on', async (t, createPool) => {
  const { stdout, exitCode } = await createPool().exec('echo first; exec >&- 2>&-; sleep 0.05; exit 0');
  t.is(stdout, 'first\n');
  t.is(exitCode, 0);
});

testEngines(test, 'AsyncLocalStorage carries through', async (t, createPool) => {
  const { AsyncLocalStorage } = await import('node:async_hooks');
  const storage = new AsyncLocalStorage();
  const pool = createPool({ concurrency: 1 });
  const stores = await Promise.all(
    [1, 2, 3].map((store) => storage.run(store, () => pool.run('true').then(() => storage.getStore()))),
  );
  t.deepEqual(stores, [1, 2, 3]);
});
