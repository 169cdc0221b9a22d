// Empty: what the preload costs a program that has nothing to gain.
import fs from 'node:fs';
import path from 'node:path';
import { withoutSnapshot, withSnapshot } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { childScript, runCommand } from '../lib/run-child.mjs';
import { hook, spawnPreload } from '../lib/run-program.mjs';
import { createProgramSnapshot } from '../lib/start-up.mjs';
import { pairedDifferences, summarise } from '../lib/statistics.mjs';
import { formatSummary, formatTable } from '../lib/tables.mjs';

/** A process of this kind takes little time, and the difference is small: many rounds. */
const roundsPerRound = 12;

const emptyFile = childScript('empty.cjs');

const titles = {
  nothing: 'no preload',
  emptyPreload: 'an empty preload',
  withoutSnapshot: 'the hook, snapshot turned off',
  noSnapshotYet: 'the hook, no snapshot yet',
  otherSnapshot: 'the hook, the snapshot of a large program',
  spawnPreload: 'the seam',
  both: 'the hook, no snapshot yet, and the seam',
};

const preload = (file) => ['-r', file];

const createStartsOfNothing = (context) => {
  const [largest] = [...context.traces].sort((left, right) => right.resolves - left.resolves);
  const snapshot = createProgramSnapshot(context, context.programOf(largest));
  const createNoSnapshot = () => withSnapshot(fs.mkdtempSync(path.join(context.directory, 'empty-cache-')));
  return {
    nothing: () => [[], {}],
    emptyPreload: () => [preload(emptyFile), {}],
    withoutSnapshot: () => [preload(hook), withoutSnapshot],
    noSnapshotYet: () => [preload(hook), createNoSnapshot()],
    otherSnapshot: () => [preload(hook), withSnapshot(snapshot)],
    spawnPreload: () => [preload(spawnPreload), {}],
    both: () => [[...preload(hook), ...preload(spawnPreload)], createNoSnapshot()],
  };
};

export const empty = {
  name: 'empty',
  title: 'Empty: what the preload costs an empty program',
  measure: (context) => {
    const starts = createStartsOfNothing(context);
    const kinds = Object.keys(starts);
    const times = measureInTurn(context.rounds * roundsPerRound, kinds, (kind) => {
      const [nodeArguments, environment] = starts[kind]();
      return runCommand(context.node.path, [...nodeArguments, emptyFile], environment).milliseconds;
    });
    return Object.fromEntries(
      kinds.map((kind) => [
        kind,
        {
          milliseconds: summarise(times[kind]),
          overEmptyPreload: summarise(pairedDifferences(times[kind], times.emptyPreload)),
        },
      ]),
    );
  },
  format: (result) => [
    formatTable(
      ['ms, median and quartiles', 'process', 'over an empty preload'],
      Object.entries(result).map(([kind, { milliseconds, overEmptyPreload }]) => [
        titles[kind],
        formatSummary(milliseconds, (value) => value.toFixed(1)),
        formatSummary(overEmptyPreload, (value) => value.toFixed(2)),
      ]),
    ),
  ],
  findFailures: () => [],
};
