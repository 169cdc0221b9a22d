// The model's own test: it has to catch every resolver that remembers without proof.

import { createRequire } from 'node:module';
import test from 'ava';
import { runModel } from './model.mjs';

const liars = Object.keys(createRequire(import.meta.url)('./liars.cjs'));

const supported = process.platform === 'win32' ? test.skip : test;

for (const liar of liars) {
  supported.serial(`the model catches one that ${liar}`, async (t) => {
    const run = await runModel({ seed: 1, steps: 1000, kinds: [liar], turnChance: 0.4 });
    t.log(`caught after ${run.steps} steps`);
    t.not(run.wrong.length, 0);
  });
}

supported.serial('the model finds no fault with Node itself', async (t) => {
  const run = await runModel({ seed: 1, steps: 60, kinds: ['node', 'node'] });
  t.deepEqual(run.wrong, []);
});
