// What a supervisor tells of itself: its numbers in one call, and its events on a diagnostics channel.

import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import test from 'ava';
import { fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

test('stats() follows a process from its start to its stop, by the clock', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready: () => true });
  t.deepEqual(supervisor.stats(), { state: 'starting', pid: supervisor.pid, restarts: 0, attempt: 0, uptimeMs: 0 });
  await supervisor.whenReady();
  clock.advance(1500);
  t.deepEqual(supervisor.stats(), { state: 'running', pid: supervisor.pid, restarts: 0, attempt: 0, uptimeMs: 1500 });

  const restarted = next(supervisor, 'restart');
  supervisor.process.kill('SIGKILL');
  await restarted;
  t.deepEqual(supervisor.stats(), { state: 'backoff', pid: undefined, restarts: 1, attempt: 1, uptimeMs: 0 });
  await supervisor.stop();
  t.like(supervisor.stats(), { state: 'stopped', pid: undefined, restarts: 1, uptimeMs: 0 });
});

test('each event is told on the channel, with the supervisor and what a listener gets', async (t) => {
  const told = [];
  const listen = (message) => told.push(message);
  subscribe('fast-resolve:supervisor', listen);
  t.teardown(() => unsubscribe('fast-resolve:supervisor', listen));
  const supervisor = superviseFor(t, fixture('idle'));
  const emitted = [];
  for (const event of ['start', 'ready', 'exit', 'stop']) {
    supervisor.on(event, (...details) => emitted.push({ supervisor, event, details }));
  }
  await supervisor.whenReady();
  await supervisor.stop();
  const own = told.filter((message) => message.supervisor === supervisor);
  t.deepEqual(
    own.map(({ event }) => event),
    ['start', 'ready', 'exit', 'stop'],
  );
  t.deepEqual(own, emitted);
});
