// In the hook: the time that a program spends in its preload and in each call of Module._resolveFilename, with code that runs
// for the first time. Other noise of whole processes is not in it.
import { timeCalls } from '../lib/in-hook.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { createStarts } from '../lib/start-up.mjs';
import {
  geometricMeansByRound,
  median,
  mediansByRound,
  pairedDifferences,
  pairedRatios,
  summarise,
} from '../lib/statistics.mjs';
import { formatSummary, formatTable, significant } from '../lib/tables.mjs';

const titles = {
  stock: 'stock',
  first: 'first run ever',
  warm: 'snapshot',
  atOnce: 'snapshot, without waiting',
  ideal: 'a Map of every answer',
};
const kinds = Object.keys(titles);
const hooks = kinds.filter((kind) => kind !== 'stock');

/** Fewer requests are hardly worth a hook, and with more of them, loading is no longer seen. */
const middlingRequests = { least: 200, most: 900 };

const figures = ['preload', 'sum', 'median', 'p90', 'max'];

const measureProgram = (context, program, trace) => {
  const { optionsOf } = createStarts(context, program, trace);
  const timeOnce = (kind) => timeCalls(context, program, optionsOf[kind]());
  // A snapshot belongs to the command line, which has the preloads that take the time: two runs leave answers and code there.
  for (const kind of ['warm', 'warm', 'atOnce', 'atOnce', 'ideal']) timeOnce(kind);
  const runs = measureInTurn(context.rounds, kinds, timeOnce);
  const roundsOf = (kind, figure) => runs[kind].map((run) => run[figure]);
  const requests = median(roundsOf('stock', 'requests'));
  return {
    program: program.name,
    requests,
    isMiddling: requests >= middlingRequests.least && requests <= middlingRequests.most,
    nanoseconds: Object.fromEntries(
      kinds.map((kind) => [
        kind,
        Object.fromEntries(figures.map((figure) => [figure, median(roundsOf(kind, figure))])),
      ]),
    ),
    ratios: Object.fromEntries(
      hooks.map((kind) => [kind, pairedRatios(roundsOf(kind, 'all'), roundsOf('stock', 'all'))]),
    ),
    hits: { atOnce: roundsOf('atOnce', 'hit'), ideal: roundsOf('ideal', 'hit') },
    firstOverIdeal: pairedDifferences(roundsOf('atOnce', 'first'), roundsOf('ideal', 'first')),
    otherOutput: hooks.filter((kind) => runs[kind].some(({ stdout }) => stdout !== runs.stock[0].stdout)),
  };
};

/** Over the programs of middling size: null where there is none. */
export const summarisePrograms = (programs) => {
  const middling = programs.filter(({ isMiddling }) => isMiddling);
  if (middling.length === 0) return null;
  const meanOf = (field, kind) => summarise(geometricMeansByRound(middling.map((program) => program[field][kind])));
  return {
    programs: middling.length,
    ratios: Object.fromEntries(hooks.map((kind) => [kind, meanOf('ratios', kind)])),
    hit: meanOf('hits', 'atOnce'),
    idealHit: meanOf('hits', 'ideal'),
    firstOverIdeal: summarise(mediansByRound(middling.map(({ firstOverIdeal }) => firstOverIdeal))),
  };
};

const inMilliseconds = (nanoseconds) => significant(nanoseconds / 1e6);

const inMicroseconds = (nanoseconds) => significant(nanoseconds / 1e3);

const formatKind =
  ({ program, requests, nanoseconds, ratios }) =>
  (kind, index) => {
    const { preload, sum, median: middle, p90, max } = nanoseconds[kind];
    return [
      index === 0 ? `${program}, ${requests} requests` : '',
      titles[kind],
      `${inMilliseconds(preload)} + ${inMilliseconds(sum)}`,
      inMicroseconds(middle),
      inMicroseconds(p90),
      inMilliseconds(max),
      kind === 'stock' ? '' : significant(median(ratios[kind])),
    ];
  };

const formatOverall = (overall) =>
  overall === null
    ? [`No program has ${middlingRequests.least} to ${middlingRequests.most} requests: nothing is told of all of them.`]
    : [
        `Of ${overall.programs} programs with ${middlingRequests.least} to ${middlingRequests.most} requests:`,
        `preload and all requests, of stock’s, geometric mean: ${hooks
          .map((kind) => `${titles[kind]} ${formatSummary(overall.ratios[kind], significant)}`)
          .join('; ')}`,
        `one request for a file, µs, geometric mean of the medians: from the snapshot ${formatSummary(overall.hit, inMicroseconds)}; from a Map ${formatSummary(overall.idealHit, inMicroseconds)}`,
        `loading, and the first request for a file, over a Map of every answer, ms: ${formatSummary(overall.firstOverIdeal, inMilliseconds)}`,
      ];

export const inHook = {
  name: 'in-hook',
  title: 'In the hook: time spent in the preload and in Module._resolveFilename',
  measure: (context) => {
    const programs = context.traces.map((trace) => {
      context.log(trace.program);
      return measureProgram(context, context.programOf(trace), trace);
    });
    return { programs, overall: summarisePrograms(programs) };
  },
  format: ({ programs, overall }) => [
    formatTable(
      ['medians', '', 'preload + sum, ms', 'median, µs', '90th percentile, µs', 'largest, ms', 'of stock’s'],
      programs.flatMap((program) => kinds.map(formatKind(program))),
    ),
    ...formatOverall(overall),
  ],
  findFailures: ({ programs }) =>
    programs.flatMap(({ program, otherOutput }) =>
      otherOutput.map((kind) => `${program}, ${titles[kind]}: standard output differs from stock Node’s`),
    ),
};
