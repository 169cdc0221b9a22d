// What follows when a process ends by itself.

import { spawn } from 'node:child_process';
import path from 'node:path';
import test from 'ava';
import { eventsOf, fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const ends = (how, options) => [fixture('ends'), { argv: [how], ...options }];

/** How a process ends, and what comes of it under each policy. */
const CASES = [
  {
    how: '0',
    exitCode: 0,
    signal: null,
    reason: 'exit',
    outcome: { 'on-failure': 'stop', always: 'restart', never: 'stop' },
  },
  {
    how: '1',
    exitCode: 1,
    signal: null,
    reason: 'exit',
    outcome: { 'on-failure': 'restart', always: 'restart', never: 'failed' },
  },
  {
    how: 'error',
    exitCode: 1,
    signal: null,
    reason: 'exit',
    outcome: { 'on-failure': 'restart', always: 'restart', never: 'failed' },
  },
  {
    how: 'SIGSEGV',
    exitCode: null,
    signal: 'SIGSEGV',
    reason: 'signal',
    outcome: { 'on-failure': 'restart', always: 'restart', never: 'failed' },
  },
  {
    how: 'SIGTERM',
    exitCode: null,
    signal: 'SIGTERM',
    reason: 'signal',
    outcome: { 'on-failure': 'restart', always: 'restart', never: 'failed' },
  },
];

for (const { how, exitCode, signal, reason, outcome } of CASES) {
  for (const [when, event] of Object.entries(outcome)) {
    test(`${when}: after ${how} comes ${event}`, async (t) => {
      const { supervisor } = superviseWithClock(t, ...ends(how, { restart: when }));
      const { pid } = supervisor;
      const names = eventsOf(supervisor);
      const exit = next(supervisor, 'exit');
      const detail = await next(supervisor, event);
      t.like(await exit, { pid, exitCode, signal });
      t.deepEqual(
        names.filter((name) => name !== 'ready'),
        ['start', 'exit', event],
      );
      if (event === 'stop') t.deepEqual(detail, { reason: 'exit' });
      else t.like(detail, { reason, exitCode, signal });
      t.is(supervisor.state, { stop: 'stopped', failed: 'failed', restart: 'backoff' }[event]);
      t.is(supervisor.pid, undefined);
    });
  }
}

test('a signal that ended it is named', async (t) => {
  const { signal } = new AbortController();
  const supervisor = superviseFor(t, ...ends('SIGKILL', { restart: 'never', signal }));
  const { message } = await next(supervisor, 'failed');
  t.is(message, `${fixture('ends')} was ended by SIGKILL`);
});

test('each restart waits longer than the one before, until the budget is spent', async (t) => {
  const restart = { delay: 100, factor: 3, maxDelay: 1_000, maxRestarts: 4, window: 10_000 };
  const { supervisor, clock } = superviseWithClock(t, ...ends('7', { restart }));
  const failed = next(supervisor, 'failed');
  for (const [index, delay] of [100, 300, 900, 1_000].entries()) {
    t.like(await next(supervisor, 'restart'), { delay, attempt: index + 1, exitCode: 7 });
    t.deepEqual(clock.pending, [delay]);
    t.is(supervisor.restarts, index + 1);
    clock.advance(delay - 1);
    t.is(supervisor.state, 'backoff');
    clock.advance(1);
    t.is(supervisor.state, 'starting');
  }
  const error = await failed;
  t.like(error, {
    name: 'SuperviseError',
    code: 'ERR_SUPERVISED_PROCESS_FAILED',
    exitCode: 7,
    signal: null,
    restarts: 4,
  });
  t.is(error.message, `${fixture('ends')} ended with exit code 7, and was restarted 4 times within 10000 ms`);
  t.is(supervisor.state, 'failed');
  t.deepEqual(clock.pending, []);
  t.is(await t.throwsAsync(supervisor.whenReady()), error);
});

test('restarts that lie further back do not count', async (t) => {
  const restart = { delay: 1_000, factor: 1, maxRestarts: 2, window: 2_000 };
  const { supervisor, clock } = superviseWithClock(t, ...ends('1', { restart }));
  for (let restarts = 1; restarts <= 5; restarts++) {
    await next(supervisor, 'restart');
    clock.advance(1_000);
  }
  t.is(supervisor.restarts, 5);
});

test('a process that stayed up long enough starts from the first delay again', async (t) => {
  const restart = { delay: 100, maxRestarts: 10, minUptime: 5_000 };
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready: 'message', restart });
  const crashAfter = async (uptime) => {
    await supervisor.whenReady();
    clock.advance(uptime);
    process.kill(supervisor.pid, 'SIGKILL');
    const { delay } = await next(supervisor, 'restart');
    clock.advance(delay);
    return delay;
  };
  t.is(await crashAfter(0), 100);
  t.is(await crashAfter(4_999), 200);
  t.is(await crashAfter(5_000), 100);
  t.is(await crashAfter(0), 200);
});

