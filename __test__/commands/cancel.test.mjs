// Cancelling by an AbortSignal: before, while waiting, while starting, while running, after.

import test from 'ava';
import { AbortError, CommandError, failureOf, testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';
import { createMark, findMarked, until, untilGone, untilRunning, untilStopped } from '../helpers/survivors.mjs';

const isAborted = (t, error, reason) => {
  t.true(error instanceof AbortError);
  t.true(error instanceof CommandError);
  t.is(error.name, 'AbortError');
  t.is(error.code, 'ABORT_ERR');
  t.is(error.cause, reason);
  t.true(error.isCanceled);
  t.false(error.timedOut);
};

testEngines(test, 'a command that runs', async (t, createPool) => {
  const mark = createMark();
  const controller = new AbortController();
  const running = failureOf(createPool().run('sleep', [mark], { signal: controller.signal }));
  await untilRunning(mark);
  const reason = new Error('enough');
  controller.abort(reason);
  const error = await running;
  isAborted(t, error, reason);
  t.is(error.signal, 'SIGTERM');
  t.is(error.message, `Command was canceled: sleep ${mark}`);
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'the usual reason is Node’s', async (t, createPool) => {
  const controller = new AbortController();
  const running = failureOf(createPool().run('sleep', ['1000'], { signal: controller.signal }));
  controller.abort();
  const error = await running;
  isAborted(t, error, controller.signal.reason);
  t.is(error.cause.name, 'AbortError');
  const late = await failureOf(createPool().run('sleep', ['1000'], { signal: AbortSignal.timeout(20) }));
  t.is(late.cause.name, 'TimeoutError');
});

testEngines(test, 'a command that waits never starts', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool({ concurrency: 1 });
  const controller = new AbortController();
  const first = pool.run('sleep', ['0.2']);
  const waiting = failureOf(pool.run('sleep', [mark], { signal: controller.signal }));
  t.is(pool.queued, 1);
  controller.abort('a reason of any kind');
  t.is(pool.queued, 0);
  const error = await waiting;
  isAborted(t, error, 'a reason of any kind');
  t.is(error.pid, undefined);
  t.is(error.durationMs, 0);
  t.true(error.queuedMs >= 0);
  await first;
  t.deepEqual(findMarked(mark), []);
  t.is(pool.completed, 1);
});

testEngines(test, 'a signal that was aborted before', async (t, createPool) => {
  const pool = createPool();
  isAborted(t, await failureOf(pool.run('sleep', ['1000'], { signal: AbortSignal.abort('before') })), 'before');
  t.is(pool.running, 0);
});

testEngines(test, 'a command that is just being started', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool({ concurrency: 50 });
  const failures = Array.from({ length: 50 }, async (_, index) => {
    const controller = new AbortController();
    const running = failureOf(pool.run('sleep', [mark], { signal: controller.signal }));
    if (index % 3 === 1) await null;
    if (index % 3 === 2) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(index);
    return running;
  });
  for (const [index, error] of (await Promise.all(failures)).entries()) isAborted(t, error, index);
  t.deepEqual(findMarked(mark), []);
});

testEngines(test, 'after the end it does nothing', async (t, createPool) => {
  const controller = new AbortController();
  const pool = createPool();
  const { stdout } = await pool.run('echo', ['a'], { signal: controller.signal });
  controller.abort();
  t.is(stdout, 'a\n');
  t.is((await pool.run('echo', ['b'])).stdout, 'b\n');
});

testEngines(test, 'without `reject`, the error is the answer', async (t, createPool) => {
  const error = await createPool().run('true', { signal: AbortSignal.abort('why'), reject: false });
  isAborted(t, error, 'why');
});

