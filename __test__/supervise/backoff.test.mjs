import { createRequire } from 'node:module';
import test from 'ava';
import fc from 'fast-check';

const { restartDelay } = createRequire(import.meta.url)('../../lib/supervise/backoff.js');

const policies = fc.record({
  delay: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  factor: fc.oneof(fc.constantFrom(1, 2, Number.MAX_SAFE_INTEGER), fc.double({ min: 1, max: 100, noNaN: true })),
  maxDelay: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const attempts = fc.oneof(fc.nat(20), fc.nat());
const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

test('a delay grows from the first one up to the longest one', (t) => {
  const policy = { delay: 100, factor: 2, maxDelay: 1_000, jitter: 0 };
  t.deepEqual(
    [0, 1, 2, 3, 4, 5, 5_000].map((attempt) => restartDelay(attempt, policy, 0.9)),
    [100, 200, 400, 800, 1_000, 1_000, 1_000],
  );
});

test('jitter takes a random share of it away', (t) => {
  const policy = { delay: 100, factor: 2, maxDelay: 1_000, jitter: 0.5 };
  t.deepEqual(
    [0, 0.5, 0.999].map((chance) => restartDelay(1, policy, chance)),
    [200, 150, 100],
  );
});

test('a delay is a whole number that a timer takes, within its limits', (t) => {
  const property = fc.property(policies, attempts, chances, (policy, attempt, chance) => {
    const delay = restartDelay(attempt, policy, chance);
    const longest = restartDelay(attempt, policy, 0);
    return (
      Number.isInteger(delay) &&
      delay <= policy.maxDelay &&
      delay <= longest &&
      delay >= Math.floor(longest * (1 - policy.jitter)) - 1
    );
  });
  t.notThrows(() => fc.assert(property, { numRuns: 1_000 }));
});

test('without jitter no delay is shorter than the one before', (t) => {
  const property = fc.property(
    policies,
    attempts,
    (policy, attempt) => restartDelay(attempt, policy, 0) <= restartDelay(attempt + 1, policy, 0),
  );
  t.notThrows(() => fc.assert(property, { numRuns: 1_000 }));
});
