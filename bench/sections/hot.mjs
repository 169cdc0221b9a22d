// Hot: the trace of a program is replayed by a process that has replayed it before.
import { nodes, ours, oursHook, oursTrusting, withoutSnapshot, withTrust } from '../lib/implementations.mjs';
import { createReplaySnapshots, replayIn } from '../lib/replay-process.mjs';
import { findWrongAnswers, formatReplays, measureReplays } from '../lib/replay-section.mjs';
import { formatTable, percent } from '../lib/tables.mjs';

const formatKinds = (kinds) => {
  const { program: _program, resolves: _resolves, ...first } = kinds[0];
  const columns = Object.keys(first);
  return formatTable(
    ['share of requests', 'resolves', ...columns],
    kinds.map(({ program, resolves, ...counts }) => [
      program,
      resolves,
      ...columns.map((column) => percent(counts[column] / resolves)),
    ]),
  );
};

export const hot = {
  name: 'hot',
  title: 'Hot: replayed before in the same process',
  measure: (context) => {
    const names = [ours, oursHook, oursTrusting, nodes, ...context.peers];
    const snapshotOf = createReplaySnapshots(context);
    const { runs: _runs, ...replays } = measureReplays(context, names, (name, trace) =>
      replayIn(context, 'hot', name, trace, {
        environment: name === oursTrusting ? withTrust(snapshotOf(trace)) : withoutSnapshot,
      }),
    );
    return {
      kinds: context.traces.map(({ program, resolves, kinds }) => ({ program, resolves, ...kinds })),
      ...replays,
    };
  },
  format: (result) => [formatKinds(result.kinds), ...formatReplays(result)],
  findFailures: findWrongAnswers,
};
