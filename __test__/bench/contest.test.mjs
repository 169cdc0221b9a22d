import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import test from 'ava';
import { measureContest } from '../../bench/lib/contest.mjs';
import { createContestSection } from '../../bench/lib/contest-section.mjs';

const rates = { ours: 40, shared: 100, theirs: 10 };

/** A script that prints the figures of a kind, or fails for one that it does not know. */
const writeScript = (t) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-contest-'));
  t.teardown(() => fs.rmSync(directory, { recursive: true }));
  const script = path.join(directory, 'measure.cjs');
  fs.writeFileSync(
    script,
    `const rate = ${JSON.stringify(rates)}[process.argv[2]];
if (rate === undefined) throw new Error('a wrong answer');
console.log(JSON.stringify({ rate, milliseconds: 1000 / rate, count: 3 }));`,
  );
  return script;
};

const createContest = (script, kinds) => ({
  name: 'row',
  title: 'a row',
  figures: [
    { name: 'rate', title: 'per second', isMoreBetter: true },
    { name: 'milliseconds', title: 'ms', isMoreBetter: false },
    { name: 'count', title: 'count' },
  ],
  ours: 'ours',
  kinds,
  others: [['shared', 'theirs']],
  isOurs: (kind) => kind !== 'theirs' && kind !== 'their broken one',
  run: (_context, kind) => ({ script, arguments: [kind] }),
});

const context = { node: { path: process.execPath }, rounds: 2, rows: [], log: () => {} };

test('a contest tells how many times as good ours is, whether more or less is better', (t) => {
  const result = measureContest(context, createContest(writeScript(t), ['ours', 'shared', 'theirs']));
  t.is(result.theirs.rate.median, 10);
  t.is(result.theirs.rate.oursIsBetter.median, 4);
  t.is(result.theirs.milliseconds.oursIsBetter.median, 4);
  t.is(result.shared.rate.oursIsBetter.median, 0.4);
  t.is(result.shared.rate.betterThan.theirs.median, 10);
  t.is(result.theirs.count.oursIsBetter, undefined, 'what is neither better nor worse is not compared');
});

test('a wrong answer takes a kind out, and is a failure of the run only if it is ours', (t) => {
  const script = writeScript(t);
  const failuresOf = (broken) => {
    const contest = createContest(script, ['ours', 'theirs', broken]);
    const section = createContestSection({
      name: 'section',
      title: 'a section',
      peers: [],
      contests: [contest],
      reasonToSkip: () => undefined,
      explanation: [],
    });
    const result = section.measure(context);
    t.regex(result.row[broken].failure, /a wrong answer/);
    t.is(result.row.theirs.rate.oursIsBetter.median, 4);
    t.true(section.format(result).some((line) => line.startsWith(`FAILED: row, ${broken}`)));
    return section.findFailures(result);
  };
  t.deepEqual(failuresOf('their broken one'), []);
  t.is(failuresOf('our broken one').length, 1);
});

test('a contest that cannot be held here is not measured, and its targets are not judged', (t) => {
  const section = createContestSection({
    name: 'section',
    title: 'a section',
    peers: [],
    contests: [createContest('nowhere.cjs', ['ours'])],
    reasonToSkip: () => 'there is no memory',
    explanation: [],
  });
  const result = section.measure(context);
  t.deepEqual(section.format(result), ['Skipped: there is no memory.']);
  t.deepEqual(section.findFailures(result), []);
});
