// Runs the cases of one file: with Node's own spawn (`stock`), with ours (`seam`), or with ours in a worker thread (`worker`).
// What they saw goes to descriptor 3, as JSON, with how many children were whose.

import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { countChildren } from './witness.mjs';

const [mode, file] = isMainThread ? process.argv.slice(2) : [workerData.mode, workerData.file];

if (mode === 'worker' && isMainThread) {
  const worker = new Worker(new URL(import.meta.url), { workerData: { mode, file } });
  worker.on('message', report);
} else {
  const spawn = createRequire(import.meta.url)('../../dist/spawn.js');
  if (mode !== 'stock' && !spawn.install()) throw new Error('the seam is not to be had here');
  const { cases } = await import(file);
  const children = countChildren();
  const results = {};
  let current;
  process.on('exit', () => {
    if (current !== undefined) console.error(`nothing goes on in: ${current}`);
  });
  // One after the other: the children of one must not be counted for another.
  for (const { title, run } of cases) {
    current = title;
    const before = { ...children };
    const result = await attempt(run);
    results[title] = { result, ours: children.ours - before.ours, nodes: children.nodes - before.nodes };
  }
  current = undefined;
  if (isMainThread) report(results);
  else parentPort.postMessage(results);
}

async function attempt(run) {
  try {
    // As JSON would make it, so that `undefined` is `null` in every mode.
    return { value: JSON.parse(JSON.stringify((await run()) ?? null)) };
  } catch (error) {
    return { error: `${error.stack}` };
  }
}

function report(results) {
  writeSync(3, JSON.stringify(results));
}
