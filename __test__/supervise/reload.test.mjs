// One process takes over from another, and nobody is refused or cut off.

import { spawn } from 'node:child_process';
import fs from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import test from 'ava';
import { treeFor } from '../helpers/tree.mjs';
import { ask, isRefused, keepAsking } from './clients.mjs';
import { eventsOf, fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const HOST = '127.0.0.1';
const isLong = process.env.FAST_RESOLVE_TEST === 'long';

// Sockets can't be handed over that way on Windows, where the option says so.
const needsHandles = process.platform === 'win32' ? test.skip : test;
const onPort = { handles: { http: { port: 0, host: HOST } }, ready: 'message' };
const addressOf = (supervisor) => ({ host: HOST, port: supervisor.addresses.http.port });

for (const [kind, createAgent] of [
  ['a connection for each request', () => false],
  ['connections that are kept', () => new http.Agent({ keepAlive: true, maxSockets: 1 })],
]) {
  needsHandles(`reloads under load lose no request, with ${kind}`, async (t) => {
    const supervisor = superviseFor(t, fixture('server'), onPort);
    await supervisor.whenReady();
    const load = keepAsking(addressOf(supervisor), 8, createAgent);
    const pids = [supervisor.pid];
    for (let reloads = 0; reloads < (isLong ? 100 : 5); reloads++) {
      await load.answered(20);
      await supervisor.reload();
      pids.push(supervisor.pid);
    }
    await load.answered(20);
    await load.end();
    t.deepEqual(load.failures, []);
    t.is(new Set(pids).size, pids.length);
    const answered = new Set(load.answers.map((answer) => Number.parseInt(answer, 10)));
    t.deepEqual(
      pids.filter((pid) => !answered.has(pid)),
      [],
      'every process had its share',
    );
    t.is(supervisor.restarts, 0);
  });
}

needsHandles('who connects while there is no process waits for one', async (t) => {
  const { supervisor, clock } = superviseWithClock(t, fixture('server'), onPort);
  await supervisor.whenReady();
  const address = addressOf(supervisor);
  process.kill(supervisor.pid, 'SIGKILL');
  const { delay } = await next(supervisor, 'restart');
  const connected = net.connect(address);
  await next(connected, 'connect');
  const answer = ask(address, false);
  clock.advance(delay);
  t.is(Number.parseInt(await answer, 10), supervisor.pid);
  connected.destroy();
});

needsHandles('the socket is gone once it has stopped, and the same one when it is started again', async (t) => {
  // Meanwhile its port is anybody's, and somebody may take it: then another one is tried.
  for (let attemptsLeft = 5; ; attemptsLeft--) {
    const supervisor = superviseFor(t, fixture('server'), onPort);
    await supervisor.whenReady();
    const address = addressOf(supervisor);
    await supervisor.stop();
    t.deepEqual(supervisor.addresses, {});
    const wasRefused = await isRefused(address);
    try {
      await supervisor.restart();
    } catch (error) {
      if (error.code === 'EADDRINUSE' && attemptsLeft > 1) continue;
      throw error;
    }
    if (!wasRefused && attemptsLeft > 1) continue;
    t.true(wasRefused);
    t.deepEqual(addressOf(supervisor), address);
    t.is(Number.parseInt(await ask(address, false), 10), supervisor.pid);
    return;
  }
});

needsHandles('the former process goes on if the next one is never ready', async (t) => {
  const root = treeFor(t, { version: 'one' });
  const version = path.join(root, 'version');
  const supervisor = superviseFor(t, fixture('server'), { ...onPort, argv: [version] });
  await supervisor.whenReady();
  const { pid } = supervisor;
  const load = keepAsking(addressOf(supervisor), 4, () => false);
  fs.writeFileSync(version, 'broken');
  const names = eventsOf(supervisor);
  const error = await t.throwsAsync(supervisor.reload());
  t.like(error, { code: 'ERR_SUPERVISED_PROCESS_FAILED', reason: 'exit', exitCode: 1 });
  t.is(error.message, `${fixture('server')} ended with exit code 1; the former process goes on`);
  t.deepEqual(names, ['start', 'exit']);
  t.is(supervisor.pid, pid);
  t.is(supervisor.state, 'running');
  fs.writeFileSync(version, 'two');
  await supervisor.reload();
  await load.answered(8);
  await load.end();
  t.deepEqual(load.failures, []);
  t.deepEqual([...new Set(load.answers.map((answer) => answer.split(' ')[1]))], ['one', 'two']);
});

needsHandles('a next process that is not ready in time is ended, and the former one goes on', async (t) => {
  let isAnswering = true;
  const ready = () => isAnswering;
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready, readyTimeout: 50 });
  await supervisor.whenReady();
  const { pid } = supervisor;
  isAnswering = false;
  const reloaded = t.throwsAsync(supervisor.reload(), { code: 'ERR_SUPERVISED_PROCESS_FAILED' });
  const started = await next(supervisor, 'start');
  clock.advance(50);
  t.is((await reloaded).reason, 'notReady');
  t.not(started.pid, pid);
  t.is(supervisor.pid, pid);
});

