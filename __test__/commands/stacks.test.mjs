// The stack of a failure names the line that asked for the command.

import test from 'ava';
import { AbortError, failureOf, testEngines } from '../helpers/command_pools.mjs';

const fails = "console.error('Error: not ours\\n    at theirs (/elsewhere.js:1:1)'); process.exit(3)";

// Called from functions whose names are looked for, and whose promises nobody awaits.
const calledByRun = (pool, ...rest) => pool.run(...rest);
const calledByExec = (pool, line) => pool.exec(line);
const calledByLines = (pool, ...rest) => pool.lines(...rest);

const firstPlaces = ({ stack, message, name }) => {
  const head = `${name}: ${message}\n`;
  return stack.startsWith(head) ? stack.slice(head.length).split('\n') : [`no head: ${stack}`];
};

/** Nothing of the package is above the caller. */
const namesCall = (t, error, caller) => {
  t.regex(firstPlaces(error)[0], new RegExp(`^ {4}at ${caller} \\(.*stacks\\.test\\.mjs:\\d+:\\d+\\)$`));
};

testEngines(test, 'of run(), exec() and lines()', async (t, createPool) => {
  const pool = createPool();
  // The loop turns before anybody listens, so that only the call itself can have been on the stack.
  const calls = [calledByRun(pool, process.execPath, ['-e', fails]), calledByExec(pool, 'exit 4')].map(failureOf);
  const lines = calledByLines(pool, 'no-such-program-anywhere');
  const [run, exec] = await Promise.all(calls);
  namesCall(t, run, 'calledByRun');
  t.true(run.message.includes('at theirs'), 'what the command said of its own stack is part of the message');
  namesCall(t, exec, 'calledByExec');
  namesCall(t, await failureOf(lines.next()), 'calledByLines');
});

testEngines(
  test,
  'whatever ended the command, and where the failure is given instead of thrown',
  async (t, createPool) => {
    const pool = createPool({ concurrency: 1, maxQueue: 1 });
    const controller = new AbortController();
    const canceled = failureOf(calledByRun(pool, 'sleep', ['60'], { signal: controller.signal }));
    const given = calledByRun(pool, 'false', [], { reject: false });
    const refused = await failureOf(calledByRun(pool, 'true'));
    controller.abort();
    const error = await canceled;
    t.true(error instanceof AbortError);
    for (const failure of [refused, error, await given]) namesCall(t, failure, 'calledByRun');
  },
);

test.serial('a program that makes its own stacks has them', async (t) => {
  const { CommandPool } = await import('../../dist/pool.js');
  const pool = new CommandPool();
  const { prepareStackTrace, stackTraceLimit } = Error;
  try {
    const failing = pool.run('false');
    Error.prepareStackTrace = (_error, places) => places;
    const error = await failureOf(failing);
    t.true(Array.isArray(error.stack));
    Error.prepareStackTrace = () => {
      throw new Error('a stack');
    };
    const call = failureOf(pool.run('false'));
    t.is((await call).exitCode, 1, 'its result comes without a stack');
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = 0;
    const short = await failureOf(pool.run('false'));
    t.is(short.stack, `CommandError: ${short.message}`);
  } finally {
    Error.prepareStackTrace = prepareStackTrace;
    Error.stackTraceLimit = stackTraceLimit;
    await pool.close();
  }
});
