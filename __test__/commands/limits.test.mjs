// What ends a command that does not end by itself: time, output, and the signals for it.

import { constants } from 'node:buffer';
import test from 'ava';
import { CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';
import { createMark, findMarked, killMarked, until, untilGone, untilRunning } from '../helpers/survivors.mjs';

/** A command that sleeps, with a mark by which it and what it starts are found. */
const sleeper = (mark, before = '') => ['sh', ['-c', `${before} sleep ${mark}`]];

testEngines(test, 'a command that takes too long is ended', async (t, createPool) => {
  const mark = createMark();
  const error = await failureOf(createPool().run(...sleeper(mark), { timeout: 300 }));
  t.true(error instanceof CommandError);
  t.is(error.code, 'ETIMEDOUT');
  t.true(error.timedOut);
  t.false(error.isCanceled);
  t.is(error.signal, 'SIGTERM');
  t.true(error.durationMs >= 299);
  t.regex(error.message, /^Command timed out after 300 milliseconds: sh /);
  await untilGone(mark);
});

testEngines(test, 'the time in the queue does not count', async (t, createPool) => {
  const pool = createPool({ concurrency: 1 });
  const [, second] = await Promise.all([pool.run('sleep', ['3']), pool.run('true', { timeout: 2900 })]);
  t.true(second.queuedMs >= 2900);
  t.false(second.timedOut);
});

testEngines(test, 'a command that ends in time is none the worse for a limit', async (t, createPool) => {
  for (const timeout of [60_000, 0, Number.POSITIVE_INFINITY]) {
    t.is((await createPool({ timeout }).run('echo', ['a'])).stdout, 'a\n');
  }
});

testEngines(test, 'the signal can be chosen', async (t, createPool) => {
  for (const killSignal of ['SIGUSR1', 12, 'sigint']) {
    const error = await failureOf(createPool().run('sleep', ['1000'], { timeout: 50, killSignal }));
    t.is(error.signal, { SIGUSR1: 'SIGUSR1', 12: 'SIGUSR2', sigint: 'SIGINT' }[killSignal]);
  }
});

testEngines(test, 'a command may end as it likes when it is told to', async (t, createPool) => {
  const mark = createMark();
  const controller = new AbortController();
  const line = `trap 'echo told; exit 7' TERM; echo ready; sleep ${mark} & wait`;
  const running = failureOf(createPool().exec(line, { signal: controller.signal, shell: '/bin/bash' }));
  await untilRunning(mark);
  controller.abort();
  const error = await running;
  t.is(error.exitCode, 7);
  t.is(error.stdout, 'ready\ntold\n');
  t.true(error.isCanceled);
});

testEngines(test, 'a command that does not listen is killed', async (t, createPool) => {
  const mark = createMark();
  const controller = new AbortController();
  const options = { signal: controller.signal, forceKillAfter: 100 };
  const running = failureOf(createPool().run(...sleeper(mark, "trap '' TERM; echo early;"), options));
  await untilRunning(mark);
  controller.abort();
  const error = await running;
  t.is(error.signal, 'SIGKILL');
  t.is(error.code, 'ABORT_ERR');
  t.is(error.stdout, 'early\n');
  await untilGone(mark);
});

testEngines(test, 'unless it is never to be forced', async (t, createPool) => {
  for (const forceKillAfter of [false, Number.POSITIVE_INFINITY]) {
    const mark = createMark();
    const line = `
      trap 'echo heard; told=1' TERM
      echo ready
      sleep ${mark} >/dev/null 2>&1 &
      while [ -z "$told" ]; do sleep 0.05; done
      sleep 0.3
      kill -KILL $!
      echo done`;
    const controller = new AbortController();
    const options = { signal: controller.signal, forceKillAfter, killTree: false, reject: false };
    const running = createPool().exec(line, options);
    await untilRunning(mark);
    controller.abort();
    const result = await running;
    t.is(result.exitCode, 0);
    t.true(result.isCanceled);
    t.is(result.stdout, 'ready\nheard\ndone\n');
    await untilGone(mark);
  }
});

testEngines(test, 'what a command started goes with it', async (t, createPool) => {
  const mark = createMark();
  // Children of children, some of which do not listen, and none of which holds a pipe.
  const line = `
    (trap '' TERM; sleep ${mark}) >/dev/null 2>&1 &
    sh -c 'sh -c "sleep ${mark}" & sleep ${mark}' >/dev/null 2>&1 &
    sleep ${mark}`;
  const controller = new AbortController();
  const running = failureOf(createPool().exec(line, { signal: controller.signal, forceKillAfter: 200 }));
  await untilRunning(mark, 4);
  controller.abort();
  t.true((await running).isCanceled);
  t.deepEqual(findMarked(mark), [], 'when the promise is settled');
});

testEngines(test, 'also after the command itself has gone', async (t, createPool) => {
  const mark = createMark();
  // The pipe is open for as long as the other one lives.
  const controller = new AbortController();
  const running = failureOf(createPool().exec(`sleep ${mark} & exit 0`, { signal: controller.signal }));
  await untilRunning(mark);
  await until(() => findMarked(mark).length === 1, 'the shell has gone, and its child has not');
  controller.abort();
  const error = await running;
  t.true(error.isCanceled);
  t.is(error.exitCode, 0);
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'without `killTree`, only the command', async (t, createPool) => {
  const mark = createMark();
  t.teardown(() => killMarked(mark));
  const line = `sh -c 'exec sleep ${mark}' >/dev/null 2>&1 & exec sleep 1000`;
  const controller = new AbortController();
  const running = failureOf(createPool().exec(line, { signal: controller.signal, killTree: false }));
  await untilRunning(mark);
  controller.abort();
  t.is((await running).signal, 'SIGTERM');
  t.is(findMarked(mark).length, 1);
});

testEngines(test, 'nor is anybody waited for who only holds its pipes', async (t, createPool) => {
  const mark = createMark();
  t.teardown(() => killMarked(mark));
  const line = `echo before; sh -c 'exec sleep ${mark}' & exec sleep 1000`;
  const controller = new AbortController();
  const options = { signal: controller.signal, killTree: false, forceKillAfter: false };
  const running = failureOf(createPool().exec(line, options));
  await untilRunning(mark);
  controller.abort();
  const error = await running;
  t.is(error.signal, 'SIGTERM');
  t.is(error.stdout, 'before\n');
});

testEngines(test, 'who has left the group is not waited for', async (t, createPool) => {
  const mark = createMark();
  t.teardown(() => killMarked(mark));
  const line = `setsid sleep ${mark} & sleep 1000`;
  const controller = new AbortController();
  const running = failureOf(createPool().exec(line, { signal: controller.signal, forceKillAfter: 50 }));
  await untilRunning(mark);
  controller.abort();
  t.true((await running).isCanceled);
  t.true(findMarked(mark).length > 0);
});

testEngines(test, 'timers that a program has replaced are not used', async (t, _, engine) => {
  const mark = createMark();
  t.teardown(() => killMarked(mark));
  // A net against hanging.
  const prefix = ['timeout', '-s', 'KILL', '60'];
  const { stdout, stderr } = await runProgram('fake_timers.cjs', { engine, args: [mark], prefix });
  t.is(stderr, '');
  t.deepEqual(JSON.parse(stdout), {
    results: [
      [true, 'SIGKILL'],
      [true, 'SIGTERM'],
      [true, 'SIGTERM'],
    ],
    missing: 'ENOENT',
    nextToFailure: ['thrown by a stream', 0, 'other\n'],
  });
});

testEngines(test, 'more output than is gathered', async (t, createPool) => {
  for (const [line, name] of [
    ['yes', 'stdout'],
    ['yes >&2', 'stderr'],
  ]) {
    const error = await failureOf(createPool().exec(line, { maxBuffer: 1001 }));
    t.is(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
    t.true(error.isMaxBuffer);
    t.is(error.signal, 'SIGTERM');
    t.is(error[name], `${'y\n'.repeat(500)}y`);
    t.true(error.cause instanceof RangeError);
    t.is(error.cause.message, `${name} maxBuffer length exceeded`);
    t.is(error.cause.code, error.code);
  }
});

testEngines(test, 'exactly as much as is gathered is not too much', async (t, createPool) => {
  const pool = createPool();
  t.is((await pool.run('printf', ['12345'], { maxBuffer: 5 })).stdout, '12345');
  t.is((await failureOf(pool.run('printf', ['12345'], { maxBuffer: 4 }))).stdout, '1234');
  t.is((await failureOf(pool.run('printf', ['1'], { maxBuffer: 0 }))).stdout, '');
  t.is((await pool.run('true', { maxBuffer: 0 })).stdout, '');
});

testEngines(test, '100 MB against a limit', async (t, createPool) => {
  const pool = createPool();
  const write = (bytes, options) => pool.run('head', ['-c', `${bytes}`, '/dev/zero'], options);
  const whole = await write(100_000_000, { encoding: 'buffer' });
  t.is(whole.stdout.length, 100_000_000);
  const error = await failureOf(write(100_000_001, { encoding: 'buffer' }));
  t.is(error.code, 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER');
  t.is(error.stdout.length, 100_000_000);
  t.is((await pool.run('echo', ['next'])).stdout, 'next\n');
});

testEngines(test, 'text that no string can hold', async (t, createPool) => {
  const length = constants.MAX_STRING_LENGTH + 1;
  if (process.env.FAST_RESOLVE_TEST !== 'long') {
    t.pass('Half a gigabyte of output: with FAST_RESOLVE_TEST=long.');
    return;
  }
  const error = await failureOf(
    createPool().run('head', ['-c', `${length}`, '/dev/zero'], { maxBuffer: Number.POSITIVE_INFINITY }),
  );
  t.is(error.code, 'ERR_STRING_TOO_LONG');
  t.is(error.stdout, undefined);
});
