// Several processes of one service.

import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { inspect } from 'node:util';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { ask, keepAsking } from './clients.mjs';
import { fixture, next, superviseFor } from './supervised.mjs';

const HOST = '127.0.0.1';
const THREE = { instances: 3, ready: 'message', restart: { delay: 1 } };
const onPort = { ...THREE, handles: { http: { port: 0, host: HOST } } };
const addressOf = (group) => ({ host: HOST, port: group.addresses.http.port });
const needsHandles = process.platform === 'win32' ? test.skip : test;
const needsSignals = process.platform === 'win32' ? test.skip : test;

const pidsOf = (group) => group.instances.map(({ pid }) => pid);
const statesOf = (group) => group.instances.map(({ state }) => state);

/** What happens from now on, as [event, instance]. */
const record = (group) => {
  const events = [];
  for (const event of ['start', 'ready', 'exit', 'restart', 'stop']) {
    group.on(event, ({ instance }) => events.push(`${event} ${instance}`));
  }
  group.on('failed', (_error, { instance }) => events.push(`failed ${instance}`));
  return events;
};

test('each has its number and its events, and is restarted by itself', async (t) => {
  const stdout = new PassThrough();
  const script =
    "console.log(process.env.NODE_APP_INSTANCE, process.env.A); process.send('ready'); setInterval(() => {}, 1e6)";
  const target = { command: process.execPath, args: ['-e', script] };
  const group = superviseFor(t, target, {
    ...THREE,
    name: 'it',
    env: { A: 'a' },
    stdout: { stream: stdout, prefix: true },
  });
  const messages = [];
  group.on('message', (message, _handle, { pid, instance }) => messages.push([message, pid, instance]));
  await group.whenReady();
  const pids = pidsOf(group);
  t.is(new Set(pids).size, 3);
  t.deepEqual(
    messages.toSorted((left, right) => left[2] - right[2]),
    pids.map((pid, instance) => ['ready', pid, instance]),
  );
  t.deepEqual(
    group.stats().map(({ state, pid }) => [state, pid]),
    pids.map((pid) => ['running', pid]),
  );
  t.regex(inspect(group), /^SupervisorGroup \{\s+instances: \[/);
  const events = record(group);
  process.kill(pids[1], 'SIGKILL');
  t.like(await next(group, 'restart'), { reason: 'signal', signal: 'SIGKILL', attempt: 1, instance: 1 });
  t.like(await next(group, 'ready'), { instance: 1 });
  t.deepEqual(events, ['exit 1', 'restart 1', 'start 1', 'ready 1']);
  const after = pidsOf(group);
  t.deepEqual([after[0], after[2]], [pids[0], pids[2]]);
  await group.stop();
  stdout.end();
  const lines = (await text(stdout)).trim().split('\n').sort();
  t.deepEqual(
    lines,
    [0, 1, 1, 2]
      .map((index, place) => `[it:${index} ${[pids[0], pids[1], after[1], pids[2]][place]}] ${index} a`)
      .sort(),
  );
});

needsHandles('they share sockets, and reload one after the other without a gap', async (t) => {
  const group = superviseFor(t, fixture('server'), onPort);
  await group.whenReady();
  const before = pidsOf(group);
  const address = addressOf(group);
  const load = keepAsking(address, 4, () => false);
  await load.answered(20);
  const events = record(group);
  await group.reload();
  await load.answered(20);
  await load.end();
  t.deepEqual(load.failures, []);
  t.deepEqual(
    events,
    [0, 1, 2].flatMap((index) => [`start ${index}`, `ready ${index}`, `exit ${index}`]),
  );
  t.is(new Set([...before, ...pidsOf(group)]).size, 6);
  // As long as one is up, so is the socket.
  await group.instances[0].stop();
  await group.instances[1].stop();
  t.is(Number.parseInt(await ask(address, false), 10), group.instances[2].pid);
  await group.instances[2].stop();
  t.deepEqual(group.addresses, {});
});

needsHandles('one that fails to reload ends the reload, and all go on', async (t) => {
  const root = treeFor(t, { version: 'one' });
  const file = path.join(root, 'version');
  const group = superviseFor(t, fixture('server'), { ...onPort, argv: [file] });
  await group.whenReady();
  const before = pidsOf(group);
  fs.writeFileSync(file, 'broken');
  const error = await t.throwsAsync(group.reload(), { code: 'ERR_SUPERVISED_PROCESS_FAILED' });
  t.regex(error.message, /the former process goes on$/);
  t.deepEqual(pidsOf(group), before);
  t.deepEqual(statesOf(group), ['running', 'running', 'running']);
});

needsHandles('restarts come one after the other, and bring back all', async (t) => {
  const group = superviseFor(t, fixture('server'), onPort);
  await group.whenReady();
  const events = record(group);
  await Promise.all([group.restart(), group.restart()]);
  const round = [0, 1, 2].flatMap((index) => [`restart ${index}`, `exit ${index}`, `start ${index}`, `ready ${index}`]);
  t.deepEqual(events, [...round, ...round]);
  await group.stop();
  t.deepEqual(statesOf(group), ['stopped', 'stopped', 'stopped']);
});

test('what was stopped is started again by a restart', async (t) => {
  const group = superviseFor(t, fixture('idle'), THREE);
  await group.whenReady();
  await group.stop();
  await group.restart();
  t.deepEqual(statesOf(group), ['running', 'running', 'running']);
  t.is(group.instances.filter(({ restarts }) => restarts === 0).length, 3);
});

test('a stop ends all at once, and what was asked for before', async (t) => {
  const group = superviseFor(t, fixture('idle'), THREE);
  await group.whenReady();
  const events = record(group);
  const restarting = group.restart();
  const waiting = group.reload();
  await next(group, 'restart');
  const stopped = group.stop();
  await t.throwsAsync(restarting, { code: 'ERR_SUPERVISOR_STOPPED' });
  await t.throwsAsync(waiting, { code: 'ERR_SUPERVISOR_STOPPED' });
  await stopped;
  t.deepEqual(statesOf(group), ['stopped', 'stopped', 'stopped']);
  t.deepEqual(events.filter((event) => event.startsWith('stop')).sort(), ['stop 0', 'stop 1', 'stop 2']);
  t.false(events.includes('restart 1'));
  await t.throwsAsync(group.whenReady(), { code: 'ERR_SUPERVISOR_STOPPED' });
});

test('one that fails leaves the others', async (t) => {
  const script =
    "if (process.env.NODE_APP_INSTANCE === '1') process.exit(3); setInterval(() => {}, 1e6); process.send('ready')";
  const target = { command: process.execPath, args: ['-e', script] };
  const group = superviseFor(t, target, { ...THREE, restart: { delay: 0, maxRestarts: 1 } });
  const failed = once(group, 'failed');
  await t.throwsAsync(group.whenReady(), { code: 'ERR_SUPERVISED_PROCESS_FAILED' });
  const [error, whose] = await failed;
  t.like(error, { reason: 'exit', exitCode: 3, restarts: 1 });
  t.deepEqual(whose, { instance: 1 });
  await Promise.all([0, 2].map((index) => group.instances[index].whenReady()));
  t.deepEqual(statesOf(group), ['running', 'failed', 'running']);
});

needsSignals('signals of this process reach all of them, as long as any is up', async (t) => {
  const stdout = new PassThrough();
  const options = { ...THREE, argv: ['tells-signals'], stdout, forwardSignals: ['SIGUSR2', 'SIGTERM'] };
  const group = superviseFor(t, fixture('idle'), options);
  await group.whenReady();
  const listeners = () => ['SIGUSR2', 'SIGTERM'].map((signal) => process.listenerCount(signal));
  const whileUp = listeners();
  process.emit('SIGUSR2', 'SIGUSR2');
  let told = '';
  for await (const chunk of stdout) {
    told += chunk;
    if (told === 'SIGUSR2\n'.repeat(3)) break;
  }
  await group.instances[0].stop();
  t.deepEqual(listeners(), whileUp);
  const stops = [];
  group.on('stop', ({ reason, instance }) => stops.push([reason, instance]));
  const [second, third] = [1, 2].map((index) => next(group.instances[index], 'stop'));
  process.emit('SIGTERM', 'SIGTERM');
  await Promise.all([second, third]);
  t.deepEqual(
    stops.toSorted((left, right) => left[1] - right[1]),
    [
      ['signal', 1],
      ['signal', 2],
    ],
  );
  t.deepEqual(
    listeners(),
    whileUp.map((count) => count - 1),
  );
});

test('an AbortSignal stops all of them', async (t) => {
  const controller = new AbortController();
  const group = superviseFor(t, fixture('idle'), { ...THREE, signal: controller.signal });
  await group.whenReady();
  const stopped = Promise.all(group.instances.map((instance) => next(instance, 'stop')));
  controller.abort(new Error('why'));
  t.deepEqual(
    (await stopped).map(({ reason }) => reason),
    ['aborted', 'aborted', 'aborted'],
  );
  await t.throwsAsync(group.restart(), { message: 'why' });
  t.throws(() => superviseFor(t, fixture('idle'), { ...THREE, signal: controller.signal }), { message: 'why' });
});
