// A process that is ready is asked whether it still works.

import { setImmediate as turn } from 'node:timers/promises';
import test from 'ava';
import { eventsOf, fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const READY = { ready: 'message', restart: { delay: 0 } };

/** What is due may have something else to be awaited first. */
const settle = async () => {
  for (let turns = 0; turns < 5; turns++) await turn();
};

/** A supervisor whose process is asked, with answers that are told one by one. */
const superviseWithProbe = async (t, probe) => {
  const asked = [];
  const check = (process) => new Promise((resolve, reject) => asked.push({ ...process, resolve, reject }));
  const supervised = superviseWithClock(t, fixture('idle'), { ...READY, probe: { check, ...probe } });
  await supervised.supervisor.whenReady();
  const { clock } = supervised;
  const ask = async (interval = 10_000) => {
    clock.advance(interval);
    await settle();
    return asked.at(-1);
  };
  return { ...supervised, asked, ask };
};

test('so many failures in a row have it restarted', async (t) => {
  const { supervisor, clock, asked, ask } = await superviseWithProbe(t, {});
  const { pid } = supervisor;
  const fail = async (how) => {
    how(await ask());
    await settle();
  };
  t.is(asked.length, 0, 'not before an interval has passed');
  await fail(({ resolve }) => resolve(false));
  await fail(({ reject }) => reject(new Error('first')));
  // One that succeeds, whatever it answers, and they are counted anew.
  await fail(({ resolve }) => resolve(undefined));
  await fail(({ reject }) => reject(new Error('second')));
  await fail(({ reject }) => reject(new Error('third')));
  t.is(supervisor.state, 'running');
  t.is(asked.length, 5);
  t.like(asked[0], { pid, process: supervisor.process });
  t.true(asked[4].signal.aborted, 'nobody waits for an answer that was given');
  const [exited, restarted] = [next(supervisor, 'exit'), next(supervisor, 'restart')];
  await fail(({ reject }) => reject(new Error('last')));
  t.like(await exited, { pid, signal: 'SIGTERM' });
  const restart = await restarted;
  t.like(restart, { reason: 'probe', attempt: 1 });
  t.is(restart.error.message, 'last');
  clock.advance(0);
  await supervisor.whenReady();
  t.not(supervisor.pid, pid);
  await ask();
  t.is(asked.at(-1).pid, supervisor.pid, 'the next one is asked, too');
});

test('no answer within the time limit is a failure', async (t) => {
  const { supervisor, clock, ask } = await superviseWithProbe(t, { interval: 100, timeout: 50, failures: 1 });
  const { signal } = await ask(100);
  clock.advance(49);
  await settle();
  t.false(signal.aborted);
  const restarted = next(supervisor, 'restart');
  clock.advance(1);
  const { reason, error } = await restarted;
  t.is(reason, 'probe');
  t.is(error.message, 'The probe has not answered within 50 ms');
  t.true(signal.aborted);
});

test('one that was told to end is not asked any more', async (t) => {
  const { supervisor, clock, asked, ask } = await superviseWithProbe(t, { failures: 1 });
  const { signal, reject } = await ask();
  const events = eventsOf(supervisor);
  const stopped = supervisor.stop();
  t.true(signal.aborted);
  reject(new Error('late'));
  await stopped;
  clock.advance(1e6);
  await settle();
  t.is(asked.length, 1);
  t.deepEqual(events, ['exit', 'stop']);
  t.deepEqual(clock.pending, []);
});

test('nor is one that ends by itself', async (t) => {
  const { supervisor, clock, asked } = await superviseWithProbe(t, {});
  const restarted = next(supervisor, 'restart');
  supervisor.process.kill('SIGKILL');
  t.is((await restarted).reason, 'signal');
  clock.advance(0);
  t.is(asked.length, 0);
});

test('given up, it says what failed', async (t) => {
  const options = {
    ready: 'message',
    restart: 'never',
    probe: { check: () => Promise.reject(new Error('no answer')), interval: 1, failures: 2 },
  };
  const error = await next(superviseFor(t, fixture('idle'), options), 'failed');
  t.is(error.reason, 'probe');
  t.regex(error.message, /idle\.cjs failed 2 probes in a row$/);
  t.is(error.cause.message, 'no answer');
});

test('a function that throws has failed, and so has one that answers false', async (t) => {
  for (const check of [
    () => {
      throw new Error('thrown');
    },
    () => false,
  ]) {
    const options = { ready: 'message', restart: 'never', probe: { check, interval: 1, failures: 1 } };
    const { reason } = await next(superviseFor(t, fixture('idle'), options), 'failed');
    t.is(reason, 'probe');
  }
});
