import fs from 'node:fs';
import path from 'node:path';
import test from 'ava';
import { judge, judgeAll, targets } from '../../bench/lib/targets.mjs';
import { sections } from '../../bench/sections/index.mjs';

const summary = (lowerQuartile, median, upperQuartile) => ({ lowerQuartile, median, upperQuartile });

const cases = [
  { isAtLeast: true, value: summary(9, 10, 11), verdict: 'reached' },
  { isAtLeast: true, value: summary(1, 9, 10), verdict: 'within the spread' },
  { isAtLeast: true, value: summary(1, 9, 9.9), verdict: 'missed' },
  { isAtLeast: false, value: summary(9, 10, 11), verdict: 'reached' },
  { isAtLeast: false, value: summary(10, 11, 99), verdict: 'within the spread' },
  { isAtLeast: false, value: summary(10.1, 11, 99), verdict: 'missed' },
];

for (const { isAtLeast, value, verdict } of cases) {
  const { lowerQuartile, median, upperQuartile } = value;
  const limit = isAtLeast ? 'at least 10' : 'at most 10';
  test(`${limit}: ${median} with quartiles ${lowerQuartile} and ${upperQuartile} is ${verdict}`, (t) => {
    t.is(judge({ limit: 10, isAtLeast }, value), verdict);
  });
}

test('every target is read from a section that exists', (t) => {
  const names = sections.map(({ name }) => name);
  t.deepEqual(
    targets.filter(({ section }) => !names.includes(section)),
    [],
  );
});

test('only the sections that were run are judged', (t) => {
  t.deepEqual(judgeAll({}), []);
  const judged = judgeAll({
    empty: {
      noSnapshotYet: { overEmptyPreload: summary(0.1, 0.4, 3) },
      otherSnapshot: { overEmptyPreload: summary(0.6, 0.7, 1) },
    },
  });
  t.deepEqual(
    judged.map(({ limit, value, verdict }) => [limit, value.median, verdict]),
    [
      ['≤ 0.5 ms', 0.4, 'reached'],
      ['≤ 0.5 ms', 0.7, 'missed'],
    ],
  );
});

test('what was not counted, not written, or of no program, is not judged', (t) => {
  const difference = summary(0, 0, 0);
  const judged = judgeAll({
    'system-calls': { skipped: 'strace is not installed' },
    exit: { isWritten: false, untilGone: { difference } },
    'in-hook': { overall: null },
  });
  t.is(judged.length, 5);
  t.true(judged.every(({ verdict, value }) => verdict === 'not measured' && value === null));
});

test('results that were committed can be judged', (t) => {
  const results = path.join(import.meta.dirname, '../../bench/results');
  for (const name of fs.readdirSync(results)) {
    const { sections: committed } = JSON.parse(fs.readFileSync(path.join(results, name), 'utf8'));
    t.true(judgeAll(committed).length > 0, name);
  }
});

test('writing is judged by the answer', (t) => {
  const [{ value, verdict }] = judgeAll({
    exit: { isWritten: true, resolves: 4000, untilGone: { difference: summary(2, 8, 9) } },
  });
  t.is(value.median, 2);
  t.is(verdict, 'within the spread');
});

test('system calls are judged by the trace that makes most of them for what its answers rest on', (t) => {
  const trace = (calls) => ({ warm: { calls }, evidence: { directories: 8, packageJsons: 2 } });
  const [{ value, verdict }] = judgeAll({ 'system-calls': { traces: [trace(5), trace(20)] } });
  t.is(value.median, 2);
  t.is(verdict, 'missed');
});
