// Warm start: a fresh process finds the snapshot that two earlier ones have left. The peer is Node's first replay.
import { nodes, ours, oursTrusting, withoutSnapshot, withSnapshot, withTrust } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { createReplaySnapshots, replayIn, snapshotBytes } from '../lib/replay-process.mjs';
import { findWrongAnswers } from '../lib/replay-section.mjs';
import { geometricMeansByRound, median, pairedRatios, summarise } from '../lib/statistics.mjs';
import { formatRatio, formatSummary, formatTable } from '../lib/tables.mjs';

const names = [ours, oursTrusting, nodes];

/** Traces shorter than this can't win back what loading any addon costs; the mean is told with and without them. */
const fewResolves = 200;

const environmentOf = (name, snapshot) =>
  ({ [ours]: withSnapshot(snapshot), [oursTrusting]: withTrust(snapshot), [nodes]: withoutSnapshot })[name];

const times = {
  all: ({ all }) => all,
  withoutLoading: ({ all, load }) => all - load,
};

const measureTrace = (context, snapshotOf, trace) => {
  const snapshot = snapshotOf(trace);
  const runs = measureInTurn(context.rounds, names, (name) =>
    replayIn(context, 'first', name, trace, { environment: environmentOf(name, snapshot) }),
  );
  const ratiosOf = (name, time) => pairedRatios(runs[nodes].map(times[time]), runs[name].map(times[time]));
  return {
    program: trace.program,
    resolves: trace.resolves,
    snapshotBytes: snapshotBytes(snapshot),
    snapshotStates: [...new Set(runs[ours].map(({ stats }) => stats?.snapshot?.state ?? 'not told'))],
    nanoseconds: Object.fromEntries(
      names.map((name) => [
        name,
        { all: summarise(runs[name].map(times.all)), withoutLoading: summarise(runs[name].map(times.withoutLoading)) },
      ]),
    ),
    ratios: Object.fromEntries(
      [ours, oursTrusting].map((name) => [
        name,
        { all: ratiosOf(name, 'all'), withoutLoading: ratiosOf(name, 'withoutLoading') },
      ]),
    ),
    differing: Object.fromEntries(
      names.map((name) => [name, runs[name].map(({ differing }) => differing).sort((a, b) => b.count - a.count)[0]]),
    ),
  };
};

const summariseRatios = (programs) =>
  Object.fromEntries(
    [ours, oursTrusting].map((name) => [
      name,
      Object.fromEntries(
        Object.keys(times).map((time) => [
          time,
          summarise(geometricMeansByRound(programs.map(({ ratios }) => ratios[name][time]))),
        ]),
      ),
    ]),
  );

const milliseconds = (nanoseconds) => (nanoseconds / 1e6).toFixed(2);

const ratioColumns = [
  [ours, 'all'],
  [ours, 'withoutLoading'],
  [oursTrusting, 'all'],
  [oursTrusting, 'withoutLoading'],
];

const formatRows = ({ programs, overall, overallLong }) => [
  ...programs.map(({ program, resolves, nanoseconds, snapshotBytes: bytes, ratios }) => [
    program,
    resolves,
    milliseconds(nanoseconds[nodes].all.median),
    milliseconds(nanoseconds[ours].all.median),
    milliseconds(nanoseconds[ours].withoutLoading.median),
    ...ratioColumns.map(([name, time]) => formatRatio(median(ratios[name][time]))),
    bytes,
  ]),
  [
    'geometric mean',
    '',
    '',
    '',
    '',
    ...ratioColumns.map(([name, time]) => formatRatio(overall[name][time].median)),
    '',
  ],
  ...(overallLong === null
    ? []
    : [
        [
          `  of those with ≥ ${fewResolves}`,
          '',
          '',
          '',
          '',
          ...ratioColumns.map(([name, time]) => formatRatio(overallLong[name][time].median)),
          '',
        ],
      ]),
];

/** Without a snapshot a start is cold, whatever this table calls it. */
const formatUnused = (programs) => {
  const unused = programs.filter(({ snapshotStates }) => snapshotStates.some((state) => state !== 'used'));
  const states = unused.map(({ program, snapshotStates }) => `${program} (${snapshotStates.join(', ')})`);
  return unused.length === 0 ? [] : [`NOT WARM, by the state that stats() tells: ${states.join(', ')}`];
};

export const warm = {
  name: 'warm',
  title: 'Warm start: the first replay in a fresh process that finds a snapshot',
  measure: (context) => {
    const snapshotOf = createReplaySnapshots(context);
    const programs = context.traces.map((trace) => {
      context.log(trace.program);
      return measureTrace(context, snapshotOf, trace);
    });
    const long = programs.filter(({ resolves }) => resolves >= fewResolves);
    return {
      names,
      programs,
      overall: summariseRatios(programs),
      overallLong: long.length === 0 ? null : summariseRatios(long),
    };
  },
  format: (result) => [
    formatTable(
      [
        'ms for the whole trace',
        'resolves',
        'node',
        'ours, all',
        'without loading',
        '× all',
        '× without',
        '× trust, all',
        '× trust, without',
        'snapshot bytes',
      ],
      formatRows(result),
    ),
    ...[ours, oursTrusting].map(
      (name) =>
        `${name}: × all ${formatSummary(result.overall[name].all, formatRatio)}, ` +
        `× without loading ${formatSummary(result.overall[name].withoutLoading, formatRatio)}`,
    ),
    ...formatUnused(result.programs),
  ],
  findFailures: findWrongAnswers,
};
