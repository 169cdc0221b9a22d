// A contest: the same work done by several implementations, and how many times as good ours is as each of them.
import { measureInTurn } from './in-turn.mjs';
import { runCommand } from './run-child.mjs';
import { pairedRatios, summarise } from './statistics.mjs';
import { formatSummary, formatTable, significant } from './tables.mjs';

/**
 * @typedef {object} Contest
 * @property {string} name
 * @property {string} title
 * @property {{ name: string, title: string, isMoreBetter?: boolean }[]} figures What is told of each run; only those of which
 *   more is better, or less, are compared.
 * @property {string} ours The kind that the others are compared with.
 * @property {string[]} kinds All, with ours.
 * @property {[string, string][]} [others] Pairs of a kind and another that it is compared with, besides.
 * @property {(context: object, kind: string) => { script: string, arguments: (string | number)[], environment?: object }} run
 *   The fresh process that measures a kind once, checks what it is answered, and prints the figures as JSON.
 */

/** A wrong answer ends the process that measures; of what is left out, the reason is told. */
const runOnce = (context, contest, kind) => {
  const { script, arguments: scriptArguments, environment } = contest.run(context, kind);
  const { stdout } = runCommand(context.node.path, [script, ...scriptArguments.map(String)], environment);
  return JSON.parse(stdout);
};

const measureAll = (context, contest) => {
  const failures = {};
  const runs = measureInTurn(context.rounds, contest.kinds, (kind) => {
    if (failures[kind] !== undefined) return undefined;
    try {
      return runOnce(context, contest, kind);
    } catch (error) {
      failures[kind] = error.message;
      return undefined;
    }
  });
  return { failures, runs };
};

/** How many times as good ours is: 2 is twice as quick, or twice as many. */
const advantages = ({ isMoreBetter }, ours, theirs) =>
  isMoreBetter ? pairedRatios(ours, theirs) : pairedRatios(theirs, ours);

const summariseKind = (contest, runs, kind) =>
  Object.fromEntries(
    contest.figures.map((figure) => {
      const valuesOf = (name) => runs[name].map((run) => run[figure.name]);
      const values = valuesOf(kind);
      const compare = (one, other) => {
        const isCompared = figure.isMoreBetter !== undefined && [one, other].every((name) => hasRun(runs[name]));
        return isCompared ? summarise(advantages(figure, valuesOf(one), valuesOf(other))) : undefined;
      };
      const others = (contest.others ?? []).filter(([one]) => one === kind);
      const betterThan = Object.fromEntries(others.map(([, other]) => [other, compare(kind, other)]));
      return [figure.name, { ...summarise(values), oursIsBetter: compare(contest.ours, kind), betterThan }];
    }),
  );

const hasRun = (runs) => runs.every((run) => run !== undefined);

/** @returns {Record<string, object>} By kind, its figures or its `failure`. */
export const measureContest = (context, contest) => {
  context.log(contest.name);
  const { failures, runs } = measureAll(context, contest);
  return Object.fromEntries(
    contest.kinds.map((kind) => [
      kind,
      failures[kind] === undefined ? summariseKind(contest, runs, kind) : { failure: failures[kind] },
    ]),
  );
};

export const formatContest = ({ title, figures, ours }, result) =>
  formatTable(
    [title, ...figures.flatMap((figure) => columnsOf(figure, figure.title, 'ours is better'))],
    Object.entries(result).map(([kind, measured]) => [
      kind,
      ...figures.flatMap((figure) => {
        if (measured.failure !== undefined) return columnsOf(figure, 'FAILED', '');
        const { oursIsBetter } = measured[figure.name];
        const factor = kind === ours || oursIsBetter === undefined ? '' : formatFactor(oursIsBetter);
        return columnsOf(figure, formatSummary(measured[figure.name], significant), factor);
      }),
    ]),
  );

const columnsOf = ({ isMoreBetter }, value, comparison) => (isMoreBetter === undefined ? [value] : [value, comparison]);

const formatFactor = (summary) => `${formatSummary(summary, significant)} ×`;
