// Cold: loaded and ready, but without any knowledge of the tree; the first replay in a fresh process.
import { nodes, ours } from '../lib/implementations.mjs';
import { replayIn } from '../lib/replay-process.mjs';
import { findWrongAnswers, formatReplays, measureReplays } from '../lib/replay-section.mjs';
import { median } from '../lib/statistics.mjs';
import { formatTable } from '../lib/tables.mjs';

/** What comes before the replay and is not part of it: loading, and the first request, in another tree. */
const measureStart = (names, runs) =>
  Object.fromEntries(
    names.map((name) => {
      const ofName = runs.flatMap((program) => program.runs[name]);
      return [name, { load: median(ofName.map(({ load }) => load)), first: median(ofName.map(({ first }) => first)) }];
    }),
  );

const milliseconds = (nanoseconds) => (nanoseconds / 1e6).toFixed(2);

export const cold = {
  name: 'cold',
  title: 'Cold: loaded, nothing remembered',
  measure: (context) => {
    const names = [ours, nodes, ...context.peers];
    const { runs, ...replays } = measureReplays(context, names, (name, trace) =>
      replayIn(context, 'ready', name, trace),
    );
    return { start: measureStart(names, runs), ...replays };
  },
  format: (result) => [
    ...formatReplays(result),
    formatTable(
      ['ms, not included above', ...result.names],
      [
        ['loading', ...result.names.map((name) => milliseconds(result.start[name].load))],
        ['first request, elsewhere', ...result.names.map((name) => milliseconds(result.start[name].first))],
      ],
    ),
  ],
  findFailures: findWrongAnswers,
};
