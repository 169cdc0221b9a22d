// The instructions that the addon runs for a fixed replay.
import fs from 'node:fs';
import path from 'node:path';
import { countInstructionsInAddons, reasonNotToCountInstructions, runUncounted } from './count-instructions.mjs';
import { createFixedTree } from './fixed-tree.mjs';
import { fileOf, ours, withoutSnapshot, withSnapshot } from './implementations.mjs';
import { formatTable } from './tables.mjs';

/** The same on every machine, so that paths are as long and as deep; and less is going on there than in /tmp. */
const parentDirectory = '/var/tmp';

/** The stamp of what was changed less than two seconds ago proves nothing. */
const ripeMilliseconds = 2500;

const snapshotRuns = 2;

const callsInTurn = 28;

/** A count may grow by this much, and is worth keeping if it has shrunk by this much. */
const tolerance = 0.1;

/** Why there is nothing to measure, or undefined. */
export const reasonNotToMeasure = () =>
  process.platform === 'linux' && process.arch === 'x64'
    ? reasonNotToCountInstructions()
    : 'the committed counts are of Linux x64';

const sleep = (milliseconds) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

const checkAnswers = ({ differing }) => {
  if (differing.count > 0) throw new Error(`${ours} answers not as Node: ${JSON.stringify(differing.examples[0])}`);
};

const measureIn = (context, root) => {
  const trace = createFixedTree(context.node, root);
  const childArguments = [fileOf(ours), trace.file, String(callsInTurn)];
  const count = (environment) => {
    const counted = countInstructionsInAddons(context, 'count.cjs', childArguments, environment);
    checkAnswers(counted.printed);
    if (counted.count === 0) throw new Error('no instruction of an addon was seen');
    return counted;
  };
  sleep(ripeMilliseconds);
  const cold = count(withoutSnapshot);
  const snapshot = withSnapshot(path.join(root, 'cache'));
  for (let run = 0; run < snapshotRuns; run += 1) {
    checkAnswers(runUncounted(context, 'count.cjs', childArguments, snapshot));
  }
  const warm = count(snapshot);
  const state = warm.printed.stats?.snapshot?.state;
  if (state !== 'used') throw new Error(`the snapshot was not used: ${state}`);
  return { resolves: trace.resolves, cold: cold.count, warm: warm.count };
};

/** @returns {{ resolves: number, cold: number, warm: number }} How many instructions, all included, and for how many resolves. */
export const measureCounts = () => {
  const root = fs.mkdtempSync(path.join(parentDirectory, 'fast-resolve-count-'));
  try {
    const directory = path.join(root, 'scratch');
    fs.mkdirSync(directory);
    fs.mkdirSync(path.join(root, 'cache'));
    return measureIn({ node: { path: process.execPath }, directory }, root);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
};

const kinds = { cold: 'cold', warm: 'warm from a snapshot' };

/** Which kinds have grown or shrunk by more than is tolerated. */
export const compareCounts = (committed, counts) => {
  const titlesOf = (isOver) =>
    Object.keys(kinds)
      .filter(isOver)
      .map((kind) => kinds[kind]);
  return {
    grown: titlesOf((kind) => counts[kind] > committed[kind] * (1 + tolerance)),
    shrunk: titlesOf((kind) => counts[kind] < committed[kind] * (1 - tolerance)),
  };
};

export const formatCounts = (committed, counts) =>
  formatTable(
    [`instructions in the addon, ${counts.resolves} resolves`, 'committed', 'now', 'per resolve', 'growth'],
    Object.entries(kinds).map(([kind, title]) => [
      title,
      committed[kind],
      counts[kind],
      Math.round(counts[kind] / counts.resolves),
      `${((counts[kind] / committed[kind] - 1) * 100).toFixed(1)} %`,
    ]),
  );
