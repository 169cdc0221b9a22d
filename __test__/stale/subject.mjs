// The process that is tested.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { environmentOf } from './surroundings.mjs';

const program = path.join(import.meta.dirname, 'asker_process.cjs');

/** Without a record of an installation, of which there is none in the tree, it says nothing. */
const trustOf = ({ trust }) => (trust === undefined ? {} : { FAST_RESOLVE_TRUST: trust });

/**
 * A process whose threads answer by these `kinds`; the first is the main thread.
 * @param {object} options
 * @param {{ execArgv: string[] }} options.start
 * @param {string[]} options.kinds
 * @param {string} options.cache Where it keeps its snapshot.
 */
export function startSubject({ start, kinds, cache }) {
  const child = fork(program, kinds, {
    execArgv: start.execArgv,
    env: { PATH: process.env.PATH, ...environmentOf(start), FAST_RESOLVE_CACHE: cache, ...trustOf(start) },
  });
  const waiting = new Map();
  let lastId = 0;
  child.on('message', ({ id, result }) => {
    waiting.get(id).resolve(result);
    waiting.delete(id);
  });
  const hasExited = once(child, 'exit').then(([exitCode, signal]) => {
    for (const { reject } of waiting.values()) reject(new Error(`the process ended with ${exitCode ?? signal}`));
    return { exitCode, signal };
  });
  const call = (thread, method, task) =>
    new Promise((resolve, reject) => {
      waiting.set(++lastId, { resolve, reject });
      child.send({ id: lastId, thread, method, task });
    });
  return {
    kinds,
    answer: (thread, task) => call(thread, 'answer', task),
    answerInTurn: (thread, task) => call(thread, 'answerInTurn', task),
    forget: (thread, paths) => call(thread, 'forget', { paths }),
    stats: () => call(0, 'stats'),
    renew: (thread) => call(thread, 'renew'),
    async end(isAbrupt) {
      child.send({ method: 'end', task: { isAbrupt } });
      const { exitCode, signal } = await hasExited;
      if (exitCode !== 0) throw new Error(`the process ended with ${exitCode ?? signal}`);
    },
    /** Killed this many milliseconds after it was told to end, so maybe while it writes. */
    async endByKill(delay) {
      child.send({ method: 'end', task: { isAbrupt: true } });
      setTimeout(() => child.kill('SIGKILL'), delay);
      await hasExited;
    },
    kill: () => child.kill('SIGKILL'),
  };
}
