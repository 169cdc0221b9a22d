// Instructions: what a start costs in user mode, counted, for programs where wall time is too noisy to tell. What the kernel
// does is not in it; the section of system calls has that.
import { countInstructions, reasonNotToCountInstructions } from '../lib/count-instructions.mjs';
import { childScript } from '../lib/run-child.mjs';
import { createStarts } from '../lib/start-up.mjs';
import { geometricMean } from '../lib/statistics.mjs';
import { formatStartUpRatio, formatTable, percent } from '../lib/tables.mjs';

const kinds = ['stock', 'first', 'warm', 'ideal'];
const ratioTitles = { first: '× first', warm: '× snapshot', ideal: '× ideal' };
const faster = Object.keys(ratioTitles);

const emptyProgram = { name: 'empty', entry: childScript('empty.cjs') };
const emptyTrace = { resolves: 0, calls: [], failing: [] };

const countProgram = (context, program, trace) => {
  context.log(program.name);
  const { optionsOf } = createStarts(context, program, trace);
  const counts = Object.fromEntries(
    kinds.map((kind) => [kind, countInstructions(context.node, program, optionsOf[kind]())]),
  );
  return { program: program.name, resolves: trace.resolves, counts };
};

const millions = (count) => (count / 1e6).toFixed(1);

const ratioOf = ({ counts }, kind) => counts.stock / counts[kind];

const gainOf = ({ counts }) =>
  counts.ideal < counts.stock ? percent((counts.stock - counts.warm) / (counts.stock - counts.ideal)) : '';

const formatCounts = (programs) =>
  formatTable(
    [
      'millions of instructions',
      'resolves',
      'stock',
      'first run ever',
      'snapshot',
      'ideal',
      ...Object.values(ratioTitles),
      'gain',
    ],
    [
      ...programs.map((program) => [
        program.program,
        program.resolves,
        ...kinds.map((kind) => millions(program.counts[kind])),
        ...faster.map((kind) => formatStartUpRatio(ratioOf(program, kind))),
        gainOf(program),
      ]),
      [
        'geometric mean',
        '',
        '',
        '',
        '',
        '',
        ...faster.map((kind) => formatStartUpRatio(geometricMean(programs.map((program) => ratioOf(program, kind))))),
        '',
      ],
    ],
  );

export const instructions = {
  name: 'instructions',
  title: 'Instructions of whole processes, in user mode',
  // A process takes fifty times as long under callgrind.
  isOnDemand: true,
  measure: (context) => {
    const reason = reasonNotToCountInstructions();
    if (reason !== undefined) return { skipped: reason };
    return {
      programs: [
        countProgram(context, emptyProgram, emptyTrace),
        ...context.traces.map((trace) => countProgram(context, context.programOf(trace), trace)),
      ],
    };
  },
  format: ({ skipped, programs }) => (skipped === undefined ? [formatCounts(programs)] : [`Skipped: ${skipped}.`]),
  findFailures: () => [],
};
