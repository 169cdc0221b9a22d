// Where the machine is out of descriptors or processes, commands wait for them, in their order and not for ever.

import test from 'ava';
import { testEngines } from '../helpers/command_pools.mjs';
import { runProgram } from '../helpers/command_program.mjs';

const isRoot = process.getuid?.() === 0;

const FEW_DESCRIPTORS = ['prlimit', '--nofile=64'];

const answerOf = async (t, name, engine, prefix = FEW_DESCRIPTORS) => {
  const { stdout, stderr, exitCode } = await runProgram('shortage.cjs', { engine, prefix, args: [name] });
  t.is(stderr, '');
  t.is(exitCode, 0);
  return JSON.parse(stdout);
};

const names = ['0', '1', '2', '3', '4', '5'];

testEngines(test, 'they run when there are descriptors again', async (t, _, engine) => {
  const { answers, started, completed, counts, drains } = await answerOf(t, 'released', engine);
  t.is(completed, 0);
  t.deepEqual(answers, [...names, 'of a stream']);
  t.deepEqual(started, [...names, '-']);
  t.deepEqual(counts, { running: 0, queued: 0, completed: 7 });
  t.is(drains, 1);
});

testEngines(test, 'many more than there are descriptors for', async (t, _, engine) => {
  const { answers, lost } = await answerOf(t, 'many', engine);
  t.deepEqual(
    answers,
    answers.map((_answer, index) => `${index}`),
  );
  t.true(lost <= 4, `${lost} more descriptors are open`);
});

testEngines(test, 'they fail when they have waited for `startRetryTime`', async (t, _, engine) => {
  const { codes, after, counts } = await answerOf(t, 'forGood', engine);
  t.deepEqual(new Set(codes), new Set(['EMFILE']));
  t.is(codes.length, 6);
  t.is(after, 'after');
  t.deepEqual(counts, { running: 0, queued: 0, completed: 7 });
});

testEngines(test, 'who waits can be cancelled', async (t, _, engine) => {
  const { codes, counts } = await answerOf(t, 'cancelled', engine);
  t.deepEqual(codes, ['ABORT_ERR', 'ABORT_ERR']);
  t.like(counts, { running: 0, queued: 0 });
});

testEngines(test, 'close() waits for who waits', async (t, _, engine) => {
  const { answer, counts } = await answerOf(t, 'closed', engine);
  t.is(answer, '0');
  t.deepEqual(counts, { running: 0, queued: 0, completed: 1 });
});

if (isRoot) {
  testEngines(test, 'they wait for processes, too', async (t, _, engine) => {
    const { without, codes } = await answerOf(t, 'processes', engine, ['prlimit', '--nproc=2']);
    t.true(without.includes('EAGAIN'));
    t.deepEqual(codes, names);
  });
} else {
  test.skip('they wait for processes, too (only root has commands run as somebody with a limit)', () => {});
}

testEngines(test, 'a shortage is over when nobody waits any more', async (t, _, engine) => {
  const { codes, drains } = await answerOf(t, 'again', engine);
  t.deepEqual(codes, ['ABORT_ERR', 'second', 'long']);
  t.is(drains[0], 1, 'what still runs holds no drain back');
});

testEngines(test, 'a shortage is over when the one that was tried fails for another reason', async (t, _, engine) => {
  const { codes, drained } = await answerOf(t, 'missing', engine);
  t.deepEqual(codes, ['ENOENT', 'long']);
  t.deepEqual(drained, [1], 'what still runs holds no drain back');
});
