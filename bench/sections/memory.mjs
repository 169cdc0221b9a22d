// Memory: what the resolves of the largest program take, in the program itself and in a process that only resolves. After a
// collection, but the resident size still moves by megabytes from run to run with the size that V8 chose for its heap.
import fs from 'node:fs';
import path from 'node:path';
import { nodes, ours, withoutSnapshot, withSnapshot } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { createReplaySnapshots } from '../lib/replay-process.mjs';
import { childScript, runCommand } from '../lib/run-child.mjs';
import { runProgram } from '../lib/run-program.mjs';
import { createStarts } from '../lib/start-up.mjs';
import { pairedDifferences, summarise } from '../lib/statistics.mjs';
import { formatSummary, formatTable } from '../lib/tables.mjs';

const mebibyte = 1024 * 1024;

const roundsPerRound = 2;

const fields = ['rss', 'heapUsed'];

const titles = { stock: 'stock', first: 'fast-resolve, no snapshot yet', warm: 'fast-resolve, snapshot there' };
const kinds = Object.keys(titles);

const measureProgram = (context, program, { preloads = [], environment = {} }) => {
  const file = path.join(context.directory, 'memory.json');
  runProgram(program, {
    node: context.node.path,
    nodeArguments: ['--expose-gc'],
    preloads: [...preloads, childScript('memory.cjs')],
    environment: { ...environment, FAST_RESOLVE_MEMORY: file },
  });
  return JSON.parse(fs.readFileSync(file, 'utf8'));
};

const measureReplay = (context, trace, kind, snapshot) => {
  const empty = () => withSnapshot(fs.mkdtempSync(path.join(context.directory, 'empty-cache-')));
  const [name, environment] = {
    stock: () => [nodes, withoutSnapshot],
    first: () => [ours, empty()],
    warm: () => [ours, withSnapshot(snapshot)],
  }[kind]();
  const childArguments = ['--expose-gc', childScript('held.cjs'), name, trace.file];
  return JSON.parse(runCommand(context.node.path, childArguments, environment).stdout);
};

/** By kind and field: what was measured, and by how much it is over stock. */
const summariseRuns = (runs) => {
  const mebibytes = (kind, field) => runs[kind].map((usage) => usage[field] / mebibyte);
  const summariseField = (kind, field) => ({
    all: summarise(mebibytes(kind, field)),
    overStock: summarise(pairedDifferences(mebibytes(kind, field), mebibytes('stock', field))),
  });
  return Object.fromEntries(
    kinds.map((kind) => [kind, Object.fromEntries(fields.map((field) => [field, summariseField(kind, field)]))]),
  );
};

const formatKinds = (what, measured) =>
  formatTable(
    [`MiB, ${what}`, 'resident', 'over stock', 'JavaScript heap', 'over stock'],
    kinds.map((kind) => [
      titles[kind],
      ...fields
        .flatMap((field) => [measured[kind][field].all, measured[kind][field].overStock])
        .map((summary) => formatSummary(summary, (value) => value.toFixed(1))),
    ]),
  );

export const memory = {
  name: 'memory',
  title: 'Memory: the resolves of the largest program',
  measure: (context) => {
    const [trace] = [...context.traces].sort((left, right) => right.resolves - left.resolves);
    const program = context.programOf(trace);
    const rounds = context.rounds * roundsPerRound;
    const { optionsOf } = createStarts(context, program, trace);
    const snapshot = createReplaySnapshots(context)(trace);
    return {
      program: program.name,
      resolves: trace.resolves,
      inProgram: summariseRuns(
        measureInTurn(rounds, kinds, (kind) => measureProgram(context, program, optionsOf[kind]())),
      ),
      inReplay: summariseRuns(measureInTurn(rounds, kinds, (kind) => measureReplay(context, trace, kind, snapshot))),
    };
  },
  format: ({ program, resolves, inProgram, inReplay }) => [
    formatKinds(`${program} at its end, ${resolves} resolves`, inProgram),
    formatKinds('growth of a process that only resolves the same', inReplay),
  ],
  findFailures: () => [],
};
