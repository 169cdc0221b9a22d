// When a process counts as ready.

import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';
import { blockUntilThere } from '../helpers/block.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { eventsOf, fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const { HeldSockets } = createRequire(import.meta.url)('../../lib/supervise/held_sockets.js');

function withResolvers() {
  let resolve;
  const promise = new Promise((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

/** A port that is nobody else's, and that nobody listens on: [port, descriptor of its socket]. */
function boundPort(t) {
  const sockets = new HeldSockets({ tcp: { port: 0, host: '127.0.0.1' } });
  sockets.open();
  t.teardown(() => sockets.close());
  const [{ fd }] = sockets.stdio();
  return [sockets.addresses().tcp.port, fd];
}

test('without a way to tell, a process is ready once it has been started', async (t) => {
  const supervisor = superviseFor(t, { command: process.execPath, args: ['-e', 'setInterval(() => {}, 1e6)'] });
  t.is(supervisor.state, 'starting');
  const { pid } = supervisor;
  t.deepEqual(await next(supervisor, 'ready'), { pid });
  t.is(supervisor.state, 'running');
});

test('a message: only "ready" will do', async (t) => {
  const script = "process.on('message', (message) => process.send(message)); process.send('here');";
  const supervisor = superviseFor(t, { command: process.execPath, args: ['-e', script] }, { ready: 'message' });
  t.is(await next(supervisor, 'message'), 'here');
  for (const message of ['steady', { ready: true }, 'Ready']) {
    supervisor.process.send(message);
    t.deepEqual(await next(supervisor, 'message'), message);
    t.is(supervisor.state, 'starting');
  }
  supervisor.process.send('ready');
  await supervisor.whenReady();
  t.is(supervisor.state, 'running');
});

// Its socket can't be handed over on Windows; and a port that is only known to be free may be another's a moment later.
const needsHandles = process.platform === 'win32' ? test.skip : test;

needsHandles('a port: once it takes connections', async (t) => {
  const [port, fd] = boundPort(t);
  const options = { handles: { tcp: { fd } }, ready: { port, host: '127.0.0.1' } };
  const supervisor = superviseFor(t, fixture('listens'), options);
  t.is(await next(supervisor, 'message'), 'here');
  t.is(supervisor.state, 'starting');
  supervisor.process.send('listen');
  await supervisor.whenReady();
  t.is(supervisor.state, 'running');
});

test('a function: asked again while it says no or throws', async (t) => {
  const asked = [];
  const answers = [() => false, () => Promise.reject(new Error('not yet')), async () => false, () => undefined];
  const ready = ({ pid, process: child, signal }) => {
    asked.push([pid, child.pid, signal.aborted]);
    return answers[asked.length - 1]();
  };
  const supervisor = superviseFor(t, fixture('idle'), { ready });
  const { pid } = supervisor;
  await supervisor.whenReady();
  t.deepEqual(asked, Array(4).fill([pid, pid, false]));
});

for (const [title, ready, cause] of [
  ['a message that does not come', 'message', undefined],
  ['a port that nobody listens on', { port: 1, host: '127.0.0.1' }, undefined],
  ['a function that does not answer', () => new Promise(() => {}), undefined],
]) {
  test(`${title}: the process is ended when its time is up`, async (t) => {
    const options = { argv: ['silent'], ready, readyTimeout: 700, restart: 'never' };
    const { supervisor, clock } = superviseWithClock(t, fixture('idle'), options);
    const names = eventsOf(supervisor);
    await next(supervisor, 'start');
    clock.advance(699);
    t.is(supervisor.state, 'starting');
    const failed = next(supervisor, 'failed');
    clock.advance(1);
    const error = await failed;
    t.like(error, { reason: 'notReady', signal: 'SIGTERM' });
    t.is(error.message, `${fixture('idle')} was not ready within 700 ms`);
    t.is(error.cause, cause);
    t.deepEqual(names, ['start', 'exit', 'failed']);
  });
}

test('a process that said in time that it is ready is ready, though nobody listened', async (t) => {
  const file = path.join(treeFor(t, {}), 'said');
  const script = "process.send('ready', () => require('node:fs').writeFileSync(process.argv[1], ''));";
  const target = { command: process.execPath, args: ['-e', script + 'setInterval(() => {}, 1e6);', file] };
  const options = { ready: 'message', readyTimeout: 700, restart: 'never' };
  const { supervisor, clock } = superviseWithClock(t, target, options);
  const names = eventsOf(supervisor);
  await next(supervisor, 'start');
  // Timers and immediates run before the next look at what has come; in the middle of such a look, they would come too early.
  await new Promise((resolve) => setTimeout(resolve));
  blockUntilThere(file);
  clock.advance(700);
  await supervisor.whenReady();
  t.deepEqual(names, ['start', 'ready']);
});

test('what a function threw last is the cause', async (t) => {
  const cause = new Error('not yet');
  const asked = [withResolvers(), withResolvers()];
  let asks = 0;
  const ready = () => {
    // By then it has been heard.
    setImmediate(asked[asks].resolve);
    asks++;
    if (asks === 1) throw cause;
    return new Promise(() => {});
  };
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready, restart: 'never' });
  await asked[0].promise;
  clock.advance(50);
  await asked[1].promise;
  const failed = next(supervisor, 'failed');
  clock.advance(30_000);
  t.is((await failed).cause, cause);
});

test('a process that ends before it is ready is no failure if it ends well', async (t) => {
  const supervisor = superviseFor(t, fixture('ends'), { argv: ['0'], ready: 'message' });
  const waited = supervisor.whenReady();
  t.deepEqual(await next(supervisor, 'stop'), { reason: 'exit' });
  t.like(await t.throwsAsync(waited), { name: 'SuperviseError', code: 'ERR_SUPERVISOR_STOPPED' });
});

test('the signal that a function gets is given when the process ends', async (t) => {
  let asked;
  const signalled = new Promise((resolve) => {
    asked = resolve;
  });
  const ready = ({ signal }) => {
    asked(signal);
    return new Promise(() => {});
  };
  const supervisor = superviseFor(t, fixture('idle'), { ready });
  const signal = await signalled;
  t.false(signal.aborted);
  await supervisor.stop();
  t.true(signal.aborted);
});
