// Threads that answer when they are asked.

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A thread that has begun; it ends with the test. */
export async function startThread(t, believe) {
  const worker = new Worker(new URL('thread.cjs', import.meta.url), { workerData: { believe } });
  t.teardown(() => worker.terminate());
  await once(worker, 'message');
  /** Resolves [[request, fromDir], …] there, in a turn of its own; gives the answers and what they cost. */
  return async function askThread(requests) {
    worker.postMessage(requests);
    const [reply] = await once(worker, 'message');
    return reply;
  };
}
