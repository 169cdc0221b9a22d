// What is seen of a command while it runs: its start and its end, its number, what it writes, and what it is answered.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';

/** Collects events by their names. */
const record = (pool) => {
  const events = [];
  for (const name of ['start', 'end']) pool.on(name, (details) => events.push([name, details]));
  return events;
};

const untilPid = async (command) => {
  while (command.pid === undefined) await turn();
  return command.pid;
};

testEngines(test, 'start and end are told, with what ran and what came of it', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const events = record(pool);
  const result = await pool.run('echo', ['a', 'b']);
  const error = await failureOf(pool.exec('exit 3'));
  const missing = await failureOf(pool.run('no-such-program-anywhere'));
  await turn();
  t.deepEqual(
    events.map(([name]) => name),
    ['start', 'end', 'start', 'end', 'end'],
  );
  const [[, started], [, ended], [, shell], [, failed], [, unstarted]] = events;
  t.like(started, { command: 'echo a b', file: 'echo', args: ['a', 'b'], pid: result.pid });
  t.true(started.queuedMs >= 0);
  t.is(ended, result);
  t.like(shell, { command: 'exit 3', file: '/bin/sh', pid: error.pid });
  t.is(failed, error);
  t.is(unstarted, missing);
});

testEngines(
  test,
  'of lines(), of what is cancelled while it waits, and of what is not taken',
  async (t, createPool) => {
    const pool = createPool({ concurrency: 1, maxQueue: 1 });
    const events = record(pool);
    const controller = new AbortController();
    const input = new PassThrough();
    const lines = pool.lines('cat', [], { input });
    const first = lines.next();
    const waiting = failureOf(pool.run('true', { signal: controller.signal }));
    const refused = await failureOf(pool.run('true'));
    controller.abort();
    const canceled = await waiting;
    input.end('line\n');
    t.is((await first).value, 'line');
    t.is(typeof lines.pid, 'number');
    const { value: result } = await lines.next();
    await turn();
    t.deepEqual(
      events.filter(([name]) => name === 'end').map(([, outcome]) => outcome),
      [refused, canceled, result],
    );
    t.deepEqual(
      events.filter(([name]) => name === 'start').map(([, { pid }]) => pid),
      [result.pid],
    );
    t.is(lines.pid, result.pid);
  },
);

testEngines(test.serial, 'the channel tells of them, too', async (t, createPool) => {
  const pool = createPool();
  const told = [];
  const listener = (message) => {
    if (message.pool === pool) told.push(message);
  };
  subscribe('fast-resolve:command-pool', listener);
  let result;
  try {
    result = await pool.run('true');
  } finally {
    unsubscribe('fast-resolve:command-pool', listener);
  }
  t.deepEqual(
    told.map(({ event }) => event),
    ['start', 'end'],
  );
  t.is(told[0].details[0].pid, result.pid);
  t.deepEqual(told[1].details, [result]);
});

testEngines(test, 'its number is known while it runs, and afterwards', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const input = new PassThrough();
  const running = pool.run('cat', { input });
  const waiting = pool.run('true');
  const pid = await untilPid(running);
  t.notThrows(() => process.kill(pid, 0));
  t.is(waiting.pid, undefined);
  input.end();
  t.is((await running).pid, pid);
  t.is(running.pid, pid);
  t.is((await waiting).pid, waiting.pid);
  const missing = pool.run('no-such-program-anywhere');
  await failureOf(missing);
  t.is(missing.pid, undefined);
});

testEngines(test, 'a conversation: what it writes is read as it comes, and answered', async (t, createPool) => {
  const pool = createPool();
  const input = new PassThrough();
  const command = pool.exec('read name; echo "hello $name"; read end; echo "$end" >&2; exit 5', {
    input,
    reject: false,
  });
  const { stdout, stderr } = command;
  const complaint = text(stderr);
  input.write('Anna\n');
  const [greeting] = await once(stdout, 'data');
  t.is(greeting, 'hello Anna\n');
  input.end('bye\n');
  const error = await command;
  t.true(error instanceof CommandError);
  t.is(await complaint, 'bye\n');
  t.is(error.stdout, 'hello Anna\n');
  t.is(error.stderr, 'bye\n');
  t.is(command.stdout, stdout);
});

