// Later turn: replayed before, but not in this turn of the event loop, so that what is remembered has to be proved once more.
import { nodes, ours, oursHook } from '../lib/implementations.mjs';
import { replayIn } from '../lib/replay-process.mjs';
import { findWrongAnswers, formatReplays, measureReplays } from '../lib/replay-section.mjs';

const names = [ours, oursHook, nodes];

export const laterTurn = {
  name: 'later-turn',
  title: 'Later turn: each request once in each turn of the event loop',
  measure: (context) => {
    const { runs: _runs, ...replays } = measureReplays(context, names, (name, trace) =>
      replayIn(context, 'turns', name, trace),
    );
    return replays;
  },
  format: formatReplays,
  findFailures: findWrongAnswers,
};
