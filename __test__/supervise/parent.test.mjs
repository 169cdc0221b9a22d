// What becomes of a process when the one that supervises it goes.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import test from 'ava';
import { fixture, next, superviseFor } from './supervised.mjs';

const needsPosix = process.platform === 'win32' ? test.skip : test;

/**
 * Starts fixtures/parent.cjs with these options of `supervise`. The process that it supervises, and whatever that one starts,
 * hold its standard output: it is closed once all of them have gone.
 */
async function startParent(t, options) {
  const program = [fixture('parent'), JSON.stringify(options)];
  const parent = spawn(process.execPath, program, { stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
  const output = [];
  parent.stdout.setEncoding('utf8').on('data', (text) => output.push(text));
  const closed = once(parent, 'close');
  // What the process sends is passed on: first that it is ready.
  await next(parent, 'message');
  const { pid } = await next(parent, 'message');
  t.teardown(() => killGroup(pid));
  t.teardown(() => parent.kill('SIGKILL'));
  const lines = async () => {
    await closed;
    return output.join('').split('\n').slice(0, -1);
  };
  return { parent, pid, closed, lines, output };
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

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL']) {
  needsPosix(`nothing is left when the parent is ended by ${signal}`, async (t) => {
    const { parent, closed } = await startParent(t, { traits: ['parent', 'stubborn'] });
    parent.kill(signal);
    t.deepEqual(await closed, [null, signal]);
  });
}

needsPosix('a detached process outlives its parent', async (t) => {
  const { parent, pid, closed } = await startParent(t, { detached: true });
  parent.send('exit');
  await next(parent, 'exit');
  t.notThrows(() => process.kill(pid, 0));
  process.kill(pid, 'SIGTERM');
  await closed;
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