needsHandles('the former process may end in the meantime', async (t) => {
  const supervisor = superviseFor(t, fixture('server'), onPort);
  await supervisor.whenReady();
  const { pid } = supervisor;
  const names = eventsOf(supervisor);
  const reloaded = supervisor.reload();
  await next(supervisor, 'start');
  process.kill(pid, 'SIGKILL');
  await reloaded;
  t.deepEqual([...names].sort(), ['exit', 'ready', 'start'], 'it is not restarted: the next one is there');
  t.is(supervisor.state, 'running');
});

needsHandles('where both end, it is restarted', async (t) => {
  let isAnswering = true;
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready: () => isAnswering });
  await supervisor.whenReady();
  const { pid } = supervisor;
  isAnswering = false;
  const reloaded = t.throwsAsync(supervisor.reload(), { code: 'ERR_SUPERVISED_PROCESS_FAILED' });
  const started = await next(supervisor, 'start');
  process.kill(pid, 'SIGKILL');
  t.is((await next(supervisor, 'exit')).pid, pid);
  t.is(supervisor.state, 'reloading');
  const restart = next(supervisor, 'restart');
  process.kill(started.pid, 'SIGKILL');
  t.like(await restart, { reason: 'signal', signal: 'SIGKILL', attempt: 1 });
  await reloaded;
  isAnswering = true;
  clock.advance(100);
  await supervisor.whenReady();
  t.is(supervisor.state, 'running');
});

test('stop() during a reload ends both', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const names = eventsOf(supervisor);
  const reloaded = t.throwsAsync(supervisor.reload(), { code: 'ERR_SUPERVISOR_STOPPED' });
  await next(supervisor, 'start');
  await supervisor.stop();
  await reloaded;
  t.deepEqual(names.filter((name) => name === 'exit').length, 2);
  t.is(names.at(-1), 'stop');
});

test('where there is nothing to take over from, a reload is a restart', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.stop();
  await supervisor.reload();
  t.is(supervisor.state, 'running');
});

test('reloads that are asked for at once take place one after the other', async (t) => {
  const supervisor = superviseFor(t, fixture('idle'), { ready: 'message' });
  await supervisor.whenReady();
  const names = eventsOf(supervisor);
  await Promise.all([supervisor.reload(), supervisor.reload(), supervisor.restart()]);
  const reload = ['start', 'ready', 'exit'];
  t.deepEqual(names, [...reload, ...reload, 'restart', 'exit', 'start', 'ready']);
});

