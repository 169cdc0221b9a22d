// What the sections that replay traces have in common.
import { nodes, ours, oursHook, peers } from './implementations.mjs';
import { measureInTurn } from './in-turn.mjs';
import { geometricMeansByRound, pairedRatios, summarise } from './statistics.mjs';
import { formatRatio, formatTable, microseconds } from './tables.mjs';

const nanosecondsPerResolve = (trace, rounds) => rounds.map(({ replay }) => replay / trace.resolves);

const measureTrace = (trace, rounds, names, runOne) => {
  const runs = measureInTurn(rounds, names, (name, round) => runOne(name, trace, round));
  const perResolve = Object.fromEntries(names.map((name) => [name, nanosecondsPerResolve(trace, runs[name])]));
  return {
    program: trace.program,
    resolves: trace.resolves,
    perResolve,
    differing: Object.fromEntries(
      names.map((name) => [name, runs[name].map(({ differing }) => differing).sort((a, b) => b.count - a.count)[0]]),
    ),
    runs,
  };
};

const summariseOver = (measured, names) => {
  const roundsOf = (name) => measured.map(({ perResolve }) => perResolve[name]);
  const ratioTo = (own, name) =>
    summarise(geometricMeansByRound(measured.map(({ perResolve }) => pairedRatios(perResolve[name], perResolve[own]))));
  return Object.fromEntries(
    names.map((name) => [
      name,
      {
        nanoseconds: summarise(geometricMeansByRound(roundsOf(name))),
        ratio: ratioTo(ours, name),
        ...(names.includes(oursHook) && { ratioToHook: ratioTo(oursHook, name) }),
        differing: measured.reduce((sum, { differing }) => sum + differing[name].count, 0),
      },
    ]),
  );
};

/**
 * Replays every trace with every implementation, in turn.
 * @param {(name: string, trace: object, round: number) => object} runOne Runs one fresh process, and tells what it printed.
 */
export const measureReplays = ({ traces, rounds, log }, names, runOne) => {
  const measured = traces.map((trace) => {
    log(trace.program);
    return measureTrace(trace, rounds, names, runOne);
  });
  return {
    names,
    programs: measured.map(({ program, resolves, perResolve, differing }) => ({
      program,
      resolves,
      nanoseconds: Object.fromEntries(names.map((name) => [name, summarise(perResolve[name])])),
      differing,
    })),
    overall: summariseOver(measured, names),
    runs: measured.map(({ program, runs }) => ({ program, runs })),
  };
};

/** Answers of ours that are not Node's: a failure, wherever it is seen. */
export const findWrongAnswers = ({ programs, names }) =>
  programs.flatMap(({ program, differing }) =>
    names
      .filter((name) => !peers.includes(name) && name !== nodes)
      .flatMap((name) =>
        differing[name].examples.map(
          (example) => `${program}: ${name} answers not as Node: ${JSON.stringify(example)}`,
        ),
      ),
  );

/** Microseconds for each program and implementation, and the means with their spread. */
export const formatReplays = ({ names, programs, overall }) => [
  formatTable(
    ['µs per resolve', 'resolves', ...names],
    [
      ...programs.map(({ program, resolves, nanoseconds }) => [
        program,
        resolves,
        ...names.map((name) => microseconds(nanoseconds[name].median)),
      ]),
      ['geometric mean', '', ...names.map((name) => microseconds(overall[name].nanoseconds.median))],
      ['  quartiles', '', ...names.map((name) => spread(overall[name].nanoseconds))],
      ['× ours', '', ...names.map((name) => formatRatio(overall[name].ratio.median))],
      ['  quartiles', '', ...names.map((name) => ratioSpread(overall[name].ratio))],
      ...(names.includes(oursHook)
        ? [['× ours, hook', '', ...names.map((name) => formatRatio(overall[name].ratioToHook.median))]]
        : []),
      ['answers not Node’s', '', ...names.map((name) => overall[name].differing)],
    ],
  ),
];

const spread = ({ lowerQuartile, upperQuartile }) => `${microseconds(lowerQuartile)}–${microseconds(upperQuartile)}`;

const ratioSpread = ({ lowerQuartile, upperQuartile }) => `${formatRatio(lowerQuartile)}–${formatRatio(upperQuartile)}`;
