// What comes from a worker and can't be: the worker is ended, what it had is accounted for, and the parent lives.

import { EventEmitter, once } from 'node:events';
import { createRequire } from 'node:module';
import test from 'ava';
import { WorkerCrashedError } from '../../dist/pool.js';
import { begin, createPool } from './pools.mjs';

const require = createRequire(import.meta.url);
const { FrameWriter, KINDS } = require('../../lib/pool/protocol/frames.js');
const { DESCRIPTORS } = require('../../lib/pool/protocol/channels.js');
const { ParentLane } = require('../../lib/pool/parent/lane.js');

const LANE = DESCRIPTORS.RESULTS;
const CHANNEL = 3;

/** A frame with any body. */
function frame(kind, { id = 0, codec = 0, extra = 0, body = Buffer.alloc(0) } = {}) {
  const writer = new FrameWriter();
  writer.begin(kind, extra, id);
  writer.setCodec(codec);
  writer.writeBytes(body);
  return Buffer.from(writer.finish());
}

const json = (kind, value, id) => frame(kind, { id, codec: 1, body: Buffer.from(JSON.stringify(value)) });

function place(...numbers) {
  const body = Buffer.alloc(8 * numbers.length);
  for (const [index, number] of numbers.entries()) body.writeDoubleLE(number, 8 * index);
  return body;
}

/** Has the length of `frame`, and says that it is longer. */
function declaring(bytes, length) {
  bytes.writeUInt32LE(length, 0);
  return bytes;
}

/** The task that writes is the second of its worker; the first has ended, the third and fourth wait. */
const [FIRST, OWN, NEXT] = [0, 256, 513];

const MALFORMED = [
  ['a frame of three bytes', Buffer.from([3, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0])],
  ['three bytes', Buffer.from([1, 2, 3])],
  ['text', Buffer.from('a line that was meant for somebody else\n')],
  ['a length beyond all', declaring(frame(KINDS.RESULT, { id: OWN }), 0xffffffff)],
  ['a long frame of what is short', declaring(frame(KINDS.PONG), 5000)],
  ['the beginning of the result of a task that has ended', declaring(json(KINDS.RESULT, 'forged', FIRST), 2 ** 30)],
  ['the beginning of the result of a task that has not begun', declaring(json(KINDS.RESULT, 'forged', NEXT), 2 ** 30)],
  ['the beginning of a failure that nobody could have had', declaring(json(KINDS.FAILURE, {}, 0xffffffff), 2 ** 30)],
  ['the beginning of progress that nobody could have made', declaring(json(KINDS.PROGRESS, 1, 100_000), 2 ** 30)],
  ['the beginning of an item of what is no stream', declaring(json(KINDS.ITEM, 'forged', OWN), 2 ** 30)],
  ['an unknown kind', frame(99)],
  ['a kind that only parents send', frame(KINDS.TASK)],
  ['an unknown codec', frame(KINDS.RESULT, { id: OWN, codec: 6 })],
  ['an extra', frame(KINDS.RESULT, { id: OWN, extra: 1 })],
  ['a second start', frame(KINDS.READY)],
  ['the result of a task that has ended', json(KINDS.RESULT, 'forged', FIRST)],
  ['the result of a task that has not begun', json(KINDS.RESULT, 'forged', NEXT)],
  ['the failure of a task that has not begun', json(KINDS.FAILURE, { thrown: 'forged' }, NEXT)],
  ['the result of a task that it was never given', json(KINDS.RESULT, 'forged', 0xffffffff)],
  ['progress of a task that it was never given', json(KINDS.PROGRESS, 'forged', 100_000)],
  ['an item of what is no stream', json(KINDS.ITEM, 'forged', OWN)],
  ['the end of what is no stream', frame(KINDS.END, { id: OWN })],
  ['no handle for a task without one', frame(KINDS.NO_HANDLE, { id: OWN })],
  ['JSON that is none', frame(KINDS.RESULT, { id: OWN, codec: 1, body: Buffer.from('{') })],
  ['a clone that is none', frame(KINDS.RESULT, { id: OWN, codec: 3, body: Buffer.from('fe0fff', 'hex') })],
  ['a failure without a description', frame(KINDS.FAILURE, { id: OWN })],
  ['a failure with half of one', json(KINDS.FAILURE, { error: 0, errors: [{ own: [['a']] }] }, OWN)],
  ['a place that nobody has', frame(KINDS.RESULT, { id: OWN, codec: 4, body: place(-9e-54, 1, 2) })],
  ['a place cut short', frame(KINDS.RESULT, { id: OWN, codec: 5, body: place(0) })],
  ['usage that is none', frame(KINDS.PONG)],
  ['a wish for less than nothing', json(KINDS.WANT, -1)],
  ['a wish for text', json(KINDS.WANT, 'much')],
  ['nothing given back', json(KINDS.RETURN, null)],
  ['what it does not have given back', json(KINDS.RETURN, { offset: 0, generation: 1 })],
];

