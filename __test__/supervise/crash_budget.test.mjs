import { createRequire } from 'node:module';
import test from 'ava';
import fc from 'fast-check';

const { CrashBudget } = createRequire(import.meta.url)('../../lib/supervise/crash_budget.js');

test('so many restarts are within the budget, and again once the window has passed', (t) => {
  const budget = new CrashBudget({ maxRestarts: 2, window: 100 });
  t.deepEqual(
    [0, 50, 99, 100, 120, 150].map((now) => budget.spend(now)),
    [true, true, false, true, false, true],
  );
});

test('a budget of none, and one without end', (t) => {
  t.false(new CrashBudget({ maxRestarts: 0, window: 100 }).spend(0));
  const endless = new CrashBudget({ maxRestarts: Number.POSITIVE_INFINITY, window: 100 });
  t.true(Array.from({ length: 1_000 }, () => endless.spend(0)).every(Boolean));
});

test('within a window that never passes, what is spent is spent until it is reset', (t) => {
  const budget = new CrashBudget({ maxRestarts: 1, window: Number.POSITIVE_INFINITY });
  t.true(budget.spend(0));
  t.false(budget.spend(1e12));
  budget.reset();
  t.true(budget.spend(1e12));
});

test('no window ever holds more restarts than the budget has, and none is refused without need', (t) => {
  const property = fc.property(
    fc.integer({ min: 0, max: 5 }),
    fc.integer({ min: 1, max: 50 }),
    fc.array(fc.nat(20), { maxLength: 100 }),
    (maxRestarts, window, pauses) => {
      const budget = new CrashBudget({ maxRestarts, window });
      const granted = [];
      let now = 0;
      for (const pause of pauses) {
        now += pause;
        const isRoom = granted.filter((time) => now - time < window).length < maxRestarts;
        if (budget.spend(now) !== isRoom) return false;
        if (isRoom) granted.push(now);
      }
      return true;
    },
  );
  t.notThrows(() => fc.assert(property, { numRuns: 1_000 }));
});
