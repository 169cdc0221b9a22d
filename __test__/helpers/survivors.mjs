// Processes that are still there, found by a mark in their arguments or their environment.

import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

let count = 0;

/** Something that no other process has among its arguments, and that `sleep` takes for a long time. */
export const createMark = () => `999.${process.pid}${`${++count}`.padStart(6, '0')}`;

const readOrEmpty = (file) => {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    // It ended in the meantime.
    return '';
  }
};

/** The ids of all processes with this mark that are not zombies. */
export const findMarked = (mark) =>
  fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && readOrEmpty(`/proc/${name}/cmdline`).includes(mark))
    .map(Number);

/** Waits until a condition holds. There is no event for what other processes do; the limit is a net against hanging. */
export const until = async (condition, what) => {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await sleep(5);
  }
};

const isSleeping = (pid) => readOrEmpty(`/proc/${pid}/cmdline`).startsWith('sleep\0');

/** Waits until so many `sleep` with this mark run: whatever comes before them has been done then. */
export const untilRunning = (mark, number = 1) =>
  until(() => findMarked(mark).filter(isSleeping).length >= number, `${number} of ${mark} sleep`);

const isStopped = (pid) => / T /.test(readOrEmpty(`/proc/${pid}/stat`));

/** Waits until a process with this mark was stopped, by SIGSTOP. */
export const untilStopped = (mark) => until(() => findMarked(mark).some(isStopped), `one of ${mark} is stopped`);

export const untilGone = (mark) => until(() => findMarked(mark).length === 0, `all processes of ${mark} are gone`);

/** Ends what a test has left behind, on purpose or by a fault. */
export const killMarked = async (mark) => {
  for (const pid of findMarked(mark)) process.kill(pid, 'SIGKILL');
  await untilGone(mark);
};
