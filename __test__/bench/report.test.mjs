// What the demo says of its measurements.

import test from 'ava';
import { formatFindings } from '../../bench/lib/report.mjs';

const times = (median) => ({ median, lowerQuartile: median - 5, upperQuartile: median + 5 });

const measured = (name, stock, hooked, more) => ({
  name,
  identical: true,
  stock: times(stock),
  hooked: times(hooked),
  ratio: stock / hooked,
  ...more,
});

const RESULTS = [measured('quick', 100, 80), measured('slow', 100, 120), measured('even', 100, 101)];

test('the last line says what follows: what is the same, what is quicker, what is slower, what nobody knows', (t) => {
  t.is(
    formatFindings(RESULTS, 7).at(-1),
    'Conclusion: 3 of 3 programs load the same modules and get the same answers. ' +
      'The hook makes 1 quicker and 1 slower (slow); for 1, the quartiles overlap. It pays where share is large.',
  );
});

test('few rounds say nothing of time', (t) => {
  t.regex(formatFindings(RESULTS, 4).at(-1), /^Conclusion: 3 of 3 .* 4 rounds say nothing of time\.$/);
});

test('failures and differences count against it, and are shown', (t) => {
  const wrong = measured('wrong', 100, 80, { identical: false, differences: ['one module more'] });
  const lines = formatFindings([...RESULTS, wrong, { name: 'broken', failure: 'broken: exit code 1' }], 7);
  t.true(lines.includes('FAILED: broken: exit code 1'));
  t.true(lines.includes('DIFFERS: wrong: one module more'));
  t.regex(lines.at(-1), /^Conclusion: 3 of 5 programs .* 2 quicker and 1 slower \(slow\); for 1,/);
});
