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
      noSnapshotYet: { overEmptyPreload: summary(1, 1.5, 3) },
      otherSnapshot: { overEmptyPreload: summary(2.5, 3, 4) },
    },
  });
  t.deepEqual(
    judged.map(({ limit, value, verdict }) => [limit, value.median, verdict]),
    [
      ['≤ 2 ms', 1.5, 'reached'],
      ['≤ 2 ms', 3, 'missed'],
    ],
  );
});

test('what was not counted, or not written, is not judged', (t) => {
  const difference = summary(0, 0, 0);
  const judged = judgeAll({
    'system-calls': { skipped: 'strace is not installed' },
    exit: { isWritten: false, untilGone: { difference } },
  });
  t.is(judged.length, 4);
  t.true(judged.every(({ verdict, value }) => verdict === 'not measured' && value === null));
  t.is(judgeAll({ exit: { isWritten: true, untilGone: { difference } } })[0].verdict, 'reached');
});