needsHandles('sockets have names, and descriptors from 3 on', async (t) => {
  const root = treeFor(t, {});
  const socketPath = path.join(root, 'socket');
  const given = net.createServer().listen(0, HOST);
  await next(given, 'listening');
  t.teardown(() => given.close());
  const script = `
    const { LISTEN_FDS, LISTEN_FDNAMES, LISTEN_PID } = process.env;
    const http = require('node:http');
    LISTEN_FDNAMES.split(':').forEach((name, index) => {
      if (name !== 'given') http.createServer((request, response) => response.end(name)).listen({ fd: 3 + index });
    });
    process.send({ LISTEN_FDS, LISTEN_FDNAMES, LISTEN_PID, given: require('node:fs').fstatSync(5).isSocket() });
    process.send('ready');
  `;
  const handles = { tcp: { port: 0, host: HOST }, unix: { path: socketPath }, given: { fd: given._handle.fd } };
  const target = { command: process.execPath, args: ['-e', script] };
  const supervisor = superviseFor(t, target, { handles, ready: 'message', env: { LISTEN_PID: 'mine' } });
  t.deepEqual(await next(supervisor, 'message'), {
    LISTEN_FDS: '3',
    LISTEN_FDNAMES: 'tcp:unix:given',
    LISTEN_PID: 'mine',
    given: true,
  });
  await supervisor.whenReady();
  t.deepEqual(Object.keys(supervisor.addresses), ['tcp', 'unix']);
  t.is(supervisor.addresses.unix, socketPath);
  t.like(supervisor.addresses.tcp, { address: HOST, family: 'IPv4' });
  t.is(await ask({ host: HOST, port: supervisor.addresses.tcp.port }, false), 'tcp');
  t.is(await ask({ socketPath }, false), 'unix');
  await supervisor.stop();
  t.true(await isRefused({ socketPath }));
  t.false(fs.existsSync(socketPath));
});

needsHandles('an address that is in use is told at once, and nothing is left', async (t) => {
  const holder = net.createServer().listen(0, HOST);
  await next(holder, 'listening');
  t.teardown(() => holder.close());
  const { port } = holder.address();
  const root = treeFor(t, {});
  const handles = { first: { path: path.join(root, 'socket') }, second: { port, host: HOST } };
  t.throws(() => superviseFor(t, fixture('server'), { handles }), {
    code: 'EADDRINUSE',
    message: `bind EADDRINUSE ${HOST}:${port}`,
  });
  t.deepEqual(fs.readdirSync(root), []);
});

needsHandles('without an address it listens on all, with IPv6 where the system has it', async (t) => {
  const supervisor = superviseFor(t, fixture('server'), { ...onPort, handles: { http: { port: 0 } } });
  await supervisor.whenReady();
  t.true(['::', '0.0.0.0'].includes(supervisor.addresses.http.address));
  t.is(Number.parseInt(await ask(addressOf(supervisor), false), 10), supervisor.pid);
});

const needsLinux = process.platform === 'linux' ? test : test.skip;

needsLinux('a socket that was left by a process that was killed is taken', async (t) => {
  const socketPath = path.join(treeFor(t, {}), 'left.sock');
  const text = `require('node:net').createServer().listen(${JSON.stringify(socketPath)}, () => process.send('listens'))`;
  const owner = spawn(process.execPath, ['-e', text], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  t.teardown(() => owner.kill('SIGKILL'));
  await next(owner, 'message');
  const options = { handles: { unix: { path: socketPath } }, ready: 'message' };
  t.throws(() => superviseFor(t, fixture('server'), options), { code: 'EADDRINUSE' });
  t.true(fs.existsSync(socketPath));
  owner.kill('SIGKILL');
  await next(owner, 'exit');
  const supervisor = superviseFor(t, fixture('server'), options);
  await supervisor.whenReady();
  t.is(Number.parseInt(await ask({ socketPath }, false), 10), supervisor.pid);
});

needsLinux('a file that is no socket is left alone', (t) => {
  const file = path.join(treeFor(t, { file: 'text' }), 'file');
  t.throws(() => superviseFor(t, fixture('server'), { handles: { unix: { path: file } } }), { code: 'EADDRINUSE' });
  t.is(fs.readFileSync(file, 'utf8'), 'text');
});
