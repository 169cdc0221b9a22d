import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { compareCounts } from '../../bench/lib/addon-counts.mjs';
import { countByObject } from '../../bench/lib/callgrind.mjs';
import { createFixedTree } from '../../bench/lib/fixed-tree.mjs';
import { ours, withoutSnapshot } from '../../bench/lib/implementations.mjs';
import { runChild } from '../../bench/lib/run-child.mjs';
import { treeFor } from '../helpers/tree.mjs';

// As callgrind writes it: names by number once they were told, positions relative to the one before, and after each call what
// the called function took.
const callgrindText = `# callgrind format
version: 1
positions: line
events: Ir
summary: 121

ob=(1) /usr/bin/node
fl=(1) ???
fn=(1) main
0 10
cob=(2) /addon.node
cfn=(2) answer
calls=3 0
0 100
+5 1

ob=(2)
fn=(2)
0 60
cob=(3) /lib/libc.so.6
cfn=(3) memcpy
calls=1 +12
* 40

ob=(3)
fn=(3)
-2 40

ob=(1)
fn=(4) exit
* 10
totals: 121
`;

test('instructions are counted where they are run, whoever called', (t) => {
  t.deepEqual(
    [...countByObject(callgrindText)],
    [
      ['/usr/bin/node', 21],
      ['/addon.node', 60],
      ['/lib/libc.so.6', 40],
    ],
  );
});

test('a count may move by a tenth', (t) => {
  const committed = { cold: 1000, warm: 100 };
  const compare = (cold, warm) => compareCounts(committed, { cold, warm });
  t.deepEqual(compare(1100, 90), { grown: [], shrunk: [] });
  t.deepEqual(compare(1101, 89), { grown: ['cold'], shrunk: ['warm from a snapshot'] });
  t.deepEqual(compare(1000, 111), { grown: ['warm from a snapshot'], shrunk: [] });
});

test('in the fixed tree there is an answer to every request, and ours is the same', (t) => {
  const root = treeFor(t, {});
  const { file, resolves } = createFixedTree({ path: process.execPath }, root);
  const calls = JSON.parse(fs.readFileSync(file, 'utf8'));
  t.is(calls.length, resolves);
  t.deepEqual(
    calls.filter(([, , answer]) => typeof answer !== 'string'),
    [],
  );
  const { differing } = runChild(process.execPath, 'count.cjs', [ours, file, '28'], withoutSnapshot);
  t.deepEqual(differing, { count: 0, examples: [] });

  calls[100][2] = path.join(root, 'elsewhere.js');
  fs.writeFileSync(file, JSON.stringify(calls));
  t.is(runChild(process.execPath, 'count.cjs', [ours, file, '28'], withoutSnapshot).differing.count, 1);
});
