// What becomes of a process when the one that supervises it goes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const require = createRequire(import.meta.url);
const { Guard } = require('../../lib/shared/guard.js');
const { isCoreUsable } = require('../../lib/commands/engine.js');

const needsPosix = process.platform === 'win32' ? test.skip : test;
/** Without it the parent itself tells of what it has started. */
const needsCore = isCoreUsable() ? test : test.skip;

/**
 * Starts fixtures/parent.cjs with these options of `supervise`. The process that it supervises, and whatever that one starts,
 * hold its standard output: it is closed once all of them have gone.
 */
async function startParent(t, options, env = {}) {
  const program = [fixture('parent'), JSON.stringify(options)];
  const parent = spawn(process.execPath, program, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
  });
  const output = [];
  parent.stdout.setEncoding('utf8').on('data', (text) => output.push(text));
  const closed = once(parent, 'close');
  const pid = await pidFrom(parent);
  t.teardown(() => killGroup(pid));
  t.teardown(() => parent.kill('SIGKILL'));
  const lines = async () => {
    await closed;
    return output.join('').split('\n').slice(0, -1);
  };
  return { parent, pid, closed, lines, output };
}

/** What the process sends is passed on, too: that it is ready comes first, perhaps in the same turn. */
function pidFrom(parent) {
  return new Promise((resolve, reject) => {
    parent.once('exit', (...end) => reject(new Error(`The parent ended early: ${end}`)));
    parent.on('message', function listen({ pid }) {
      if (pid === undefined) return;
      parent.off('message', listen);
      resolve(pid);
    });
  });
}

function killGroup(pid) {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

for (const [title, deed] of [
  ['exits', 'exit'],
  ['throws', 'throw'],
  ['is killed', 'kill'],
]) {
  needsPosix(`nothing is left when the parent ${title}`, async (t) => {
    const { parent, lines } = await startParent(t, { traits: ['parent', 'stubborn'] });
    parent.send(deed);
    const [first, ...others] = await lines();
    t.regex(first, /^grandchild \d+$/);
    t.deepEqual(others, []);
  });
}

const KILLS = process.env.FAST_RESOLVE_TEST === 'long' ? 200 : 8;

needsPosix(`nothing is left when the parent is killed at any point of its life, ${KILLS} times`, async (t) => {
  for (let kills = 0; kills < KILLS; kills++) {
    const options = { traits: ['parent', 'stubborn'], restart: { delay: 0, maxRestarts: Number.MAX_SAFE_INTEGER } };
    const program = [fixture('parent'), JSON.stringify(options)];
    const parent = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
    const output = [];
    parent.stdout.on('data', (text) => output.push(text));
    const closed = once(parent, 'close');
    // Before it has started anything, while it does, or while all of them run.
    await setTimeout(Math.random() * 600);
    parent.kill('SIGKILL');
    const [, signal] = await closed;
    t.is(signal, 'SIGKILL', Buffer.concat(output).toString());
  }
});

needsCore('nothing is left when the parent is killed before it could say what it has started', async (t) => {
  const library = (name) => JSON.stringify(path.resolve(import.meta.dirname, '../../lib', name));
  const program = `
    const { Guard } = require(${library('shared/guard.js')});
    const { supervise } = require(${library('supervise/supervise.js')});
    Guard.prototype.add = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    supervise(${JSON.stringify(fixture('idle'))}, { argv: ['parent'] });`;
  const parent = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(parent, 'close');
  const early = closed.then((end) => `ended early: ${end}`);
  t.regex(`${await Promise.race([next(parent.stdout, 'data'), early])}`, /^grandchild /);
  parent.kill('SIGKILL');
  t.deepEqual(await closed, [null, 'SIGKILL']);
});

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL']) {
  needsPosix(`nothing is left when the parent is ended by ${signal}`, async (t) => {
    const { parent, closed } = await startParent(t, { traits: ['parent', 'stubborn'] });
    parent.kill(signal);
    t.deepEqual(await closed, [null, signal]);
  });
}

