// How a process is ended, and what was waiting for it.

import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import test from 'ava';
import { eventsOf, fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const isWindows = process.platform === 'win32';
const needsSignals = isWindows ? test.skip : test;

needsSignals('a process that ends when it is asked to', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { argv: ['graceful'], ready: 'message' });
  await supervisor.whenReady();
  const exit = next(supervisor, 'exit');
  const names = eventsOf(supervisor);
  const stopped = supervisor.stop();
  t.is(supervisor.state, 'stopping');
  t.deepEqual(clock.pending, [10_000]);
  await stopped;
  t.is(supervisor.state, 'stopped');
  t.like(await exit, { exitCode: 0, signal: null });
  t.deepEqual(names, ['exit', 'stop']);
  t.deepEqual(clock.pending, [], 'no timer is left');
});

needsSignals('a process that does not end is killed when its time is up', async (t) => {
  const options = { argv: ['stubborn'], ready: 'message', stopTimeout: 500 };
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), options);
  await supervisor.whenReady();
  const exit = next(supervisor, 'exit');
  const stopped = supervisor.stop();
  t.is(await next(supervisor, 'message'), 'SIGTERM', 'it was asked first');
  clock.advance(499);
  t.is(supervisor.state, 'stopping');
  clock.advance(1);
  await stopped;
  t.like(await exit, { exitCode: null, signal: 'SIGKILL' });
});

test('a process that could not be started leaves no timer', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { cwd: '/proc/nowhere' });
  await supervisor.stop();
  t.is(supervisor.state, 'stopped');
  t.deepEqual(clock.pending, []);
});

needsSignals('another signal asks it to end', async (t) => {
  const { supervisor } = superviseWithClock(t, fixture('idle'), { ready: 'message', stopSignal: 'SIGINT' });
  await supervisor.whenReady();
  const exit = next(supervisor, 'exit');
  await supervisor.stop();
  t.like(await exit, { signal: 'SIGINT' });
});

for (const [how, end] of [
  ['is stopped', (supervisor) => supervisor.stop()],
  ['crashes', (supervisor) => supervisor.process.kill('SIGKILL')],
]) {
  needsSignals(`what a process started goes with it when it ${how}`, async (t) => {
    const stdout = new PassThrough();
    const options = { argv: ['parent'], ready: 'message', stdout, restart: 'never' };
    const supervisor = superviseFor(t, fixture('idle'), options);
    await supervisor.whenReady();
    t.regex(String(stdout.read()), /^grandchild \d+\n$/);
    // The grandchild holds the pipe, and does not end when it is asked to.
    const closed = next(supervisor.process, 'close');
    await Promise.all([end(supervisor), closed]);
    await supervisor.stop();
    t.pass();
  });
}

test('stop() may be called again, during and after', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const names = eventsOf(supervisor);
  await Promise.all([supervisor.stop(), supervisor.stop()]);
  await supervisor.stop();
  t.deepEqual(names, ['exit', 'stop']);
});

test('while it is being started', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  const names = eventsOf(supervisor);
  const waited = t.throwsAsync(supervisor.whenReady(), { code: 'ERR_SUPERVISOR_STOPPED' });
  await supervisor.stop();
  await waited;
  t.is(supervisor.pid, undefined);
  t.false(names.includes('ready'));
  t.is(names.at(-1), 'stop');
});

test('while it waits for its restart', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('ends'), { argv: ['1'] });
  await next(supervisor, 'restart');
  await supervisor.stop();
  t.deepEqual(clock.pending, []);
  clock.advance(1e6);
  t.is(supervisor.state, 'stopped');
  t.is(supervisor.pid, undefined);
});

test('what was asked for before it is not done; what is asked for after it is', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const asked = [supervisor.reload(), supervisor.restart(), supervisor.reload()];
  const rejected = asked.map((promise) => t.throwsAsync(promise, { code: 'ERR_SUPERVISOR_STOPPED' }));
  await next(supervisor, 'start');
  await supervisor.stop();
  await Promise.all(rejected);
  t.is(supervisor.state, 'stopped');
  await supervisor.restart();
  t.is(supervisor.state, 'running');
});

test('restart() while it is being stopped starts it again', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const names = eventsOf(supervisor);
  await Promise.all([supervisor.stop(), supervisor.restart()]);
  t.deepEqual(names, ['exit', 'stop', 'restart', 'start', 'ready']);
});

test('an AbortSignal stops it', async (t) => {
  const controller = new AbortController();
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message', signal: controller.signal });
  await supervisor.whenReady();
  const stop = next(supervisor, 'stop');
  controller.abort();
  t.deepEqual(await stop, { reason: 'aborted' });
  await t.throwsAsync(supervisor.restart(), { any: true, name: 'AbortError' });
});

test('nothing is started for a signal that was given before', (t) => {
  t.throws(() => superviseFor(t, fixture('idle'), { signal: AbortSignal.abort() }), { any: true, name: 'AbortError' });
});

test('leaving the scope of a supervisor stops it', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'));
  await supervisor[Symbol.asyncDispose]();
  t.is(supervisor.state, 'stopped');
});

test('a supervisor that has stopped keeps nothing alive', async (t) => {
  const script = `
    const { supervise } = require(${JSON.stringify(fixture('../../../dist/pool').replace('.cjs', '.js'))});
    const supervisor = supervise(${JSON.stringify(fixture('idle'))}, { ready: 'message', handles: { a: { port: 0 } } });
    supervisor.whenReady().then(() => supervisor.stop());
  `;
  const program = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'ignore', 'inherit'] });
  t.is(await next(program, 'exit'), 0);
});

test('one that is stopped when its process has just ended starts no other', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('ends'), { argv: ['7'] });
  let stopped;
  supervisor.once('exit', () => {
    stopped = supervisor.stop();
  });
  const names = eventsOf(supervisor);
  await next(supervisor, 'stop');
  await stopped;
  clock.advance(1e9);
  t.deepEqual(names, ['start', 'ready', 'exit', 'stop']);
  t.is(supervisor.state, 'stopped');
});
