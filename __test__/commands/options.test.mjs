// What can't be used is refused, and said.

import test from 'ava';
import { CommandPool, failureOf } from '../helpers/command_pools.mjs';

const TYPE = { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' };
const VALUE = { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' };
const RANGE = { name: 'RangeError', code: 'ERR_OUT_OF_RANGE' };
const SIGNAL = { name: 'TypeError', code: 'ERR_UNKNOWN_SIGNAL' };

/** Each option, and values that it does not take. */
const BAD_OPTIONS = [
  [{ unknown: 1 }, VALUE, /unknown/],
  [{ cwd: 1 }, TYPE, /options\.cwd/],
  [{ cwd: 'a\0b' }, VALUE, /options\.cwd/],
  [{ cwd: new URL('http://localhost/') }, { name: 'TypeError', code: 'ERR_INVALID_URL_SCHEME' }, /file/],
  [{ env: 'A=1' }, TYPE, /options\.env/],
  [{ env: { A: '\0' } }, VALUE, /options\.env\['A'\]/],
  [{ extendEnv: 1 }, TYPE, /options\.extendEnv/],
  [{ input: 1 }, TYPE, /options\.input/],
  [{ input: null }, TYPE, /options\.input/],
  [{ encoding: 'klingon' }, VALUE, /options\.encoding/],
  [{ encoding: 1 }, TYPE, /options\.encoding/],
  [{ stdio: 'overlapped' }, VALUE, /options\.stdio/],
  [{ stdio: 1 }, TYPE, /options\.stdio/],
  [{ stdio: ['pipe', 'pipe', 'pipe', 'pipe'] }, VALUE, /options\.stdio\[3\]/],
  [{ stdio: ['pipe', -1] }, VALUE, /options\.stdio\[1\]/],
  [{ stdio: ['pipe', {}] }, VALUE, /options\.stdio\[1\]/],
  [{ shell: 1 }, TYPE, /options\.shell/],
  [{ shell: 'a\0' }, VALUE, /options\.shell/],
  [{ argv0: 1 }, TYPE, /options\.argv0/],
  [{ timeout: '1' }, TYPE, /options\.timeout/],
  [{ timeout: -1 }, RANGE, /options\.timeout/],
  [{ timeout: Number.NaN }, RANGE, /options\.timeout/],
  [{ timeout: 2 ** 31 }, RANGE, /options\.timeout/],
  [{ startRetryTime: '1' }, TYPE, /options\.startRetryTime/],
  [{ startRetryTime: -1 }, RANGE, /options\.startRetryTime/],
  [{ killSignal: 'SIGNOTHING' }, SIGNAL, /SIGNOTHING/],
  [{ killSignal: 999 }, SIGNAL, /999/],
  [{ killSignal: true }, TYPE, /options\.killSignal/],
  [{ forceKillAfter: true }, VALUE, /options\.forceKillAfter/],
  [{ forceKillAfter: -1 }, RANGE, /options\.forceKillAfter/],
  [{ killTree: 'yes' }, TYPE, /options\.killTree/],
  [{ maxBuffer: -1 }, RANGE, /options\.maxBuffer/],
  [{ maxBuffer: '1' }, TYPE, /options\.maxBuffer/],
  [{ signal: {} }, TYPE, /options\.signal/],
  [{ uid: 1.5 }, TYPE, /options\.uid/],
  [{ uid: -1 }, RANGE, /options\.uid/],
  [{ uid: 2 ** 31 }, TYPE, /options\.uid/],
  [{ gid: 'root' }, TYPE, /options\.gid/],
  [{ detached: 1 }, TYPE, /options\.detached/],
  [{ priority: '1' }, TYPE, /options\.priority/],
  [{ priority: Number.NaN }, RANGE, /options\.priority/],
  [{ reject: 0 }, TYPE, /options\.reject/],
];

const describe = (options) =>
  JSON.stringify(options, (_, value) => (typeof value === 'number' ? `${value}` : value)) ?? 'undefined';

for (const [options, expected, message] of BAD_OPTIONS) {
  test(`${describe(options)} is refused by all that take options`, async (t) => {
    const isExpected = (error) => {
      t.is(error.name, expected.name);
      t.is(error.code, expected.code);
      t.regex(error.message, message);
    };
    const pool = new CommandPool();
    isExpected(t.throws(() => new CommandPool(options)));
    isExpected(await failureOf(pool.run('true', [], options)));
    isExpected(await failureOf(pool.run('true', options)));
    isExpected(await failureOf(pool.run('true', [], { ...options, reject: options.reject ?? false })));
    isExpected(await failureOf(pool.exec('true', options)));
    isExpected(t.throws(() => pool.lines('true', [], options)));
    t.is(pool.running, 0);
  });
}

test('options of a pool alone', (t) => {
  for (const [options, expected] of [
    [null, TYPE],
    [[], TYPE],
    [{ concurrency: 0 }, RANGE],
    [{ concurrency: 1.5 }, RANGE],
    [{ concurrency: '2' }, TYPE],
    [{ maxQueue: -1 }, RANGE],
    [{ maxQueue: 'all' }, TYPE],
  ]) {
    t.throws(() => new CommandPool(options), expected);
  }
  t.notThrows(() => new CommandPool({ concurrency: Number.POSITIVE_INFINITY, maxQueue: 0 }));
});

test('they are none of a command', async (t) => {
  const pool = new CommandPool();
  await t.throwsAsync(pool.run('true', { concurrency: 1 }), VALUE);
  await t.throwsAsync(pool.exec('true', { maxQueue: 1 }), VALUE);
});

test('files and arguments', async (t) => {
  const pool = new CommandPool();
  for (const [values, expected] of [
    [[], TYPE],
    [[1], TYPE],
    [[''], VALUE],
    [['a\0b'], VALUE],
    [['true', 'text'], TYPE],
    [['true', ['a\0b']], VALUE],
    [['true', [], 'text'], TYPE],
    [['true', [], null], TYPE],
  ]) {
    await t.throwsAsync(pool.run(...values), expected);
    t.throws(() => pool.lines(...values), expected);
  }
  await t.throwsAsync(pool.exec(''), VALUE);
  await t.throwsAsync(pool.exec('a\0b'), VALUE);
  await t.throwsAsync(pool.exec(), TYPE);
});

test('an option that is undefined is as if it were not there', async (t) => {
  const names = BAD_OPTIONS.flatMap(([options]) => Object.keys(options)).filter((name) => name !== 'unknown');
  const options = Object.fromEntries(names.map((name) => [name, undefined]));
  const pool = new CommandPool({ ...options, maxBuffer: 3 });
  t.is((await pool.exec('echo a', options)).stdout, 'a\n');
  await t.throwsAsync(pool.exec('echo aaaa', options), { code: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER' });
});

test('a command has the environment and the arguments that it was given, whatever becomes of these', async (t) => {
  const pool = new CommandPool({ concurrency: 1 });
  const env = { GIVEN: 'before' };
  const args = ['-c', 'echo $GIVEN'];
  const first = pool.run('sleep', ['0.05']);
  const second = pool.run('sh', args, { env });
  env.GIVEN = 'after';
  args[1] = 'echo other';
  await first;
  t.is((await second).stdout, 'before\n');
});

test('only lines() refuses an encoding in which lines can not be told, and an output that is no pipe', async (t) => {
  const pool = new CommandPool();
  for (const encoding of ['hex', 'base64', 'utf16le']) t.throws(() => pool.lines('true', { encoding }), VALUE);
  t.throws(() => pool.lines('true', { stdio: 'ignore' }), VALUE);
});
