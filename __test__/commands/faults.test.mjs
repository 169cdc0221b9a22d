// Commands that are killed, cancelled, too slow and too loud at random, and what is left after very many.
//
// FAST_RESOLVE_TEST=long runs 5,000 of the first and 10,000 of the second, FAST_RESOLVE_SEED=<number> repeats a run.

import test from 'ava';
import { engines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';
import { createMark, untilGone } from '../helpers/survivors.mjs';

const isLong = process.env.FAST_RESOLVE_TEST === 'long';
const seed = process.env.FAST_RESOLVE_SEED ?? `${Date.now() % 2 ** 32}`;

for (const engine of engines) {
  // Node's own spawn takes ten times as long.
  const share = engine === 'core' ? 1 : 5;

  test.serial(`every promise is settled once, and nobody survives (${engine})`, async (t) => {
    t.timeout(1_200_000);
    t.log(`FAST_RESOLVE_SEED=${seed}`);
    const mark = createMark();
    const count = (isLong ? 5000 : 600) / (isLong ? 1 : share);
    const { stdout, stderr } = await runProgram('faults.cjs', { engine, args: [mark, `${count}`, seed] });
    t.is(stderr, '');
    const { each, settled, wrong, kinds, zombies } = JSON.parse(stdout);
    const all = ['result', 'killed', 'timeout', 'aborted', 'full', 'missing', 'exit'];
    t.deepEqual(each, all);
    t.is(settled, count);
    t.deepEqual(wrong, []);
    t.is(zombies, 0);
    t.log(kinds);
    // Which of them there are among few, chance decides.
    if (isLong) for (const kind of all) t.true(kinds[kind] > 0, kind);
    await untilGone(mark);
  });

  test.serial(`nothing grows (${engine})`, async (t) => {
    t.timeout(1_200_000);
    const count = (isLong ? 10_000 : 1000) / share;
    const execArgv = ['--max-semi-space-size=1'];
    const { stdout, stderr } = await runProgram('growth.cjs', { engine, args: [`${count}`], execArgv });
    t.is(stderr, '');
    const { before, after } = JSON.parse(stdout);
    t.deepEqual(after.zombies, 0);
    // The shell that watches over commands has two; it may be there or not.
    t.true(Math.abs(after.descriptors - before.descriptors) <= 2, `${after.descriptors}, before ${before.descriptors}`);
    t.is(after.threads, before.threads);
    t.true(after.bytes - before.bytes < 20_000_000, `${before.bytes} bytes before, ${after.bytes} after`);
  });
}
