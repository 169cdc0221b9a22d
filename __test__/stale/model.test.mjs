// Random changes of a tree, within a turn, between turns and between processes: no answer may be one that no Node gives. This is the
// short run; `npm run test:stale` is the long one. FAST_RESOLVE_SEED=<number> repeats a run.

import test from 'ava';
import { runModel } from './model.mjs';
import { describeRun, describeWrong } from './report.mjs';

const seed = Number(process.env.FAST_RESOLVE_SEED ?? Math.floor(Math.random() * 2 ** 31));

const supported = process.platform === 'win32' ? test.skip : test;

supported('whatever happens to the tree, every answer is that of a Node that started in this turn', async (t) => {
  t.log(`FAST_RESOLVE_SEED=${seed}`);
  const run = await runModel({ seed, steps: 150, livesPerPause: 4 });
  t.log(describeRun(run));
  if (run.wrong.length > 0) t.fail(describeWrong(run));
  t.is(run.steps, 150);
  t.true(run.counts.found > 0.1 * run.counts.answers, 'the tree has degenerated: too little is found in it');
  t.true(
    run.counts.changed > 0.01 * run.counts.answers,
    'too little has changed: answers are those of before nearly always',
  );
  t.true(run.counts.node < 0.3 * run.counts.answers, 'too much was left to Node');
});
