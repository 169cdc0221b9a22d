// Runs numbers through a few operators, with time as a test scheduler has it.
const { from, groupBy, map, mergeMap, scan, toArray } = require('rxjs');
const { TestScheduler } = require('rxjs/testing');

from([1, 2, 3, 4, 5, 6])
  .pipe(
    groupBy((value) => (value % 2 ? 'odd' : 'even')),
    mergeMap((group) =>
      group.pipe(
        toArray(),
        map((values) => [group.key, values]),
      ),
    ),
    scan((groups, [key, values]) => ({ ...groups, [key]: values }), {}),
  )
  .subscribe((groups) => process.stdout.write(`${JSON.stringify(groups)}\n`));

const scheduler = new TestScheduler((actual, expected) => {
  process.stdout.write(`${JSON.stringify(actual) === JSON.stringify(expected)}\n`);
});
scheduler.run(({ cold, expectObservable }) => {
  expectObservable(cold('a-b|', { a: 1, b: 2 }).pipe(map((value) => value * 10))).toBe('a-b|', { a: 10, b: 20 });
});
