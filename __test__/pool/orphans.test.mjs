// The parent is gone, however it went: so are its workers, whatever they do, and what they have started.
//
// FAST_RESOLVE_TEST=long kills 200 parents.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { createMark, untilGone, untilRunning } from '../helpers/survivors.mjs';
import { begin, createPool, fixture, SYSTEMS } from './pools.mjs';

// Survivors are found by /proc.
const needsProc = process.platform === 'linux' ? test : test.skip;
const needsProcAlone = process.platform === 'linux' ? test.serial : test.skip;
const KILLS = process.env.FAST_RESOLVE_TEST === 'long' ? 200 : 12;

function startParent(mark, env = {}, tasks = ['block', 'hang', 'startSleep']) {
  return spawn(process.execPath, [fixture('parent.mjs'), mark, ...tasks], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
}

/** A worker that is blocked can only be ended from without its JavaScript, which takes the addon. */
const canEndBlocked = (env) => env.NAPI_RS_NATIVE_LIBRARY_PATH === undefined;

for (const [title, env] of SYSTEMS.filter(([, variables]) => canEndBlocked(variables))) {
  needsProc(`nothing is left when the parent is killed, ${title}`, async (t) => {
    const mark = createMark();
    const parent = startParent(mark, env);
    await once(parent, 'message');
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await untilGone(mark);
    t.pass();
  });
}

needsProc('where there is no addon, nothing is left of workers that look', async (t) => {
  const mark = createMark();
  const parent = startParent(mark, SYSTEMS.at(-1)[1], ['hang', 'startSleep', 'hang']);
  await once(parent, 'message');
  parent.kill('SIGKILL');
  await once(parent, 'exit');
  await untilGone(mark);
  t.pass();
});

for (const [title, env] of SYSTEMS) {
  needsProc(`what workers have started goes, when they are killed and then their parent, ${title}`, async (t) => {
    const mark = createMark();
    const parent = startParent(mark, env, ['startSleep', 'startSleep', 'startSleep']);
    await once(parent, 'message');
    parent.send('killAll');
    t.deepEqual(await once(parent, 'exit'), [null, 'SIGKILL']);
    await untilGone(mark);
  });
}

/** How a worker comes to its end, and what its task is told. */
const ENDS = {
  close: (pool, controller) => {
    const closed = pool.close();
    controller.abort();
    return closed;
  },
  destroy: (pool) => pool.destroy(),
  crash: (pool) => pool.workers[0].process.kill('SIGSEGV'),
  timeout: () => {},
  abort: (_pool, controller) => controller.abort(),
  recycle: (pool, controller) => {
    pool.recycleWorkers();
    controller.abort();
  },
  'idle end': (_pool, controller) => controller.abort(),
};

for (const [title, end] of Object.entries(ENDS)) {
  needsProc(`what a worker has started goes with it: ${title}`, async (t) => {
    const mark = createMark();
    const controller = new AbortController();
    const pool = createPool(t, {
      killAfter: title === 'abort' || title === 'timeout' ? 1 : Number.POSITIVE_INFINITY,
      idleTimeout: title === 'idle end' ? 1 : 60_000,
    });
    const options = { signal: controller.signal, timeout: title === 'timeout' ? 1000 : undefined };
    const { promise } = await begin(pool, mark, {
      ...options,
      name: title === 'timeout' || title === 'abort' ? 'startSleep' : 'startSleepUntilAborted',
    });
    await untilRunning(mark);
    await Promise.all([end(pool, controller), t.throwsAsync(promise, { any: true })]);
    await untilGone(mark);
  });
}

for (const deed of ['exit', 'throw']) {
  needsProc(`nothing is left when the parent ends by itself: ${deed}`, async (t) => {
    const mark = createMark();
    const parent = startParent(mark);
    await once(parent, 'message');
    parent.send(deed);
    t.deepEqual(await once(parent, 'exit'), [deed === 'exit' ? 0 : 1, null]);
    await untilGone(mark);
  });
}

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
  needsProc(`nothing is left when the parent is ended by ${signal}`, async (t) => {
    const mark = createMark();
    const parent = startParent(mark);
    await once(parent, 'message');
    parent.kill(signal);
    t.deepEqual(await once(parent, 'exit'), [null, signal]);
    await untilGone(mark);
  });
}

needsProcAlone(`nothing is left when the parent is killed at any point of its life, ${KILLS} times`, async (t) => {
  t.timeout(1_200_000);
  const killOne = async () => {
    const mark = createMark();
    const parent = startParent(mark);
    // Before it has started anything, while it does, or while all of them are busy. How far it comes is left to chance.
    await wait(Math.random() * 600);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await untilGone(mark);
  };
  for (let kills = 0; kills < KILLS; kills += 2) await Promise.all([killOne(), killOne()]);
  t.pass();
});
