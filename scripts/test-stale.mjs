// The long run of the model that looks for stale answers: `npm run test:stale -- [--steps 20000] [--seed <number>]`.
import { inspect, parseArgs } from 'node:util';
import { runModel } from '../__test__/stale/model.mjs';
import { describeRun, describeWrong } from '../__test__/stale/report.mjs';
import { WATCHING_KINDS, watchSwitches } from '../__test__/stale/watching.mjs';
import { ensureBuilt, ensureInstalled, requireCargoToBuild } from './setup.mjs';

const { values } = parseArgs({
  options: {
    steps: { type: 'string', default: '20000' },
    seed: { type: 'string' },
    // How the threads of the tested process answer; `resolve,fresh` leaves the others out.
    kinds: { type: 'string', default: 'resolve,hook,until,fresh' },
    // Leaves the tree where it is when something was wrong.
    keep: { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31));
const kinds = values.kinds.split(',');
const steps = Number(values.steps);
/** From so many steps on, every layer must have answered something. */
const MANY_STEPS = 5000;
/** An answer that rests on two moments of a turn needs a tree that changes as a whole in the middle of it. */
const STEPS_PER_MIXED = 1000;
const LIVES_PER_LINE = 50;
/** A round of eight threads that watch changes takes as long as a hundred steps. */
const STEPS_PER_ROUND = 1000;

requireCargoToBuild();
ensureInstalled();
ensureBuilt();
console.log(`seed ${seed}`);
const onLife = (run) => {
  if (run.lives % LIVES_PER_LINE === 0) console.log(describeRun(run));
};
const run = await runModel({ seed, steps, kinds, isKept: values.keep, onLife });
console.log(describeRun(run));
console.log(`wrong answers: ${run.wrong.length}`);
if (run.wrong.length > 0) fail(describeWrong(run));
const silent = ['thread', 'process', 'snapshot'].filter((layer) => !(run.layers[layer] > 0));
if (steps >= MANY_STEPS && silent.length > 0) fail(`never answered, and so not tested: ${silent.join(', ')}`);
if (run.counts.mixed > steps / STEPS_PER_MIXED) fail('too many answers rest on two moments of a turn');

const rounds = Math.ceil(steps / STEPS_PER_ROUND);
const watched = await watchSwitches({ seed, kinds: WATCHING_KINDS, rounds });
const wrong = watched.flatMap((thread) => thread.wrong);
const answers = watched.reduce((sum, thread) => sum + thread.answers, 0);
console.log(`${watched.length} threads watched changes: ${answers} answers, wrong: ${wrong.length}`);
if (wrong.length > 0) fail(inspect(wrong.slice(0, 5), { depth: 3 }));

function fail(text) {
  console.error(text);
  process.exitCode = 1;
}
