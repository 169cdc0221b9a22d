// What comes by the lane, mutated: reading it ends in frames that can be or in an error, on both sides; and what a worker says can
// do nothing to the pool but end that worker.
//
// FAST_RESOLVE_TEST=long reads 100,000 streams of each kind, FAST_RESOLVE_SEED=<number> repeats a run.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import path from 'node:path';
import test from 'ava';

const require = createRequire(import.meta.url);
const { native } = require('../../lib/resolve/addon.js');
const { Blocks } = require('../../lib/pool/shared_memory/blocks.js');
const { ownBuffers } = require('../../lib/pool/shared_memory/own_buffers.js');
const { Assignment } = require('../../lib/pool/parent/assignment.js');
const { Assignments } = require('../../lib/pool/parent/assignments.js');
const { Leases } = require('../../lib/pool/parent/leases.js');
const { Reports } = require('../../lib/pool/parent/reports.js');
const { Task } = require('../../lib/pool/parent/task.js');
const { TaskStream } = require('../../lib/pool/parent/task_stream.js');
const { WorkerMemory } = require('../../lib/pool/parent/shared_memory.js');
const { CONTROL_BYTES, ControlBlock, SLOTS } = require('../../lib/pool/protocol/control_block.js');
const { describeThrown } = require('../../lib/pool/protocol/errors.js');
const { FrameReader, FrameWriter, HEADER, KINDS, LANES } = require('../../lib/pool/protocol/frames.js');
const { noMemory } = require('../../lib/pool/protocol/no_shared_memory.js');
const { readValue, writeValue } = require('../../lib/pool/protocol/values.js');

const STREAMS = process.env.FAST_RESOLVE_TEST === 'long' ? 100_000 : 3000;
const seed = Number(process.env.FAST_RESOLVE_SEED ?? Date.now() % 2 ** 32);
const PROGRAM = path.resolve(import.meta.dirname, '../../dist/pool-worker.js');
const MOST_KEPT = 2 ** 20;

function createRandom(start) {
  let state = start >>> 0;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return (below) => Math.floor(random() * below);
}

const VALUES = [
  undefined,
  1,
  'text',
  'Ünïcödé €',
  { a: [1, { b: null }], c: 'x' },
  new Map([['key', new Set([1n, /x/g])]]),
  Buffer.from('some bytes'),
  new Float64Array([1, 2, 3]),
  new Date(0),
  Array.from({ length: 100 }, (_, index) => ({ index })),
];

const ERRORS = [
  new TypeError('wrong', { cause: new RangeError('why') }),
  new AggregateError([new Error('one'), 'two']),
  new DOMException('aborted', 'AbortError'),
  null,
  Object.assign(new (class Custom extends Error {})('own'), { code: 'E', list: [1] }),
];

const oneOf = (random, list) => list[random(list.length)];

function writeFrame(kind, { extra = 0, id = 0, value } = {}) {
  const writer = new FrameWriter();
  writer.begin(kind, extra, id);
  writeValue(writer, value, noMemory, false);
  return Buffer.from(writer.finish());
}

/** What a worker may say. */
function createReport(random) {
  // The n-th task of a worker that has ended none has the n-th slot.
  const id = (SLOTS + 1) * random(7);
  const kinds = [
    () => writeFrame(KINDS.RESULT, { id, value: oneOf(random, VALUES) }),
    () => writeFrame(KINDS.PROGRESS, { id, value: oneOf(random, VALUES) }),
    () => writeFrame(KINDS.ITEM, { id, value: oneOf(random, VALUES) }),
    () => writeFrame(KINDS.FAILURE, { id, value: describeThrown(oneOf(random, ERRORS)) }),
    () => writeFrame(KINDS.FATAL, { value: describeThrown(oneOf(random, ERRORS)) }),
    () => writeFrame(KINDS.END, { id }),
    () => writeFrame(KINDS.NO_HANDLE, { id }),
    () => writeFrame(KINDS.READY),
    () => writeFrame(KINDS.PONG, { value: { rss: 1, cpu: 1 } }),
    () => writeFrame(KINDS.WANT, { value: random(1e6) }),
    () => writeFrame(KINDS.RETURN, { value: { offset: 65_536 * random(4), generation: random(3) } }),
    () => createPlacedResult(random, id),
  ];
  return oneOf(random, kinds)();
}

/** A result in shared memory, which may be there. */
function createPlacedResult(random, id) {
  const writer = new FrameWriter();
  writer.begin(KINDS.RESULT, 0, id);
  writer.setCodec(4 + random(3));
  for (const number of [65_536 * random(4), random(3), random(70_000), random(16)]) writer.writeDouble(number);
  return Buffer.from(writer.finish());
}