testEngines(test, 'one signal for many, without a warning and with nothing left on it', async (t, createPool) => {
  const warnings = [];
  const onWarning = (warning) => warnings.push(warning);
  process.on('warning', onWarning);
  t.teardown(() => process.off('warning', onWarning));
  const controller = new AbortController();
  let listeners = 0;
  const { addEventListener, removeEventListener } = controller.signal;
  controller.signal.addEventListener = (...values) => {
    listeners++;
    return addEventListener.apply(controller.signal, values);
  };
  controller.signal.removeEventListener = (...values) => {
    listeners--;
    return removeEventListener.apply(controller.signal, values);
  };
  const pool = createPool({ concurrency: 4, signal: controller.signal });
  await Promise.all(Array.from({ length: 40 }, () => pool.run('true')));
  t.is(listeners, 0);
  const failures = Array.from({ length: 40 }, () => failureOf(pool.run('sleep', ['1000'])));
  t.is(listeners, 1);
  controller.abort('all');
  for (const error of await Promise.all(failures)) isAborted(t, error, 'all');
  t.deepEqual(warnings, []);
});

testEngines(test, 'a timeout that came first is what it was', async (t, createPool) => {
  const mark = createMark();
  const pool = createPool();
  const controller = new AbortController();
  // A signal that shows that it has come, and ends nothing.
  const options = { timeout: 100, killSignal: 'SIGSTOP', forceKillAfter: false, signal: controller.signal };
  const running = failureOf(pool.run('sleep', [mark], options));
  await untilStopped(mark);
  controller.abort();
  await pool.close({ force: true });
  const error = await running;
  t.is(error.code, 'ETIMEDOUT');
  t.is(error.signal, 'SIGKILL');
  t.false(error.isCanceled);
  await untilGone(mark);
});

for (const how of ['listen', 'warn']) {
  testEngines(test, `a command that may not be ended is told of and waited for (${how})`, async (t, _, engine) => {
    if (process.getuid?.() !== 0) {
      t.pass('Only root can become somebody else.');
      return;
    }
    const { stdout, stderr } = await runProgram('other_user.cjs', { engine, args: [how] });
    if (how === 'listen') t.is(stderr, '');
    t.deepEqual(JSON.parse(stdout), {
      heard: [['EPERM', 'kill', 'kill EPERM: sh -c echo ready; read line; echo end']],
      isCanceled: true,
      exitCode: 0,
    });
  });
}

/** A generator of numbers that can be had again. */
const createRandom = (seed) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
};

testEngines(test, '1,000 that wait and are cancelled at random', async (t, createPool) => {
  const seed = Number(process.env.FAST_RESOLVE_SEED ?? Date.now() % 2 ** 32);
  t.log(`FAST_RESOLVE_SEED=${seed}`);
  const random = createRandom(seed);
  const pool = createPool({ concurrency: 4 });
  const settled = [];
  const calls = Array.from({ length: 1000 }, (_, index) => {
    const controller = new AbortController();
    const call = { controller, isAborted: false };
    settled[index] = 0;
    const options = { signal: controller.signal, priority: Math.floor(random() * 3), reject: false };
    call.over = pool.run('true', options).then((result) => {
      settled[index]++;
      call.result = result;
    });
    return call;
  });
  const waiting = calls.filter(() => random() < 0.9);
  while (waiting.length > 0) {
    // Some before, some after others have had their turn.
    for (let count = Math.floor(random() * 100); count >= 0 && waiting.length > 0; count--) {
      const [call] = waiting.splice(Math.floor(random() * waiting.length), 1);
      call.isAborted = call.result === undefined;
      call.controller.abort(call);
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  await Promise.all(calls.map(({ over }) => over));
  t.true(settled.every((count) => count === 1));
  for (const call of calls) {
    if (!call.isAborted) t.is(call.result.exitCode, 0);
    // It may have ended by itself, with nobody told yet.
    else if (call.result.failed) t.is(call.result.cause, call);
  }
  t.true(calls.filter(({ result }) => result.failed).length > 500);
  t.deepEqual([pool.running, pool.queued], [0, 0]);
  t.is((await pool.run('echo', ['next'])).stdout, 'next\n');
  await until(() => pool.running === 0, 'the pool is idle');
});
