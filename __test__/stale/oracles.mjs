// The two Nodes that an answer may come from: a fresh one, and one that has been asked the same things in the same order
// as the thread that is tested. Both are worker threads without anything of this package: each has a loader of its own,
// with caches of its own (`oracles.test.mjs` holds them against processes).

import { once } from 'node:events';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { environmentOf } from './surroundings.mjs';

const program = path.join(import.meta.dirname, 'asker_thread.cjs');

function startNode({ start }) {
  const { execArgv } = start;
  return new Worker(program, {
    execArgv,
    env: environmentOf(start),
    workerData: { kind: 'node' },
    trackUnmanagedFds: false,
  });
}

async function ask(worker, task) {
  worker.postMessage({ method: 'answer', task });
  const [{ result }] = await once(worker, 'message');
  return result;
}

/** A Node that lives on. */
export function createLastingNode(start) {
  const worker = startNode({ start });
  return { answer: (task) => ask(worker, task), end: () => worker.terminate() };
}

/** A Node that has been asked nothing before, for each question. The next one starts while this one answers. */
export function createFreshNodes(start) {
  let next = startNode({ start });
  return {
    async answer(task) {
      const worker = next;
      next = startNode({ start });
      const answers = await ask(worker, task);
      worker.terminate();
      return answers;
    },
    end: () => next.terminate(),
  };
}
