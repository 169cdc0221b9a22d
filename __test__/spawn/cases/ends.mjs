// When ends are told, in which order, and what is known of the others then.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endBusily, inOneTurn } from './observe.mjs';

const start = () => spawn('sleep', ['1000'], { stdio: 'ignore' });
const started = async (count) => {
  const children = Array.from({ length: count }, start);
  await Promise.all(children.map((child) => once(child, 'spawn')));
  return children;
};
const kill = (child) => endBusily(child, () => child.kill('SIGKILL'));

const PERMUTATIONS = [
  [0, 1, 2],
  [2, 1, 0],
  [1, 0, 2],
];

const isKnown = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code;
  }
};

export const cases = [
  ...PERMUTATIONS.map((order) => ({
    title: `children that are found to have ended at once, in the order ${order}`,
    async run() {
      const children = await started(3);
      const told = [];
      const all = Promise.all(children.map((child) => once(child, 'close')));
      for (const [index, child] of children.entries()) child.on('exit', () => told.push(index));
      await inOneTurn(() => {
        for (const index of order) kill(children[index]);
      });
      await all;
      return told;
    },
    expected: [0, 1, 2],
  })),
  {
    title: 'next ticks run between them',
    async run() {
      const children = await started(3);
      const told = [];
      const all = Promise.all(children.map((child) => once(child, 'close')));
      for (const [index, child] of children.entries()) {
        child.on('exit', () => {
          told.push(index);
          process.nextTick(() => told.push(`tick ${index}`));
        });
      }
      await inOneTurn(() => children.forEach(kill));
      await all;
      return told;
    },
    expected: [0, 'tick 0', 1, 'tick 1', 2, 'tick 2'],
  },
  {
    title: 'an end is told before the immediates of its turn',
    async run() {
      const [child] = await started(1);
      const told = [];
      child.on('exit', () => told.push('exit'));
      const closed = once(child, 'close');
      await inOneTurn(() => {
        kill(child);
        // Runs in a later turn: the events of this one were taken before.
        setTimeout(() => told.push('timer'), 0);
        setImmediate(() => setImmediate(() => told.push('immediate')));
      });
      await closed;
      return told.filter((what) => what !== 'timer');
    },
    expected: ['exit'],
  },
  {
    title: 'what a program knows in an immediate',
    async run() {
      const child = spawn('sleep', ['1000'], { stdio: ['pipe', 'ignore', 'ignore'] });
      await once(child, 'spawn');
      const errors = [];
      child.stdin.on('error', ({ code }) => errors.push(code));
      const closed = once(child, 'close');
      const known = await inOneTurn(() => {
        kill(child);
        return new Promise((resolve) => {
          setTimeout(() => {
            // The loop has looked for events since the child's end.
            setImmediate(() => resolve([child.signalCode, child.stdin.destroyed, child.kill()]));
          }, 0);
        });
      });
      await closed;
      return [known, errors];
    },
    expected: [['SIGKILL', true, false], []],
  },
  {
    title: 'when the first is told, all have been waited for',
    async run() {
      const children = await started(2);
      const [first, second] = children;
      const all = Promise.all(children.map((child) => once(child, 'close')));
      let known;
      first.on('exit', () => {
        known = [second.signalCode, second.kill(0), isKnown(second.pid)];
      });
      await inOneTurn(() => children.forEach(kill));
      await all;
      return known;
    },
    expected: [null, false, 'ESRCH'],
  },
];