/** What a parent may say. */
function createOrder(random) {
  const id = random(600);
  const kinds = [
    () => writeFrame(KINDS.TASK, { id, extra: random(0x4000), value: oneOf(random, VALUES) }),
    () => writeFrame(KINDS.CANCEL, { id, value: describeThrown(oneOf(random, ERRORS)) }),
    () => writeFrame(KINDS.FUNCTION, { id, value: { filename: '/a', name: 'b' } }),
    () => writeFrame(KINDS.PULL, { id, extra: 8 }),
    () => writeFrame(KINDS.PING),
    () => writeFrame(KINDS.CLOSE),
    () => writeFrame(KINDS.GRANT, { value: { offset: 0, generation: 1, capacity: 65_536 } }),
    () => writeFrame(KINDS.END_LEASE, { value: { offset: 0, generation: 1 } }),
  ];
  return oneOf(random, kinds)();
}

/** Some frames, of which some bytes are others. */
function createStream(random, createFrame) {
  const bytes = Buffer.concat(Array.from({ length: 1 + random(5) }, () => createFrame(random)));
  const mutations = [
    () => bytes,
    () => bytes.subarray(0, random(bytes.length)),
    () => bytes.subarray(random(bytes.length)),
    () => Buffer.concat([bytes.subarray(0, random(bytes.length)), bytes]),
    () => bytes.fill(random(256), random(bytes.length)),
    () => bytes.map(() => random(256)),
    ...Array.from({ length: 6 }, () => () => {
      for (let count = 1 + random(4); count > 0; count--) bytes[random(bytes.length)] = random(256);
      return bytes;
    }),
  ];
  return Buffer.from(oneOf(random, mutations)());
}