testEngines(test, 'much of it, whole and in order, whenever it is asked for', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const program = "process.stdout.write('äöü'.repeat(200_000)); process.stderr.write('end')";
  const early = pool.run(process.execPath, ['-e', program]);
  const queued = pool.run(process.execPath, ['-e', program], { encoding: 'buffer' });
  const bytes = text(queued.stdout);
  const whole = text(early.stdout);
  const result = await early;
  t.is(await whole, result.stdout);
  t.is(result.stdout.length, 600_000);
  t.is(await text(early.stderr), 'end', 'asked for when it was over');
  const { stdout } = await queued;
  t.true(Buffer.isBuffer(stdout));
  t.is(await bytes, stdout.toString());
  t.is(await text(queued.stderr), 'end');
});

testEngines(test, 'in the encoding of the command, early and late', async (t, createPool) => {
  const pool = createPool();
  for (const encoding of ['hex', 'base64', 'latin1', 'utf16le', 'buffer']) {
    const [early, late] = [
      pool.run('printf', ['\\344b\\303\\244'], { encoding }),
      pool.run('printf', ['\\344b\\303\\244'], { encoding }),
    ];
    const chunks = early.stdout.toArray();
    const { stdout } = await early;
    const join = (parts) => (encoding === 'buffer' ? Buffer.concat(parts) : parts.join(''));
    t.deepEqual(join(await chunks), stdout, encoding);
    await late;
    t.deepEqual(join(await late.stdout.toArray()), stdout, encoding);
  }
});

testEngines(test, 'no more of it than is gathered, and nothing for who has gone', async (t, createPool) => {
  const pool = createPool();
  const command = pool.run('yes', { maxBuffer: 100_001 });
  const other = pool.run('yes', { maxBuffer: 100_000, reject: false });
  other.stdout.destroy();
  const shown = text(command.stdout);
  const error = await failureOf(command);
  t.true(error.isMaxBuffer);
  t.is(await shown, error.stdout);
  t.is(error.stdout.length, 100_001);
  t.is((await other).stdout.length, 100_000);
});

testEngines(test, 'what is no pipe has no stream, and what was not started an empty one', async (t, createPool) => {
  const pool = createPool();
  const ignoring = pool.run('true', { stdio: ['ignore', 'ignore', 'pipe'] });
  t.is(ignoring.stdout, undefined);
  t.is(await text(ignoring.stderr), '');
  await ignoring;
  const missing = pool.run('no-such-program-anywhere');
  const shown = text(missing.stdout);
  await failureOf(missing);
  t.is(await shown, '');
  const refused = pool.run('true', { timeout: -1 });
  t.deepEqual([refused.pid, refused.stdout, refused.stderr], [undefined, undefined, undefined]);
  t.is((await failureOf(refused)).code, 'ERR_OUT_OF_RANGE');
});

testEngines(test, 'a slow reader does not make the command wait', async (t, createPool) => {
  const pool = createPool();
  const command = pool.run(process.execPath, ['-e', "process.stdout.write('a'.repeat(5_000_000))"]);
  let release;
  const stuck = new Writable({
    write(_chunk, _encoding, done) {
      release ??= done;
    },
  });
  command.stdout.pipe(stuck);
  t.is((await command).stdout.length, 5_000_000);
  t.is(typeof release, 'function');
  stuck.destroy();
});

testEngines(
  test,
  'a listener that throws is an uncaught exception, and the command has its result',
  async (t, _, engine) => {
    const { stdout, exitCode } = await runProgram('throwing_reader.cjs', { engine });
    t.deepEqual(JSON.parse(stdout), { results: ['late\n', 'early\n'], ended: 2, thrown: ['of late', 'of early'] });
    t.is(exitCode, 0);
  },
);
