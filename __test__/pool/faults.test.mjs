// Tasks and workers that fail at random: nothing is lost, nothing is done twice, nothing is left.
//
// FAST_RESOLVE_TEST=long runs 5,000 tasks, FAST_RESOLVE_SEED=<number> repeats a run as far as chance is the program's.

import path from 'node:path';
import test from 'ava';
import { createMark, untilGone } from '../helpers/survivors.mjs';
import { treeFor } from '../helpers/tree.mjs';
import { runProgram } from './pools.mjs';

const isLong = process.env.FAST_RESOLVE_TEST === 'long';
const seed = process.env.FAST_RESOLVE_SEED ?? `${Date.now() % 2 ** 32}`;
const MIB = 1024 * 1024;

const SYSTEMS = [
  ['here', {}, isLong ? 5000 : 250],
  ['without the addon', { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/to/be/found' }, isLong ? 1000 : 50],
];

const KINDS = ['result', 'crash', 'RangeError', 'DataCloneError', 'AbortError', 'TimeoutError'];

// Survivors are found by /proc, and workers ended by signals.
for (const [title, env, count] of process.platform === 'linux' ? SYSTEMS : []) {
  test.serial(`${count} tasks of which many fail, ${title}`, async (t) => {
    t.timeout(1_200_000);
    t.log(`FAST_RESOLVE_SEED=${seed}`);
    const mark = createMark();
    const file = path.join(treeFor(t, { marks: '' }), 'marks');
    const { stdout, stderr } = await runProgram('faults.mjs', [mark, `${count}`, seed, file], env);
    t.is(stderr, '');
    const { settled, wrong, again, notRun, notOnce, repeated, outcomes, workers, before, after } = JSON.parse(stdout);
    t.log({ outcomes, workers, repeated, before, after });
    t.deepEqual(
      { settled, wrong, again, notRun, notOnce },
      { settled: count, wrong: [], again: [], notRun: [], notOnce: [] },
    );
    for (const kind of KINDS) t.true(outcomes[kind] > 0, kind);
    await untilGone(mark);
    t.true(after.descriptors <= before.descriptors, `${after.descriptors} descriptors, before ${before.descriptors}`);
    t.true(after.rss - before.rss < 200 * MIB, `${(after.rss - before.rss) / MIB} MiB more`);
  });
}

if (process.platform !== 'linux') test.skip('tasks of which many fail (survivors are found by /proc)', () => {});
