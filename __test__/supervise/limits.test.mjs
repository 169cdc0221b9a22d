// Memory, and whose process it is.

import { createRequire } from 'node:module';
import test from 'ava';
import { fixture, next, superviseFor, superviseWithClock } from './supervised.mjs';

const { residentBytes } = createRequire(import.meta.url)('../../lib/supervise/resident_memory.js');
const { MEMORY_INTERVAL } = createRequire(import.meta.url)('../../lib/supervise/run.js');

const MIB = 2 ** 20;

/** No system gives a process such a number: Linux stops before it, others earlier. That of one that has gone may be another's. */
const NOBODY = 2 ** 22;

const needsMemory = process.platform === 'win32' ? test.skip : test;
const needsRoot =
  process.getuid?.() === 0 ? test : (title, body) => test.skip(`${title} (needs the rights of root)`, body);

needsMemory('a process that takes too much memory is ended and restarted', async (t) => {
  const options = { argv: [`${600 * MIB}`], maxMemoryBytes: 400 * MIB, ready: 'message' };
  const { supervisor, clock } = superviseWithClock(t, fixture('grows'), options);
  await supervisor.whenReady();
  const restart = next(supervisor, 'restart');
  clock.advance(MEMORY_INTERVAL);
  t.like(await restart, { reason: 'memory', signal: 'SIGTERM', delay: 100 });
});

needsMemory('the error says so where it is not restarted', async (t) => {
  const options = { argv: [`${MIB}`], maxMemoryBytes: MIB, ready: 'message', restart: 'never' };
  const { supervisor, clock } = superviseWithClock(t, fixture('grows'), options);
  await supervisor.whenReady();
  const failed = next(supervisor, 'failed');
  clock.advance(MEMORY_INTERVAL);
  t.is((await failed).message, `${fixture('grows')} took more than ${MIB} bytes of memory`);
});

needsMemory('one that does not is left alone, and looked at again', async (t) => {
  const options = { argv: [`${MIB}`], maxMemoryBytes: 400 * MIB, ready: 'message' };
  const { supervisor, clock } = superviseWithClock(t, fixture('grows'), options);
  await supervisor.whenReady();
  const { setTimeout } = clock;
  for (let looks = 0; looks < 3; looks++) {
    const lookedAt = new Promise((resolve) => {
      clock.setTimeout = (...args) => {
        resolve(args[1]);
        return setTimeout(...args);
      };
    });
    clock.advance(MEMORY_INTERVAL);
    t.is(await lookedAt, MEMORY_INTERVAL);
  }
  t.is(supervisor.state, 'running');
});

needsMemory('resident memory is about what Node says, and none of a process that is not there', async (t) => {
  const said = process.memoryUsage.rss();
  const bytes = await residentBytes(process.pid);
  t.true(bytes > said / 2 && bytes < said * 2, `${bytes} instead of ${said}`);
  t.is(await residentBytes(NOBODY), 0);
});

needsRoot('a process runs as somebody else, without the groups of its parent', async (t) => {
  const script = `
    const { getuid, geteuid, getgid, getegid, getgroups } = process;
    process.send([getuid(), geteuid(), getgid(), getegid(), getgroups()]);
  `;
  const target = { command: process.execPath, args: ['-e', script] };
  const supervisor = superviseFor(t, target, { uid: 65_534, gid: 65_533, ready: 'message', cwd: '/' });
  t.deepEqual(await next(supervisor, 'message'), [65_534, 65_534, 65_533, 65_533, [65_533]]);
});
