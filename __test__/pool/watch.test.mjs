// Who counts as not reacting, in a time that passes when a test says so.

import { createRequire } from 'node:module';
import test from 'ava';

const require = createRequire(import.meta.url);
const usage = require('../../lib/pool/parent/usage.js');
const { INTERVAL } = require('../../lib/pool/parent/watch.js');

const LIMIT = 200;
const START = 1e6;

/** As on a system that tells what a process takes, or on one where the worker is asked for that as well. */
function loadWatch(isTold) {
  const file = require.resolve('../../lib/pool/parent/watch.js');
  delete require.cache[file];
  const { readUsage } = usage;
  usage.readUsage = () => (isTold ? { rss: 0, cpu: 0 } : undefined);
  const { Watch } = require(file);
  usage.readUsage = readUsage;
  return Watch;
}

/** A worker with a task. It answers only where a test does it. */
class FakeWorker {
  assignments = { size: 1 };
  isActive = true;
  isReady = true;
  isUnresponsive = false;
  state = 'ready';
  lane = { heardAt: START, readOutbox() {} };
  pingedAt = 0;
  pings = [];
  stats = { memoryBytes: 0 };
  endReason = undefined;

  ping(time) {
    this.pingedAt = time;
    this.pings.push(time);
  }

  kill(reason) {
    this.endReason = reason;
    this.state = 'ending';
  }
}

function watchOne({ isTold = true, ...options } = {}) {
  const Watch = loadWatch(isTold);
  const worker = new FakeWorker();
  const told = [];
  const crew = { workers: [worker], scheduler: { steal() {} } };
  const limits = { unresponsiveAfter: LIMIT, maxMemoryBytes: Number.POSITIVE_INFINITY, ...options };
  const pool = { emitEvent: (name, { pings }, silence) => told.push({ name, pings: pings.length, silence }) };
  const watch = new Watch(crew, limits, pool);
  let time = START;
  watch.look(time);
  /** Looks until so much time has passed; `afterEach` is what the worker does between two looks. */
  const pass = (milliseconds, afterEach = () => {}) => {
    for (const end = time + milliseconds; time < end; ) {
      time += INTERVAL;
      watch.look(time);
      afterEach(time);
    }
  };
  const block = (milliseconds) => {
    time += milliseconds;
    watch.look(time);
  };
  return { worker, told, pass, block };
}

test('one that answers is left alone, however long it says nothing else', (t) => {
  const { worker, told, pass } = watchOne({ endUnresponsive: true });
  pass(100 * LIMIT, (time) => {
    if (worker.pingedAt > worker.lane.heardAt) worker.lane.heardAt = time + 1;
  });
  t.deepEqual(told, []);
  t.is(worker.endReason, undefined);
  t.true(worker.pings.length >= 100, `it was asked ${worker.pings.length} times`);
});

test('the time in which it had nothing to do does not count', (t) => {
  const { worker, told, pass } = watchOne({ idleTimeout: Number.POSITIVE_INFINITY });
  worker.assignments.size = 0;
  pass(10 * LIMIT);
  worker.assignments.size = 1;
  pass(LIMIT);
  t.deepEqual([told, worker.pings.length], [[], 1]);
  pass(INTERVAL);
  t.deepEqual(told, [{ name: 'workerUnresponsive', pings: 1, silence: LIMIT }]);
});

for (const isTold of [true, false]) {
  test(`one that does not answer is told of once, when its time is up; the system tells of it: ${isTold}`, (t) => {
    // Its memory is looked at several times meanwhile.
    const limit = 20 * LIMIT;
    const { worker, told, pass } = watchOne({ isTold, unresponsiveAfter: limit });
    pass(limit - INTERVAL);
    t.deepEqual(told, []);
    pass(2 * limit);
    t.deepEqual(told, [{ name: 'workerUnresponsive', pings: 1, silence: limit }]);
    t.is(worker.endReason, undefined);
  });
}

test('and ended, if that is to be', (t) => {
  const { worker, pass } = watchOne({ endUnresponsive: true });
  pass(LIMIT);
  t.is(worker.endReason, `its event loop was blocked for more than ${LIMIT} ms`);
});

test('a parent that was blocked itself asks once more', (t) => {
  const { told, pass, block } = watchOne();
  pass(LIMIT / 2);
  block(10 * LIMIT);
  pass(LIMIT / 2);
  t.deepEqual(told, []);
  pass(LIMIT / 2);
  t.is(told.length, 1);
});

for (const [title, unfit] of [
  ['is starting', (worker) => Object.assign(worker, { isReady: false })],
  ['is ending', (worker) => Object.assign(worker, { state: 'ending' })],
  ['has no task', ({ assignments }) => Object.assign(assignments, { size: 0 })],
]) {
  test(`one that ${title} is not asked`, (t) => {
    const { worker, told, pass } = watchOne({ idleTimeout: Number.POSITIVE_INFINITY });
    unfit(worker);
    pass(10 * LIMIT);
    t.deepEqual([told, worker.pings], [[], []]);
  });
}
