// Programs: wall time of whole processes, stock and through the hook, against a hook that knows every answer beforehand.
import { compareRecordings } from '../lib/compare-recordings.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { snapshotBytes } from '../lib/replay-process.mjs';
import { recordProgram, runProgram } from '../lib/run-program.mjs';
import { createStarts } from '../lib/start-up.mjs';
import { geometricMeansByRound, median, pairedDifferences, pairedRatios, summarise } from '../lib/statistics.mjs';
import { formatStartUpRatio, formatSummary, formatTable, percent } from '../lib/tables.mjs';

const kinds = ['stock', 'first', 'warm', 'ideal'];
const faster = ['first', 'warm', 'ideal'];

/** Some targets are hundredths away from stock Node: more rounds than elsewhere. */
const roundsPerRound = 2;

const differencesShown = 5;

/** Where the ideal gains less of the start-up than this, a share of its gain says nothing but noise. */
const leastIdealGain = 0.05;

const startOnce = (context, program, options) => {
  const { milliseconds, stdout } = runProgram(program, { node: context.node.path, ...options });
  const written = options.environment?.FAST_RESOLVE_CACHE;
  return { milliseconds, stdout, snapshotBytes: written === undefined ? null : snapshotBytes(written) };
};

/** What the program loads and is answered otherwise than under stock Node, without and with the snapshot. */
const findDifferences = (context, program, optionsOf) => {
  const record = (options) => recordProgram(program, { node: context.node.path, ...options }).recording;
  const stock = record(optionsOf.stock());
  return ['first', 'warm'].flatMap((kind) =>
    compareRecordings(stock, record(optionsOf[kind]())).map((difference) => `${kind}: ${difference}`),
  );
};

/** Traces shorter than this leave too little to gain; of the others, the share of the ideal's gain is told. */
const fewResolves = 200;

/** The rounds have the ideal's median gain for a divisor: that of a single round may be near zero. */
const gainShareOf = (times) => {
  const idealGain = median(pairedDifferences(times.stock, times.ideal));
  const isMeasurable = idealGain > leastIdealGain * median(times.stock);
  return isMeasurable ? summarise(pairedDifferences(times.stock, times.warm).map((gain) => gain / idealGain)) : null;
};

const measureProgram = (context, program, trace) => {
  const { snapshot, optionsOf } = createStarts(context, program, trace);
  // The snapshot's runs have read the program's files; the ideal's answers have not been read yet.
  startOnce(context, program, optionsOf.ideal());
  const runs = measureInTurn(context.rounds * roundsPerRound, kinds, (kind) =>
    startOnce(context, program, optionsOf[kind]()),
  );
  const times = Object.fromEntries(kinds.map((kind) => [kind, runs[kind].map(({ milliseconds }) => milliseconds)]));
  return {
    program: program.name,
    resolves: trace.resolves,
    milliseconds: Object.fromEntries(kinds.map((kind) => [kind, summarise(times[kind])])),
    ratios: Object.fromEntries(faster.map((kind) => [kind, pairedRatios(times.stock, times[kind])])),
    gainShare: gainShareOf(times),
    snapshotBytes: snapshotBytes(snapshot),
    firstRunWrote: runs.first.every((run) => run.snapshotBytes > 0),
    differences: findDifferences(context, program, optionsOf),
    otherOutput: faster.filter((kind) => runs[kind].some(({ stdout }) => stdout !== runs.stock[0].stdout)),
  };
};

const worstOf = (programs, kind) => {
  const byRatio = programs
    .map(({ program, ratios }) => ({ program, ...summarise(ratios[kind]) }))
    .sort((left, right) => left.median - right.median);
  return byRatio[0];
};

const meansOf = (programs, kind) => geometricMeansByRound(programs.map(({ ratios }) => ratios[kind]));

/** Of means of ratios, shares are taken of their logarithms. */
const shareOfMeans = (programs) => {
  const ideal = meansOf(programs, 'ideal');
  return summarise(meansOf(programs, 'warm').map((mean, round) => Math.log(mean) / Math.log(ideal[round])));
};

/** Of the longer programs whose gain can be measured, the one that has the smallest share; undefined where there is none. */
const smallestShare = (programs) =>
  programs
    .filter(({ gainShare }) => gainShare !== null)
    .map(({ program, gainShare }) => ({ program, ...gainShare }))
    .sort((left, right) => left.median - right.median)[0];

/** What is told of all programs; the shares of the gain are of those with enough resolves, and null where there is none. */
export const summarisePrograms = (programs) => {
  const long = programs.filter(({ resolves }) => resolves >= fewResolves);
  return {
    ratios: Object.fromEntries(faster.map((kind) => [kind, summarise(meansOf(programs, kind))])),
    worst: Object.fromEntries(faster.map((kind) => [kind, worstOf(programs, kind)])),
    gainShare: long.length === 0 ? null : shareOfMeans(long),
    worstGainShare: smallestShare(long) ?? null,
  };
};

const formatProgram = ({ program, resolves, milliseconds, ratios, gainShare, snapshotBytes: bytes }) => [
  program,
  resolves,
  ...kinds.map((kind) => formatSummary(milliseconds[kind], (value) => value.toFixed(0))),
  ...faster.map((kind) => formatStartUpRatio(median(ratios[kind]))),
  gainShare === null ? '' : percent(gainShare.median),
  bytes,
];

const formatGainShares = ({ gainShare, worstGainShare }) => [
  ...(gainShare === null
    ? []
    : [
        `gain of the programs with ≥ ${fewResolves} resolves, of the geometric means: ${formatSummary(gainShare, percent)}`,
      ]),
  ...(worstGainShare === null
    ? []
    : [`the smallest of them: ${worstGainShare.program}, ${formatSummary(worstGainShare, percent)}`]),
];

const formatUnwritten = (unwritten) =>
  unwritten.length === 0
    ? []
    : [`NO SNAPSHOT after a first run: ${unwritten.map(({ program }) => program).join(', ')}`];

export const programs = {
  name: 'programs',
  title: 'Programs: start-up of whole processes through the hook',
  measure: (context) => {
    const measured = context.traces.map((trace) => {
      context.log(trace.program);
      return measureProgram(context, context.programOf(trace), trace);
    });
    return { programs: measured, overall: summarisePrograms(measured) };
  },
  format: ({ programs: measured, overall }) => [
    formatTable(
      [
        'ms, median and quartiles',
        'resolves',
        'stock',
        'first run ever',
        'snapshot',
        'ideal',
        '× first',
        '× snapshot',
        '× ideal',
        'gain',
        'snapshot bytes',
      ],
      [
        ...measured.map(formatProgram),
        [
          'geometric mean',
          '',
          '',
          '',
          '',
          '',
          ...faster.map((kind) => formatStartUpRatio(overall.ratios[kind].median)),
          '',
          '',
        ],
      ],
    ),
    '×: time of stock Node by that start’s, median of the pairs. gain: the saved time’s share of what the ideal saves.',
    ...formatGainShares(overall),
    ...formatUnwritten(measured.filter(({ firstRunWrote }) => !firstRunWrote)),
  ],
  findFailures: ({ programs: measured }) =>
    measured.flatMap(({ program, differences, otherOutput }) => [
      ...differences.slice(0, differencesShown).map((difference) => `${program}, ${difference}`),
      ...otherOutput.map((kind) => `${program}, ${kind}: standard output differs from stock Node’s`),
    ]),
};
