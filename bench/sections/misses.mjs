// Misses: what is not there is asked for again and again; the error is made, thrown and caught.
import { nodes, ours } from '../lib/implementations.mjs';
import { replayIn } from '../lib/replay-process.mjs';
import { findWrongAnswers, formatReplays, measureReplays } from '../lib/replay-section.mjs';
import { createMisses } from '../lib/traces.mjs';

export const misses = {
  name: 'misses',
  title: 'Misses: names that do not exist, asked for before',
  measure: (context) => {
    const names = [ours, nodes, ...context.peers];
    const trace = createMisses(context.node.path, context.traces, context.directory);
    const { runs: _runs, ...replays } = measureReplays({ ...context, traces: [trace] }, names, (name) =>
      replayIn(context, 'hot', name, trace),
    );
    return replays;
  },
  format: (result) => [
    ...formatReplays(result),
    'Node, ours, enhanced-resolve and resolve throw an Error; oxc-resolver and unrs-resolver return a text, without a code.',
  ],
  findFailures: findWrongAnswers,
};
