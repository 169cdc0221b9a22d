// System calls that look at the file system, per resolve: those of a process that replays a trace, less those of one that
// does all but the replay.
import { countCalls, countPathCalls, reasonNotToCount } from '../lib/count-system-calls.mjs';
import { countEvidence } from '../lib/evidence.mjs';
import {
  fileOf,
  nodes,
  ours,
  oursTrusting,
  withoutSnapshot,
  withSnapshot,
  withTrust,
} from '../lib/implementations.mjs';
import { createPackageTree } from '../lib/package-tree.mjs';
import { createReplaySnapshots } from '../lib/replay-process.mjs';
import { formatTable } from '../lib/tables.mjs';

const bareNameKinds = ['main', 'exports'];

const countReplay = (context, name, trace, environment = withoutSnapshot) => {
  const countIn = (mode) =>
    countCalls(context, 'replay.cjs', [mode, fileOf(name), trace.file, context.directory], environment);
  const replayed = countIn('ready');
  return {
    calls: replayed.count - countIn('idle').count,
    resolves: trace.resolves,
    differing: replayed.printed.differing,
  };
};

const countSecondThread = (context, trace) => {
  const countWith = (share) =>
    countPathCalls(context, 'worker.cjs', [ours, trace.file, share, context.directory], withoutSnapshot);
  const all = countWith('all');
  return { calls: all.count - countWith('none').count, resolves: trace.resolves, differing: all.printed.differing };
};

const measureTrace = (context, snapshotOf, trace) => {
  context.log(trace.program);
  const snapshot = snapshotOf(trace);
  return {
    program: trace.program,
    evidence: countEvidence(trace.calls),
    cold: countReplay(context, ours, trace),
    warm: countReplay(context, ours, trace, withSnapshot(snapshot)),
    trust: countReplay(context, oursTrusting, trace, withTrust(snapshot)),
    secondThread: countSecondThread(context, trace),
    node: countReplay(context, nodes, trace),
  };
};

const measureAll = (context) => {
  const snapshotOf = createReplaySnapshots(context);
  return {
    bareNames: Object.fromEntries(
      bareNameKinds.map((kind) => {
        const tree = createPackageTree(kind, context.directory);
        const counts = [ours, nodes, ...context.peers].map((name) => [name, countReplay(context, name, tree)]);
        return [kind, Object.fromEntries(counts)];
      }),
    ),
    traces: context.traces.map((trace) => measureTrace(context, snapshotOf, trace)),
  };
};

const perResolve = ({ calls, resolves }) => (calls / resolves).toFixed(2);

const traceColumns = { cold: 'ours, cold', warm: 'ours, snapshot', trust: 'ours, trust', node: 'node, cold' };

const perEvidence = ({ warm, evidence }) => (warm.calls / (evidence.directories + evidence.packageJsons)).toFixed(2);

const formatCounts = ({ bareNames, traces }) => [
  formatTable(
    ['calls per bare name, cold', ...Object.keys(bareNames.main)],
    bareNameKinds.map((kind) => [`with ${kind}`, ...Object.values(bareNames[kind]).map(perResolve)]),
  ),
  formatTable(
    ['calls per resolve', 'resolves', ...Object.values(traceColumns), 'ours, second thread (all calls)'],
    traces.map((trace) => [
      trace.program,
      trace.cold.resolves,
      ...Object.keys(traceColumns).map((column) => perResolve(trace[column])),
      trace.secondThread.calls,
    ]),
  ),
  formatTable(
    ['calls, snapshot', 'all', 'directories', 'package.json', 'calls for each of these'],
    traces.map((trace) => [
      trace.program,
      trace.warm.calls,
      trace.evidence.directories,
      trace.evidence.packageJsons,
      perEvidence(trace),
    ]),
  ),
];

const wrongIn = (what, { differing }) =>
  differing.examples.map((example) => `${what} answers not as Node: ${JSON.stringify(example)}`);

export const systemCalls = {
  name: 'system-calls',
  title: 'System calls that look at the file system',
  measure: (context) => {
    const reason = reasonNotToCount();
    return reason === undefined ? measureAll(context) : { skipped: reason };
  },
  format: (result) => (result.skipped === undefined ? formatCounts(result) : [`Skipped: ${result.skipped}.`]),
  findFailures: ({ skipped, bareNames, traces }) =>
    skipped === undefined
      ? [
          ...bareNameKinds.flatMap((kind) => wrongIn(`bare names with ${kind}: ${ours}`, bareNames[kind][ours])),
          ...traces.flatMap((trace) =>
            ['cold', 'warm', 'trust', 'secondThread'].flatMap((kind) =>
              wrongIn(`${trace.program}, ${kind}: ${ours}`, trace[kind]),
            ),
          ),
        ]
      : [],
};
