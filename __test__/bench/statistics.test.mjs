import test from 'ava';
import { measureInTurn } from '../../bench/lib/in-turn.mjs';
import {
  geometricMean,
  geometricMeansByRound,
  median,
  mediansByRound,
  pairedDifferences,
  pairedRatios,
  quantile,
  summarise,
} from '../../bench/lib/statistics.mjs';

const isNear = (t, actual, expected) => t.true(Math.abs(actual - expected) < 1e-12, `${actual}, expected ${expected}`);

test('quantiles lie between neighbours, in whatever order the values come', (t) => {
  t.is(median([30, 10, 20]), 20);
  t.is(median([40, 10, 30, 20]), 25);
  t.is(quantile([4, 1, 3, 2, 5], 0.25), 2);
  t.deepEqual(summarise([100, 2, 1, 3, 4]), { median: 3, lowerQuartile: 2, upperQuartile: 4 });
});

test('values stay in their order', (t) => {
  const values = [3, 1, 2];
  summarise(values);
  t.deepEqual(values, [3, 1, 2]);
});

test('in the geometric mean, twice as fast and twice as slow cancel', (t) => {
  isNear(t, geometricMean([2, 0.5]), 1);
  isNear(t, geometricMean([1, 10, 100]), 10);
});

test('pairs are of the same round', (t) => {
  t.deepEqual(pairedRatios([10, 30], [5, 10]), [2, 3]);
  t.deepEqual(pairedDifferences([10, 30], [5, 10]), [5, 20]);
});

test('means over programs are taken round by round', (t) => {
  const [first, second] = geometricMeansByRound([
    [2, 1],
    [8, 100],
  ]);
  isNear(t, first, 4);
  isNear(t, second, 10);
  t.deepEqual(geometricMeansByRound([]), []);
});

test('so are medians, of differences', (t) => {
  t.deepEqual(
    mediansByRound([
      [-1, 5],
      [3, 0],
      [2, -7],
    ]),
    [2, 0],
  );
  t.deepEqual(mediansByRound([]), []);
});

test('every kind is measured once in every round, and each comes first', (t) => {
  const order = [];
  const measured = measureInTurn(3, ['a', 'b', 'c'], (kind, round) => {
    order.push(kind);
    return `${kind}${round}`;
  });
  t.is(order.join(''), 'abcbcacab');
  t.deepEqual(measured, { a: ['a0', 'a1', 'a2'], b: ['b0', 'b1', 'b2'], c: ['c0', 'c1', 'c2'] });
});
