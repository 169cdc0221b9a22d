// Memory is bounded: what is forgotten and resolved again takes the place of what was there.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import test from 'ava';
import { createMonorepo } from '../../bench/tools/monorepo.mjs';
import { clearCache, createResolver, invalidate, stats } from '../../index.js';
import { treeFor } from '../helpers/tree.mjs';

const script = path.join(import.meta.dirname, '../../bench/tools/children/growth.cjs');
const size = { packages: 40, files: 20, installed: 10 };
const options = { conditionNames: ['require'] };
const count = 3000;
const cycles = 10;

/** Some numbers and names become longer. */
const SLACK = 1.02;

for (const believe of ['until-invalidated', 'turn']) {
  test.serial(`what is held does not grow where everything is forgotten and resolved again: ${believe}`, async (t) => {
    clearCache();
    const root = treeFor(t, {});
    const calls = createMonorepo(root, size).createCalls(count);
    const { sync } = createResolver({ ...options, believe });
    const held = [];
    for (let cycle = 0; cycle <= cycles; cycle++) {
      for (const [request, file] of calls) t.not(sync(path.dirname(file), request).path, undefined);
      const { bytes, entries } = stats();
      held.push({ bytes, entries });
      invalidate(root);
      await nextTurn();
    }
    t.true(held[0].entries >= 800, `${held[0].entries}`);
    t.is(held.at(-1).entries, held[0].entries);
    t.true(held.at(-1).bytes <= held[0].bytes * SLACK, JSON.stringify(held));
  });
}

test('neither the heap nor what is held grows where files are forgotten and resolved again', (t) => {
  const root = treeFor(t, {});
  const calls = createMonorepo(root, size).createCalls(count);
  const job = path.join(root, 'job.json');
  fs.writeFileSync(job, JSON.stringify({ options, calls }));
  const printed = execFileSync(process.execPath, ['--expose-gc', script, 'fast-resolve', job], { encoding: 'utf8' });
  const { before, passes } = JSON.parse(printed);
  t.is(passes.length, cycles + 1);
  t.true(passes[0].held > before.held);
  // The first passes make code.
  const [, , early] = passes;
  const last = passes.at(-1);
  t.true(last.heap <= early.heap + 2 ** 19, `${early.heap} to ${last.heap}`);
  t.true(last.held <= early.held * SLACK, `${early.held} to ${last.held}`);
});