for (const [title, bytes] of MALFORMED) {
  test(`the worker alone ends: ${title}`, async (t) => {
    const pool = createPool(t, { stdio: ['ignore', 'ignore', 'pipe'] });
    const told = once(pool, 'error');
    await pool.run(0);
    const pid = pool.workers[0].pid;
    const order = { descriptor: LANE, bytes };
    const victim = pool.run(order, { name: 'writeAndHang' });
    const others = [1, 2, 3].map((value) => pool.run(value));
    // What is too short for a frame is found out by what the task says next.
    const error = await t.throwsAsync(victim, { instanceOf: WorkerCrashedError });
    t.regex(error.message, /what it sent can't be read: /);
    t.is(error.workerPid, pid);
    t.deepEqual(await Promise.all(others), [1, 2, 3]);
    const [event] = await told;
    t.like(event, { code: 'FAST_RESOLVE_WORKER_MALFORMED', workerPid: pid });
    t.is(error.cause, event);
    t.true(event.message.endsWith(event.cause.message));
  });
}

for (const serialization of ['json', 'advanced']) {
  test(`what is no message of Node's channel ends the worker alone: ${serialization}`, async (t) => {
    const pool = createPool(t, { serialization });
    const told = once(pool, 'error');
    await pool.run(0);
    const bytes = serialization === 'json' ? 'no json\n' : '\0\0\0\x02\xff\x0f\xff';
    const error = await t.throwsAsync(pool.run({ descriptor: CHANNEL, bytes }, { name: 'writeAndHang' }), {
      instanceOf: WorkerCrashedError,
    });
    t.regex(error.message, /what it sent can't be read: /);
    t.is((await told)[0].code, 'FAST_RESOLVE_WORKER_MALFORMED');
    t.is(await pool.run(1), 1);
  });
}

test('a forged result of the task that runs is the last that is heard of its worker', async (t) => {
  const pool = createPool(t);
  const told = once(pool, 'error');
  await pool.run(0);
  const bytes = json(KINDS.RESULT, 'forged', OWN);
  // It is the task's own affair; the result that follows is one too many.
  t.is(await pool.run({ descriptor: LANE, bytes }, { name: 'write' }), 'forged');
  const rest = [1, 2, 3].map((value) => pool.run(value));
  t.is((await told)[0].code, 'FAST_RESOLVE_WORKER_MALFORMED');
  await Promise.allSettled(rest);
  t.is(await pool.run(4), 4);
});

test('a frame that never comes to its end does not keep time limits from their tasks', async (t) => {
  const pool = createPool(t, { killAfter: 10 });
  await pool.run(0);
  const bytes = declaring(json(KINDS.RESULT, 'swallowed', OWN), 2 ** 30);
  const swallowed = pool.run({ descriptor: LANE, bytes }, { name: 'write', timeout: 50 });
  const after = pool.run('after');
  await t.throwsAsync(swallowed, { name: 'TimeoutError', any: true });
  // What the worker had begun goes with it; elsewhere it was not given any more.
  await Promise.allSettled([after]);
  t.is(await pool.run(1), 1);
});

test('nor a worker from being ended that does not answer', async (t) => {
  const pool = createPool(t, { unresponsiveAfter: 100, endUnresponsive: true });
  await pool.run(0);
  const bytes = declaring(json(KINDS.RESULT, 'swallowed', OWN), 2 ** 30);
  await t.throwsAsync(pool.run({ descriptor: LANE, bytes }, { name: 'write' }), { instanceOf: WorkerCrashedError });
  t.is(await pool.run(1), 1);
});

test.serial('the pieces of one frame are heard for a minute, and no longer', (t) => {
  const { hrtime } = process;
  let seconds = 1000;
  process.hrtime = () => [seconds, 0];
  try {
    const results = new EventEmitter();
    const worker = { reports: { check() {}, read() {} }, hear() {}, breakOff: (error) => t.fail(error.message) };
    const lane = new ParentLane(worker);
    lane.connect(Object.assign(new EventEmitter(), { resume() {} }), results);
    const piece = Buffer.alloc(4096);
    const trickle = (count) => {
      for (let left = count; left > 0; left--) {
        seconds++;
        results.emit('data', piece);
      }
    };
    const start = () => results.emit('data', declaring(frame(KINDS.RESULT), 12 + 4096 * 120));
    start();
    trickle(59);
    t.is(lane.heardAt, 1059 * 1000);
    trickle(60);
    t.is(lane.heardAt, 1059 * 1000);
    // With its last piece, it has come to its end.
    trickle(1);
    t.is(lane.heardAt, 1120 * 1000);
    start();
    // While this process was busy, it could hear nothing: that counts for one second.
    seconds += 1000;
    trickle(58);
    t.is(lane.heardAt, seconds * 1000);
  } finally {
    process.hrtime = hrtime;
  }
});

test('what is too long for a frame is refused where it is written', (t) => {
  const writer = new FrameWriter();
  writer.begin(KINDS.TASK, 0, 0);
  t.throws(() => writer.reserve(2 ** 31), { instanceOf: RangeError });
});

test('what a worker sends once its task was cancelled is none of this', async (t) => {
  const pool = createPool(t, { killAfter: Number.POSITIVE_INFINITY });
  pool.on('error', (error) => t.fail(error.message));
  const controller = new AbortController();
  const { promise } = await begin(pool, undefined, { name: 'untilAborted', signal: controller.signal });
  controller.abort();
  await t.throwsAsync(promise, { code: 'ABORT_ERR' });
  t.is(await pool.run(1), 1);
});