/** Older systems, and such as have no addon. */
const SYSTEMS = [
  ['where groups are found by number', { FAST_RESOLVE_SPAWN_WITHOUT: 'group_signal' }],
  ['where Node starts processes', { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' }],
  ['without the addon', { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/to/be/found' }],
];

for (const [title, env] of SYSTEMS) {
  needsPosix(`nothing is left when the parent is killed, ${title}`, async (t) => {
    const { parent, closed } = await startParent(t, { traits: ['parent', 'stubborn'] }, env);
    parent.kill('SIGKILL');
    t.deepEqual(await closed, [null, 'SIGKILL']);
  });

  needsPosix(`nothing is left when the process crashes, ${title}`, async (t) => {
    const { pid, lines } = await startParent(t, { traits: ['parent'], restart: 'never' }, env);
    process.kill(pid, 'SIGKILL');
    t.deepEqual((await lines()).slice(1), ['exit SIGKILL', 'failed']);
  });
}

for (const deed of ['exit', 'throw']) {
  needsPosix(`nothing is left after ${deed} where there is no shell to watch`, async (t) => {
    const options = { traits: ['parent', 'stubborn'], hasShell: false };
    const { parent, lines } = await startParent(t, options, { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' });
    parent.send(deed);
    t.is((await lines()).length, 1);
  });
}

needsPosix.serial('what has ended is not watched over any more', async (t) => {
  const told = [];
  for (const name of ['start', 'add', 'remove', 'end']) {
    const original = Guard.prototype[name];
    Guard.prototype[name] = function (...args) {
      told.push([name, ...args]);
      return original.apply(this, args);
    };
    t.teardown(() => {
      Guard.prototype[name] = original;
    });
  }
  const { supervisor, clock } = superviseWithClock(t, fixture('idle'), { ready: 'message' });
  const first = supervisor.pid;
  await supervisor.whenReady();
  process.kill(first, 'SIGKILL');
  await next(supervisor, 'restart');
  t.deepEqual(told.splice(0), [['start'], ['add', first], ['remove', first]]);
  clock.advance(100);
  const second = supervisor.pid;
  await supervisor.whenReady();
  const reloaded = supervisor.reload();
  const { pid: third } = await next(supervisor, 'start');
  await reloaded;
  t.deepEqual(told, [['start'], ['add', second], ['start'], ['add', third], ['remove', second]]);
});

needsPosix('a detached process outlives its parent', async (t) => {
  const { parent, pid, output, closed } = await startParent(t, { traits: ['tells-signals'], detached: true });
  parent.send('exit');
  await next(parent, 'exit');
  process.kill(pid, 'SIGUSR2');
  while (!output.join('').includes('SIGUSR2')) await next(parent.stdout, 'data');
  process.kill(pid, 'SIGTERM');
  await closed;
  t.deepEqual(output, ['SIGUSR2\n']);
});

needsPosix('a detached process is stopped like any other', async (t) => {
  const { parent, lines } = await startParent(t, { detached: true });
  parent.send('stop');
  t.deepEqual(await lines(), ['exit SIGTERM', 'stop requested']);
});

needsPosix('a signal that ends programs stops the process when it is forwarded', async (t) => {
  const { parent, lines } = await startParent(t, { forwardSignals: ['SIGINT', 'SIGTERM'] });
  parent.kill('SIGINT');
  t.deepEqual(await lines(), ['exit SIGINT', 'stop signal']);
});

needsPosix('a second one reaches the process, too', async (t) => {
  const options = { traits: ['stubborn'], forwardSignals: ['SIGINT', 'SIGTERM'], stopTimeout: 2 ** 31 - 1 };
  const { parent, lines } = await startParent(t, options);
  parent.kill('SIGTERM');
  t.deepEqual(await next(parent, 'message'), { message: 'SIGTERM' }, 'it does not end by the first one');
  parent.kill('SIGINT');
  t.deepEqual(await lines(), ['exit SIGINT', 'stop signal']);
});

needsPosix('other signals are passed on', async (t) => {
  const { parent, output, lines } = await startParent(t, {
    traits: ['tells-signals'],
    forwardSignals: ['SIGHUP', 'SIGUSR2'],
  });
  for (const signal of ['SIGHUP', 'SIGUSR2']) {
    parent.kill(signal);
    while (!output.join('').includes(signal)) await next(parent.stdout, 'data');
  }
  parent.send('stop');
  t.deepEqual(await lines(), ['SIGHUP', 'SIGUSR2', 'exit SIGTERM', 'stop requested']);
});

test('signals are listened to while there is something to forward them to', async (t) => {
  const count = () => process.listenerCount('SIGUSR2');
  const before = count();
  const options = { forwardSignals: ['SIGUSR2', 'SIGUSR2'], ready: 'message' };
  const supervisors = Array.from({ length: 3 }, () => superviseFor(t, fixture('idle'), options));
  t.is(count(), before + 1);
  await supervisors[0].stop();
  await supervisors[1].stop();
  t.is(count(), before + 1);
  await supervisors[2].stop();
  t.is(count(), before);
  await supervisors[2].restart();
  t.is(count(), before + 1);
});