test('a failed supervisor can be started again, with a new budget', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, ...ends('1', { restart: { maxRestarts: 1, delay: 0 } }));
  const crashTwice = async () => {
    await next(supervisor, 'restart');
    const failed = next(supervisor, 'failed');
    clock.advance(0);
    return (await failed).restarts;
  };
  t.is(await crashTwice(), 1);
  const asked = next(supervisor, 'restart');
  // Without a way to tell, a process is ready once it has been started.
  await Promise.all([supervisor.restart(), asked]);
  t.is((await asked).reason, 'requested');
  t.is(await crashTwice(), 2);
  t.is(supervisor.state, 'failed');
});

for (const [title, target, options] of [
  ['a command that does not exist', { command: '/nowhere/to/be/found' }, {}],
  ['a working directory that does not exist', { command: process.execPath }, { cwd: '/nowhere/to/be/found' }],
]) {
  test(`${title} is a failed start`, async (t) => {
    const { supervisor } = superviseWithClock(t, target, { ...options, restart: 'never' });
    const names = eventsOf(supervisor);
    const error = await next(supervisor, 'failed');
    t.like(error, { reason: 'spawn', exitCode: null, signal: null });
    t.is(error.cause.code, 'ENOENT');
    t.deepEqual(names, ['failed']);
  });
}

test('an output file that can not be opened is a failed start', async (t) => {
  const stdout = { file: '/nowhere/to/be/found' };
  const { supervisor } = superviseWithClock(t, fixture('idle'), { stdout, restart: 'never' });
  const error = await next(supervisor, 'failed');
  t.is(error.reason, 'spawn');
  t.is(error.cause.syscall, 'open');
});

test('a failed start is tried again like a crash', async (t) => {
  const restart = { maxRestarts: 1, delay: 10 };
  const { supervisor, clock } = superviseWithClock(t, { command: '/nowhere/to/be/found' }, { restart });
  t.like(await next(supervisor, 'restart'), { reason: 'spawn', delay: 10 });
  const failed = next(supervisor, 'failed');
  clock.advance(10);
  t.is((await failed).reason, 'spawn');
});

test('restart() ends the process and starts another one', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const { pid } = supervisor;
  const names = eventsOf(supervisor);
  await supervisor.restart();
  t.not(supervisor.pid, pid);
  t.deepEqual(names, ['restart', 'exit', 'start', 'ready']);
  t.is(supervisor.restarts, 0, 'only what nobody asked for is counted');
});

test('restart() does not wait for a delay', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  process.kill(supervisor.pid, 'SIGKILL');
  await next(supervisor, 'restart');
  await supervisor.restart();
  t.is(supervisor.state, 'running');
  const { pid } = supervisor;
  clock.advance(1e6);
  t.is(supervisor.pid, pid, 'the restart that was waiting is off');
});

test('messages of the process arrive, and can be sent', async (t) => {
  const script = "process.on('message', (message) => process.send({ echo: message })); process.send('hello')";
  const supervisor = superviseFor(t, { command: process.execPath, args: ['-e', script] }, { ready: 'message' });
  t.is(await next(supervisor, 'message'), 'hello');
  supervisor.process.send({ map: 1 });
  t.deepEqual(await next(supervisor, 'message'), { echo: { map: 1 } });
});

test('a listener that throws does not keep it from going on', async (t) => {
  const script = `
    const { supervise } = require(${JSON.stringify(path.resolve(import.meta.dirname, '../../dist/pool.js'))});
    process.on('uncaughtException', (error) => console.log(error.message));
    const supervisor = supervise(${JSON.stringify(fixture('ends'))}, { argv: ['1'], restart: { maxRestarts: 1, delay: 0 } });
    for (const event of ['start', 'exit', 'restart', 'failed']) {
      supervisor.on(event, () => {
        throw new Error(event);
      });
    }
  `;
  const program = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const printed = Buffer.concat(await program.stdout.toArray()).toString();
  t.deepEqual(printed.split('\n'), ['start', 'exit', 'restart', 'start', 'exit', 'failed', '']);
});

test("a message to a process that has gone is not this process's end", async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const child = supervisor.process;
  await supervisor.stop();
  const failed = next(child, 'error');
  child.send('hello');
  t.true(['ERR_IPC_CHANNEL_CLOSED', 'EPIPE'].includes((await failed).code), 'the Nodes differ');
});
