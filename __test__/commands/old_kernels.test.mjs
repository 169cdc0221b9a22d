// What the core does without on old kernels, by forcing it to.

import { once } from 'node:events';
import test from 'ava';
import { engines } from '../helpers/command_pools.mjs';
import { ENDS_AT_ONCE, runProgram, startProgram } from '../helpers/command_program.mjs';
import { createMark, killMarked, untilGone, untilRunning } from '../helpers/survivors.mjs';
import { withoutCoreFiles } from '../helpers/without_core_files.mjs';

const KERNELS = {
  'without signals for groups by a descriptor': { without: 'group_signal', mechanism: 'clone' },
  'without close_range': { without: 'close_range', mechanism: 'clone' },
  'without descriptors for processes': { without: 'pidfd,group_signal', mechanism: 'clone' },
  'without all of them': { without: 'pidfd,group_signal,close_range', mechanism: 'clone' },
  'without a clone that shares memory': { without: 'clone', mechanism: 'posix_spawn' },
  'without anything': { without: 'clone,pidfd,group_signal,close_range', mechanism: 'posix_spawn' },
};

if (!engines.includes('core')) test.skip('the core on old kernels (there is none on this platform)', () => {});

for (const [what, { without, mechanism }] of engines.includes('core') ? Object.entries(KERNELS) : []) {
  test(`commands ${what}`, async (t) => {
    const mark = createMark();
    const env = { FAST_RESOLVE_SPAWN_WITHOUT: without };
    const { stdout, stderr } = await runProgram('all_kinds.cjs', { engine: 'core', args: [mark], env });
    t.is(stderr, '');
    t.deepEqual(JSON.parse(stdout), {
      output: 'out\n',
      mechanism,
      missing: 'ENOENT',
      exitCode: 3,
      echoed: 300_000,
      timedOut: ['ETIMEDOUT', 'SIGTERM'],
      forced: 'SIGKILL',
      aborted: 'ABORT_ERR',
      full: 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER',
      lines: ['1', '2'],
      user: process.getuid?.() === 0 ? ['65534\n', mechanism === 'clone' ? 'clone' : 'child_process'] : null,
      survivors: 0,
    });
    await untilGone(mark);
  });

  test(`faults ${what}`, async (t) => {
    const mark = createMark();
    const env = { FAST_RESOLVE_SPAWN_WITHOUT: without };
    const { stdout, stderr } = await runProgram('faults.cjs', { engine: 'core', args: [mark, '150', '1'], env });
    t.is(stderr, '');
    const { settled, wrong, zombies } = JSON.parse(stdout);
    t.deepEqual({ settled, wrong, zombies }, { settled: 150, wrong: [], zombies: 0 });
    await untilGone(mark);
  });
}

if (engines.includes('core')) {
  test('where there is only posix_spawn, commands end with a process that ends in good order', async (t) => {
    const mark = createMark();
    const env = { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' };
    const { stdout, exitCode } = await runProgram('exiting.cjs', { engine: 'core', args: [mark, 'exit'], env });
    t.is(stdout, 'ready\n');
    t.is(exitCode, 5);
    await untilGone(mark);
  });

  test('and with all that they have started, if it is killed', async (t) => {
    const mark = createMark();
    const env = { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' };
    const program = startProgram('exiting.cjs', { engine: 'core', args: [mark, 'trees'], env });
    await once(program.stdout, 'data');
    await untilRunning(mark, 3);
    const ended = once(program, 'exit');
    program.kill('SIGKILL');
    t.is((await ended)[1], 'SIGKILL');
    await untilGone(mark);
  });

  for (const [how, end] of Object.entries(ENDS_AT_ONCE)) {
    test(`nor is anything left if it ends in the turn that has started a command, by ${how}`, async (t) => {
      const mark = createMark();
      t.teardown(() => killMarked(mark));
      const { exitCode, signal } = await runProgram('ending_at_once.cjs', {
        engine: 'core',
        args: [mark, how],
        env: { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' },
        prefix: withoutCoreFiles,
      });
      t.is(signal ?? exitCode, end);
      await untilGone(mark);
    });
  }
}
