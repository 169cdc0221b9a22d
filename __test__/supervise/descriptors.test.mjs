// What a supervisor holds of processes that have ended.

import fs from 'node:fs';
import test from 'ava';
import { fixture, next, superviseFor } from './supervised.mjs';

const needsProc = process.platform === 'linux' ? test : test.skip;

const countPidfds = () =>
  fs.readdirSync('/proc/self/fd').filter((descriptor) => {
    try {
      return fs.readlinkSync(`/proc/self/fd/${descriptor}`).includes('pidfd');
    } catch {
      // It was that of the directory.
      return false;
    }
  }).length;

needsProc('nothing is held of a process whose end was told', async (t) => {
  const restart = { delay: 0, maxRestarts: Number.MAX_SAFE_INTEGER };
  const supervisor = superviseFor(t, fixture('ends'), { argv: ['7'], restart });
  for (let count = 0; count < 20; count++) {
    await next(supervisor, 'exit');
    // This one's may go at the end of the turn, and that of the shell which watches over them is another one.
    t.true(countPidfds() <= 2, `${countPidfds()} after ${count}`);
  }
});
