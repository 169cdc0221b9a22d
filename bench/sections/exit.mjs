// Exit: what writing the snapshot adds to a process that has resolved the largest program's trace for the first time.
import fs from 'node:fs';
import path from 'node:path';
import { ours, withoutSnapshot, withSnapshot } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { snapshotBytes } from '../lib/replay-process.mjs';
import { childScript, runCommand } from '../lib/run-child.mjs';
import { pairedDifferences, summarise } from '../lib/statistics.mjs';
import { formatSummary, formatTable } from '../lib/tables.mjs';

const roundsPerRound = 4;

const titles = { written: 'snapshot written', turnedOff: 'snapshot turned off' };

const measureOnce = (context, trace, environment) => {
  const { stdout, end } = runCommand(context.node.path, [childScript('exit.cjs'), ours, trace.file], environment);
  const printed = JSON.parse(stdout);
  const begin = BigInt(printed.begin);
  return { listeners: Number(BigInt(printed.end) - begin) / 1e6, untilGone: Number(end - begin) / 1e6 };
};

export const exit = {
  name: 'exit',
  title: 'Exit: writing the snapshot',
  measure: (context) => {
    const [trace] = [...context.traces].sort((left, right) => right.resolves - left.resolves);
    const bytes = [];
    const runs = measureInTurn(context.rounds * roundsPerRound, Object.keys(titles), (kind) => {
      if (kind === 'turnedOff') return measureOnce(context, trace, withoutSnapshot);
      const snapshot = fs.mkdtempSync(path.join(context.directory, 'exit-snapshot-'));
      const measured = measureOnce(context, trace, withSnapshot(snapshot));
      bytes.push(snapshotBytes(snapshot));
      return measured;
    });
    const summariseField = (field) => {
      const valuesOf = (kind) => runs[kind].map((run) => run[field]);
      return {
        written: summarise(valuesOf('written')),
        turnedOff: summarise(valuesOf('turnedOff')),
        difference: summarise(pairedDifferences(valuesOf('written'), valuesOf('turnedOff'))),
      };
    };
    return {
      program: trace.program,
      resolves: trace.resolves,
      isWritten: bytes.every((count) => count > 0),
      snapshotBytes: Math.max(...bytes),
      listeners: summariseField('listeners'),
      untilGone: summariseField('untilGone'),
    };
  },
  format: ({ program, resolves, isWritten, snapshotBytes: bytes, listeners, untilGone }) => [
    formatTable(
      [`ms, ${program}, ${resolves} resolves`, titles.written, titles.turnedOff, 'difference'],
      [
        ['listeners of exit', listeners],
        ['from exit until the process is gone', untilGone],
      ].map(([title, { written, turnedOff, difference }]) => [
        title,
        ...[written, turnedOff, difference].map((summary) => formatSummary(summary, (value) => value.toFixed(2))),
      ]),
    ),
    isWritten ? `The snapshot has ${bytes} bytes.` : 'NO SNAPSHOT WAS WRITTEN: the difference says nothing.',
  ],
  findFailures: () => [],
};