/** Pushes a stream in pieces; the error that ended it, if one did. */
function push(random, reader, stream) {
  try {
    for (let at = 0; at < stream.length; ) {
      const end = at + 1 + random(stream.length);
      reader.push(stream.subarray(at, end));
      at = end;
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The frames of a stream, and whether they ended in an error. */
function readAll(random, lane, stream, isWhole) {
  const frames = [];
  const reader = new FrameReader(lane, (frame) => {
    if (frame.start > frame.end || frame.end > frame.chunk.length) throw new Error('A frame beyond its chunk');
    frames.push([frame.kind, frame.codec, frame.extra, frame.id, frame.body.toString('latin1')].join());
  });
  const error = isWhole ? push(() => stream.length, reader, stream) : push(random, reader, stream);
  if (error !== undefined && !(error instanceof RangeError)) throw error;
  return { frames, hasError: error !== undefined };
}

for (const [title, lane, createFrame] of [
  ['what workers say', LANES.FROM_WORKER, createReport],
  ['what parents say', LANES.TO_WORKER, createOrder],
]) {
  test(`${STREAMS} mutated streams are cut alike, in whatever pieces they come: ${title}`, (t) => {
    t.timeout(1_200_000);
    t.log(`FAST_RESOLVE_SEED=${seed}`);
    const random = createRandom(seed);
    let errors = 0;
    for (let count = 0; count < STREAMS; count++) {
      const stream = createStream(random, createFrame);
      const whole = readAll(random, lane, stream, true);
      const pieces = readAll(random, lane, stream, false);
      if (JSON.stringify(whole) !== JSON.stringify(pieces)) t.fail(`stream ${count}: ${stream.toString('hex')}`);
      if (whole.hasError) errors++;
    }
    t.true(errors > STREAMS / 10 && errors < STREAMS, `${errors} errors`);
  });

  test(`${STREAMS} mutated streams are values or errors: ${title}`, (t) => {
    t.timeout(1_200_000);
    const random = createRandom(seed + 1);
    let values = 0;
    for (let count = 0; count < STREAMS; count++) {
      const reader = new FrameReader(lane, (frame) => {
        readValue(frame, noMemory);
        values++;
      });
      push(random, reader, createStream(random, createFrame));
    }
    t.true(values > STREAMS / 2, `${values} values`);
  });
}

/** A worker with tasks, as the pool has it; only its process is missing. */
function createWorker(random, poolMemory) {
  const settlings = new Map();
  const leases = new Leases(poolMemory);
  const memory =
    poolMemory === undefined ? noMemory : new WorkerMemory(poolMemory, leases, ownBuffers(native), () => {});
  const isReady = { value: false };
  const lane = { memory, control: undefined, send() {} };
  if (poolMemory !== undefined) {
    const { view } = memory.allocateControl(CONTROL_BYTES);
    view.fill(0, 0, CONTROL_BYTES);
    lane.control = new ControlBlock(view);
  }
  const worker = {
    lane,
    prove() {},
    becomeReady() {
      if (isReady.value) throw new RangeError('twice');
      isReady.value = true;
    },
  };
  const scheduler = {
    end(assignment) {
      assignments.remove(assignment);
      return true;
    },
    handleNotSent: () => {
      throw new Error('No task has a handle');
    },
  };
  const assignments = new Assignments(worker, scheduler, {});
  worker.assignments = assignments;
  const reports = new Reports(worker, scheduler);
  const tasks = [];
  for (let count = 0; count < 6; count++) {
    const task = new Task(undefined, { onProgress: undefined }, ({ id }) =>
      settlings.set(id, (settlings.get(id) ?? 0) + 1),
    );
    task.promise.catch(() => {});
    if (random(3) === 0) {
      task.stream = new TaskStream(() => {});
      task.stream.attach(task, new Error('the call'));
    }
    const assignment = new Assignment(task, worker, assignments.nextId);
    assignments.add(assignment);
    const hasBegun = random(2) === 0;
    if (hasBegun) lane.control?.begin(assignment.slot, assignment.id, 0);
    tasks.push({ task, assignment, hasBegun: hasBegun || lane.control === undefined });
  }
  if (poolMemory !== undefined && random(2) === 0) memory.grant(65_536);
  return { tasks, assignments, memory, reports, settlings };
}

const MEMORIES = [['without shared memory', undefined]];
if (native?.SharedMemory !== undefined) MEMORIES.push(['with shared memory', Blocks.create(native)]);

for (const [title, poolMemory] of MEMORIES) {
  test(`${STREAMS} mutated streams settle no task twice, and none that was not begun, ${title}`, (t) => {
    t.timeout(1_200_000);
    t.log(`FAST_RESOLVE_SEED=${seed}`);
    const random = createRandom(seed + 2);
    let settled = 0;
    for (let count = 0; count < STREAMS; count++) {
      const { tasks, assignments, memory, reports, settlings } = createWorker(random, poolMemory);
      push(
        random,
        new FrameReader(
          LANES.FROM_WORKER,
          (frame) => reports.read(frame),
          (frame) => reports.check(frame),
        ),
        createStream(random, createReport),
      );
      for (const { task, assignment, hasBegun } of tasks) {
        const times = settlings.get(task.id) ?? 0;
        settled += times;
        if (times > 1 || (times === 1 && !hasBegun)) t.fail(`stream ${count}, task ${assignment.id}: ${times} times`);
        // What is left is accounted for as after a crash.
        if ((assignments.find(assignment.id) === assignment) === task.isSettled) t.fail(`stream ${count}: lost`);
      }
      if (memory !== noMemory) memory.releaseAll();
    }
    t.true(settled > STREAMS / 50, `${settled} were settled`);
  });
}

/** What is kept of a frame that is not whole may not grow without bound, whatever it says of its length. */
test('what is no beginning of a frame is refused as soon as it is there', (t) => {
  const random = createRandom(seed + 3);
  let kept = 0;
  for (let count = 0; count < 10_000; count++) {
    const bytes = Buffer.from(Array.from({ length: HEADER }, () => random(256)));
    if (push(random, new FrameReader(LANES.FROM_WORKER, () => {}), bytes) === undefined) kept++;
  }
  t.true(kept < 10, `${kept} of 10,000 are waited for`);
});

const needsPipes = process.platform === 'win32' ? test.skip : test;

needsPipes('a worker that is told what can not be ends', async (t) => {
  const random = createRandom(seed + 4);
  t.log(`FAST_RESOLVE_SEED=${seed}`);
  const orders = [
    writeFrame(KINDS.TASK, { value: 1 }),
    Buffer.from('text that is no frame\n'),
    Buffer.alloc(MOST_KEPT, 0xff),
    ...Array.from({ length: 5 }, () => createStream(random, createOrder)),
  ];
  const endings = orders.map(async (bytes) => {
    const worker = spawn(process.execPath, [PROGRAM], { stdio: ['ignore', 'ignore', 'ignore', 'ipc', 'pipe', 'pipe'] });
    for (const pipe of worker.stdio.slice(4)) pipe.on('error', () => {});
    const exited = once(worker, 'exit');
    worker.stdio[4].end(bytes);
    return exited;
  });
  for (const [exitCode, signal] of await Promise.all(endings)) t.true(exitCode !== null && signal === null);
});
