// How long a pass takes that was made before in the same process.
'use strict';

const { bigint: now } = process.hrtime;

const warmUp = { nanoseconds: 50e6, passes: 2 };
const batch = { nanoseconds: 5e6, passes: 1 };
const timed = { nanoseconds: 150e6, batches: 3 };

/** Nanoseconds since a time. */
const since = (start) => Number(now() - start);

const median = (values) => values.sort((left, right) => left - right)[Math.floor(values.length / 2)];

const repeat = (pass, { nanoseconds, passes: least }) => {
  const start = now();
  let passes = 0;
  do {
    pass();
    passes += 1;
  } while (passes < least || since(start) < nanoseconds);
  return { passes, nanoseconds: since(start) };
};

/** Passes one right behind the other. */
const timeHot = (pass) => {
  repeat(pass, warmUp);
  const passesPerBatch = repeat(pass, batch).passes;
  const times = [];
  const start = now();
  while (times.length < timed.batches || since(start) < timed.nanoseconds) {
    times.push(repeat(pass, { nanoseconds: 0, passes: passesPerBatch }).nanoseconds / passesPerBatch);
  }
  return median(times);
};

const repeatApart = async (pass, between, { nanoseconds, passes: least }) => {
  const times = [];
  const start = now();
  while (times.length < least || since(start) < nanoseconds) {
    await between();
    const beforePass = now();
    const running = pass();
    if (running !== undefined) await running;
    times.push(since(beforePass));
  }
  return times;
};

/** Passes that may be asynchronous, with something between them that does not count. */
const timeApart = async (pass, between) => {
  await repeatApart(pass, between, warmUp);
  return median(await repeatApart(pass, between, { nanoseconds: timed.nanoseconds, passes: timed.batches }));
};

module.exports = { median, now, since, timeApart, timeHot };
