// What becomes of commands and of their process: which one waits for which, and that no command is left behind.

import { once } from 'node:events';
import test from 'ava';
import { engines } from '../helpers/command_pools.mjs';
import { ENDS_AT_ONCE, runProgram, startProgram } from '../helpers/command_program.mjs';
import { createMark, findMarked, killMarked, untilGone, untilRunning } from '../helpers/survivors.mjs';
import { withoutCoreFiles } from '../helpers/without_core_files.mjs';

for (const engine of engines) {
  test(`commands keep the process alive, an idle pool does not (${engine})`, async (t) => {
    const { stdout, stderr, exitCode } = await runProgram('pending.cjs', { engine });
    t.is(stderr, '');
    t.is(stdout, 'made\nexit with 0 done\nwaited 1\nwaited 2\nexit with 2 done\n');
    t.is(exitCode, 0);
  });

  test(`a result comes when neither process nor descriptor is left of its command (${engine})`, async (t) => {
    const count = engine === 'core' ? 200 : 40;
    const { stdout, stderr } = await runProgram('left_at_end.cjs', { engine, args: [`${count}`] });
    t.is(stderr, '');
    t.deepEqual(JSON.parse(stdout), { children: 0, descriptors: 0 });
  });

  test(`process.exit() leaves no command and nothing that it started (${engine})`, async (t) => {
    const mark = createMark();
    const { stdout, exitCode } = await runProgram('exiting.cjs', { engine, args: [mark, 'exit'] });
    t.is(stdout, 'ready\n');
    t.is(exitCode, 5);
    await untilGone(mark);
  });

  test(`nor does an exception that nobody catches (${engine})`, async (t) => {
    const mark = createMark();
    const { stdout, exitCode } = await runProgram('exiting.cjs', { engine, args: [mark, 'throw'] });
    t.is(stdout, 'ready\n');
    t.is(exitCode, 1);
    await untilGone(mark);
  });

  test(`nor does a listener of exit that throws (${engine})`, async (t) => {
    const mark = createMark();
    await runProgram('exiting.cjs', { engine, args: [mark, 'throwAtExit'] });
    await untilGone(mark);
    t.pass();
  });

  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGABRT']) {
    test(`what commands have started goes with a process that dies by ${signal} (${engine})`, async (t) => {
      const mark = createMark();
      const program = startProgram('exiting.cjs', { engine, args: [mark, 'trees'], prefix: withoutCoreFiles });
      await untilRunning(mark, 3);
      const ended = once(program, 'exit');
      program.kill(signal);
      t.is((await ended)[1], signal);
      await untilGone(mark);
    });
  }

  for (const [how, end] of Object.entries(ENDS_AT_ONCE)) {
    test(`nor does what ends in the turn that has started it, by ${how} (${engine})`, async (t) => {
      const mark = createMark();
      t.teardown(() => killMarked(mark));
      const { exitCode, signal } = await runProgram('ending_at_once.cjs', {
        engine,
        args: [mark, how],
        prefix: withoutCoreFiles,
      });
      t.is(signal ?? exitCode, end);
      await untilGone(mark);
    });
  }

  test(`a detached command outlives the process (${engine})`, async (t) => {
    const mark = createMark();
    await runProgram('exiting.cjs', { engine, args: [mark, 'detached'] });
    await untilRunning(mark);
    const [pid] = findMarked(mark);
    process.kill(-pid, 'SIGKILL');
    await untilGone(mark);
    t.pass();
  });

  // Nobody tells a thread that it is terminated: Node's own children outlive it.
  for (const how of engine === 'core' ? ['exits', 'is terminated'] : ['exits']) {
    test(`a thread that ${how} takes its commands with it, and no others (${engine})`, async (t) => {
      const mark = createMark();
      const { stdout, stderr, exitCode } = await runProgram('threads.cjs', { engine, args: [mark, how] });
      t.is(stderr, '');
      t.is(stdout, 'ended\nof the main thread\n');
      t.is(exitCode, 0);
      await untilGone(mark);
    });
  }
}

if (engines.includes('core')) {
  for (const signal of ['SIGKILL', 'SIGTERM', 'SIGSEGV']) {
    test(`commands die with a process that dies by ${signal}`, async (t) => {
      const mark = createMark();
      const options = { engine: 'core', args: [mark, 'wait'], prefix: withoutCoreFiles };
      const program = startProgram('exiting.cjs', options);
      await once(program.stdout, 'data');
      const ended = once(program, 'exit');
      program.kill(signal);
      t.is((await ended)[1], signal);
      await untilGone(mark);
    });
  }
} else {
  test.skip('commands die with a process that is killed (needs a parent-death signal)', () => {});
}
