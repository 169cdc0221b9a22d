'use strict';

// The program that a worker runs: takes what the parent says first, loads the user's file, then runs tasks.

const fs = require('node:fs');
const net = require('node:net');
const { FrameReader, KINDS, LANES } = require('../protocol/frames.js');
const { CONTROL_BYTES, ControlBlock } = require('../protocol/control_block.js');
const { DESCRIPTORS, HANDLE_COMMAND } = require('../protocol/channels.js');
const { describeThrown, reviveThrown } = require('../protocol/errors.js');
const { noMemory } = require('../protocol/no_shared_memory.js');
const { now } = require('../protocol/clock.js');
const { readValue } = require('../protocol/values.js');
const { endWithParent, exitWithoutParent } = require('./end_with_parent.js');
const { loadModule, pickFunction } = require('./load_function.js');
const { publishWorker } = require('../worker_api.js');
const { TaskRunner } = require('./run_tasks.js');
const { WorkerLane } = require('./lane.js');
const { WorkerMemory } = require('./shared_memory.js');
const { startResolver } = require('./start_resolver.js');

const lane = new WorkerLane();
const functions = new Map();
let memory = noMemory;
let runner;

const reader = new FrameReader(LANES.TO_WORKER, (frame) => {
  const { kind, id } = frame;
  if (kind === KINDS.TASK) runner.add(frame);
  else if (kind === KINDS.INIT) initialise(readValue(frame, noMemory));
  else if (kind === KINDS.CANCEL) runner.cancel(id, reviveThrown(readValue(frame, noMemory)));
  else if (kind === KINDS.PULL) runner.pull(id, frame.extra);
  else if (kind === KINDS.FUNCTION) addFunction(id, readValue(frame, noMemory));
  else if (kind === KINDS.GRANT) memory.grant(readValue(frame, noMemory));
  else if (kind === KINDS.END_LEASE) memory.endLease(readValue(frame, noMemory));
  else if (kind === KINDS.PING) answer();
  else if (kind === KINDS.CLOSE) close(0);
});

/** What the parent wrote before this process ran; so that it starts without waiting for its event loop. */
function readFirst() {
  const chunk = Buffer.allocUnsafeSlow(64 * 1024);
  while (runner === undefined) {
    const length = fs.readSync(DESCRIPTORS.TASKS, chunk);
    if (length === 0) process.exit();
    reader.push(Buffer.from(chunk.subarray(0, length)));
  }
}

function initialise(options) {
  const { filename, name, argv, concurrency, sharedMemory, serialization } = options;
  const native = startResolver(options.resolver, options.program, options.snapshotOf);
  if (filename !== undefined) process.argv[1] = filename;
  process.argv.push(...argv);
  endWithParent(native, options.isGroupLeader);
  let control;
  if (sharedMemory !== undefined) {
    memory = new WorkerMemory(native, lane);
    control = new ControlBlock(memory.view(sharedMemory.control, CONTROL_BYTES));
    lane.control = control;
  }
  runner = new TaskRunner({
    lane,
    memory,
    control,
    isJson: serialization === 'json',
    concurrency,
    functions,
    afterFirst: () => keepWhatWasLearnt(native, options.resolver),
  });
  publishWorker(runner, options);
  start(filename, name);
}

/** The next worker starts quicker by it. Workers are often killed, so that the end would be too late. */
function keepWhatWasLearnt(native, isResolverOn) {
  require('node:module').flushCompileCache?.();
  if (isResolverOn) native?.saveSnapshots();
}

async function start(filename, name) {
  try {
    if (filename !== undefined) {
      const exported = loadModule(filename);
      modules.set(filename, exported);
      // A function of another name may be all that is ever called.
      const loaded = exported instanceof Promise ? await exported : exported;
      modules.set(filename, loaded);
      functions.set(0, functionOf(loaded, name, filename));
    }
  } catch (error) {
    lane.send(KINDS.START_FAILED, 0, describeThrown(error), noMemory, false, now());
    close(1);
    return;
  }
  lane.signal(KINDS.READY, 0, now());
  runner.start();
}

/** What a file exports, or a promise for it, by its name. */
const modules = new Map();

function addFunction(id, { filename, name }) {
  let exported = modules.get(filename);
  if (exported === undefined) {
    exported = new Promise((resolve) => resolve(loadModule(filename)));
    modules.set(filename, exported);
    exported.then(
      (loaded) => modules.set(filename, loaded),
      // Whoever asks for it next tries again.
      () => modules.delete(filename),
    );
  }
  functions.set(id, functionOf(exported, name, filename));
}

/** The function; a promise where its file is being loaded; a function that throws where there is none. */
function functionOf(exported, name, filename) {
  if (exported instanceof Promise) {
    const found = exported.then((loaded) => pickFunction(loaded, name, filename));
    // It is told to each task that calls it.
    found.catch(() => {});
    return found;
  }
  try {
    return pickFunction(exported, name, filename);
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** What was told so far gets there. */
function close(exitCode) {
  // It may be said before this program has come to its end, where the lane is set up.
  process.nextTick(() => lane.end(() => process.exit(exitCode)));
}

function answer() {
  const { rss } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  lane.send(KINDS.PONG, 0, { rss, cpu: (user + system) / 1000 }, noMemory, true, now());
}

process.on('internalMessage', (message, handle) => {
  if (message?.cmd === HANDLE_COMMAND) runner.addHandle(message, handle);
});

// A server or datagram socket that has come is told of in the next tick.
process.once('disconnect', () => setImmediate(() => runner.loseChannel()));

// What ends this process is told first; what was done is not lost by it.
process.on('uncaughtExceptionMonitor', (error) => {
  // The user catches it, and the worker lives.
  if (process.listenerCount('uncaughtException') > 0 || process.hasUncaughtExceptionCaptureCallback()) return;
  lane.send(KINDS.FATAL, 0, describeThrown(error), noMemory, false, now());
  lane.flush();
});
process.on('exit', () => lane.flush());

// On Windows a pipe can't be read but by the event loop.
if (process.platform !== 'win32') readFirst();
const tasks = new net.Socket({ fd: DESCRIPTORS.TASKS });
const results = new net.Socket({ fd: DESCRIPTORS.RESULTS, readable: false });
tasks.on('data', (chunk) => reader.push(chunk));
for (const event of ['end', 'error']) tasks.on(event, exitWithoutParent);
results.on('error', exitWithoutParent);
lane.socket = results;
