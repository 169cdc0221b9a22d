// A section of the benchmark that is made of contests.
import { formatContest, measureContest } from './contest.mjs';

/**
 * @param {{ name: string, title: string, peers: string[], contests: import('./contest.mjs').Contest[],
 *   reasonToSkip: () => string | undefined, explanation: string[] }} section
 */
export const createContestSection = ({ name, title, peers, contests, reasonToSkip, explanation }) => {
  const chosenOf = (result) => contests.filter((contest) => result[contest.name] !== undefined);
  return {
    name,
    title,
    peers,
    rows: contests.map((contest) => contest.name),
    isOnDemand: true,
    isAlone: true,
    measure: (context) => {
      const reason = reasonToSkip();
      if (reason !== undefined) return { skipped: reason };
      const chosen = contests.filter((contest) => context.rows.length === 0 || context.rows.includes(contest.name));
      return Object.fromEntries(chosen.map((contest) => [contest.name, measureContest(context, contest)]));
    },
    format: (result) =>
      result.skipped === undefined
        ? [
            ...chosenOf(result).flatMap((contest) => [formatContest(contest, result[contest.name]), '']),
            ...explanation,
            ...findAllFailures(chosenOf(result), result).map(({ where, failure }) => `FAILED: ${where}: ${failure}`),
          ]
        : [`Skipped: ${result.skipped}.`],
    findFailures: (result) =>
      findAllFailures(chosenOf(result), result)
        .filter(({ isOurs }) => isOurs)
        .map(({ where, failure }) => `${where}: ${failure}`),
  };
};

const findAllFailures = (contests, result) =>
  contests.flatMap((contest) =>
    Object.entries(result[contest.name])
      .filter(([, { failure }]) => failure !== undefined)
      .map(([kind, { failure }]) => ({ where: `${contest.name}, ${kind}`, failure, isOurs: contest.isOurs(kind) })),
  );
