import test from 'ava';
import { summarisePrograms } from '../../bench/sections/programs.mjs';

const measured = (program, resolves, { warm, ideal, share }) => ({
  program,
  resolves,
  ratios: { first: [1, 1], warm: [warm, warm], ideal: [ideal, ideal] },
  gainShare: share === null ? null : { median: share, lowerQuartile: share, upperQuartile: share },
});

test('the share of the gain is of programs with enough resolves', (t) => {
  const { gainShare, worstGainShare, ratios } = summarisePrograms([
    measured('short', 199, { warm: 1, ideal: 4, share: 0 }),
    measured('long', 200, { warm: 2, ideal: 4, share: 0.7 }),
    measured('longer', 2000, { warm: 2, ideal: 4, share: 0.4 }),
    measured('of no gain', 2000, { warm: 2, ideal: 4, share: null }),
  ]);
  t.is(gainShare.median.toFixed(6), '0.500000');
  t.is(worstGainShare.program, 'longer');
  t.is(worstGainShare.median, 0.4);
  t.is(ratios.ideal.median.toFixed(6), '4.000000');
});

test('of short programs alone no share is told', (t) => {
  const { gainShare, worstGainShare } = summarisePrograms([measured('short', 3, { warm: 1, ideal: 1, share: null })]);
  t.is(gainShare, null);
  t.is(worstGainShare, null);
});
