// How the processes that measure keep others busy.
'use strict';

/** Runs `run(number)` so many at a time, as long as `goOn(number)` says. Resolves when all have ended. */
const keepInFlight = async (width, goOn, run) => {
  let next = 0;
  const line = async () => {
    while (goOn(next)) {
      const number = next;
      next += 1;
      await run(number);
    }
  };
  await Promise.all(Array.from({ length: width }, line));
  return next;
};

/** Goes on for so many milliseconds, but for a least count. */
const forMilliseconds = (milliseconds, least = 1) => {
  const start = performance.now();
  return (number) => number < least || performance.now() - start < milliseconds;
};

/** Runs so many at a time for so many milliseconds. @returns {Promise<number>} How many a second. */
const measureRate = async (width, milliseconds, run, least = width) => {
  const start = performance.now();
  const count = await keepInFlight(width, forMilliseconds(milliseconds, least), run);
  return count / ((performance.now() - start) / 1e3);
};

const median = (values) => {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
};

/** What the parent reads. The process may have children or handles left that nobody waits for. */
const printFigures = (figures) => {
  process.stdout.write(JSON.stringify(figures), () => process.exit());
};

/** Runs an async `main` with the arguments of the command line. */
const start = (main) => {
  main(...process.argv.slice(2)).then(printFigures, (error) => {
    process.stderr.write(`${error.stack}\n`, () => process.exit(1));
  });
};

module.exports = { forMilliseconds, keepInFlight, measureRate, median, start };
