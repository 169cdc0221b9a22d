// The figures to reach, and whether they are.
import { nodes, ours } from './implementations.mjs';

const oxc = 'oxc-resolver';

const poolAlloc = `${ours}, alloc()`;

const atLeast = (what, limit, unit, section, read) => ({ what, limit, unit, section, read, isAtLeast: true });

const atMost = (what, limit, unit, section, read) => ({ what, limit, unit, section, read, isAtLeast: false });

/** A count has no spread. */
const exactly = (value) => ({ median: value, lowerQuartile: value, upperQuartile: value });

const scaled = (summary, factor) =>
  Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, value * factor]));

const perResolve = ({ calls, resolves }) => exactly(calls / resolves);

const overStock = ({ rss }) => rss.overStock;

const counted = (read) => (result) => (result.skipped === undefined ? read(result) : undefined);

/** How many times as good as a peer ours is, in a row of a section that is made of contests. */
const advantage = (row, figure, peer) => (result) => result[row]?.[peer]?.[figure]?.oursIsBetter;

/** The same for a kind that is compared with another one besides. */
const advantageOf = (row, figure, kind, peer) => (result) => result[row]?.[kind]?.[figure]?.betterThan?.[peer];

/** A figure of ours. */
const figureOf = (row, figure, kind) => (result) => result[row]?.[kind]?.[figure];

/** Each: what is measured, its limit, and where in a section's result it stands, as a median with quartiles. */
export const targets = [
  atLeast('hot: oxc-resolver / ours', 12, '×', 'hot', ({ overall }) => overall[oxc]?.ratio),
  atLeast('hot: Node / ours', 25, '×', 'hot', ({ overall }) => overall[nodes].ratio),
  atMost('hot: per resolve', 0.2, 'µs', 'hot', ({ overall }) => scaled(overall[ours].nanoseconds, 1e-3)),
  atLeast('cold: oxc-resolver / ours', 2, '×', 'cold', ({ overall }) => overall[oxc]?.ratio),
  atLeast('cold: Node / ours', 10, '×', 'cold', ({ overall }) => overall[nodes].ratio),
  atLeast('warm start, all included: Node / ours', 10, '×', 'warm', ({ overall }) => overall[ours].all),
  atLeast('warm start, without loading: Node / ours', 15, '×', 'warm', ({ overall }) => overall[ours].withoutLoading),
  atLeast('programs, snapshot: share of the ideal’s gain', 0.9, '', 'programs', ({ overall }) => overall.gainShare),
  atLeast('programs, snapshot: slowest against stock', 1, '×', 'programs', ({ overall }) => overall.worst.warm),
  atLeast('programs, first run: slowest against stock', 0.98, '×', 'programs', ({ overall }) => overall.worst.first),
  atLeast('programs, first run: mean against stock', 1, '×', 'programs', ({ overall }) => overall.ratios.first),
  atMost('empty program, no snapshot yet', 2, 'ms', 'empty', ({ noSnapshotYet }) => noSnapshotYet.overEmptyPreload),
  atMost('empty program, large snapshot', 2, 'ms', 'empty', ({ otherSnapshot }) => otherSnapshot.overEmptyPreload),
  atMost(
    'second thread: system calls, all traces',
    0,
    '',
    'system-calls',
    counted(({ traces }) => exactly(traces.reduce((sum, { secondThread }) => sum + secondThread.calls, 0))),
  ),
  atMost(
    'cold system calls per bare name with main',
    8,
    '',
    'system-calls',
    counted(({ bareNames }) => perResolve(bareNames.main[ours])),
  ),
  atMost(
    'cold system calls per bare name with exports',
    5,
    '',
    'system-calls',
    counted(({ bareNames }) => perResolve(bareNames.exports[ours])),
  ),
  atMost('memory over stock, program, no snapshot', 5, 'MiB', 'memory', ({ inProgram }) => overStock(inProgram.first)),
  atMost('memory over stock, program, snapshot', 5, 'MiB', 'memory', ({ inProgram }) => overStock(inProgram.warm)),
  atMost('memory over stock, resolves alone, no snapshot', 5, 'MiB', 'memory', ({ inReplay }) =>
    overStock(inReplay.first),
  ),
  atMost('memory over stock, resolves alone, snapshot', 5, 'MiB', 'memory', ({ inReplay }) => overStock(inReplay.warm)),
  atMost('exit: writing the snapshot', 5, 'ms', 'exit', ({ isWritten, untilGone }) =>
    isWritten ? untilGone.difference : undefined,
  ),
  atLeast('spawn(), block at 50 MiB: Node / seam', 1, '×', 'spawn', advantage('spawn-50', 'block', 'node')),
  atLeast('spawn(), block at 1 GiB: Node / seam', 10, '×', 'spawn', advantage('spawn-1024', 'block', 'node')),
  atLeast('spawn(), block at 4 GiB: Node / seam', 40, '×', 'spawn', advantage('spawn-4096', 'block', 'node')),
  atLeast('spawns per second at 4 GiB: seam / Node', 30, '×', 'spawn', advantage('spawn-4096', 'rate', 'node')),
  atMost('p99 of the loop’s delay, CommandPool, 4 GiB', 2, 'ms', 'spawn', figureOf('delay', 'p99', 'CommandPool')),
  atLeast('commands: CommandPool / execFile', 1.3, '×', 'spawn', advantage('throughput', 'rate', 'execFile')),
  atLeast('commands: CommandPool / execa', 1.5, '×', 'spawn', advantage('throughput', 'rate', 'execa')),
  atLeast('HTTP server at 1 GiB: seam / Node', 5, '×', 'spawn', advantage('http', 'rate', 'node')),
  atLeast(
    '64 MiB as a Buffer: CommandPool / execFile',
    1.5,
    '×',
    'spawn',
    advantage('output-buffer', 'rate', 'execFile'),
  ),
  atLeast('64 MiB as text: CommandPool / execFile', 1.5, '×', 'spawn', advantage('output-utf8', 'rate', 'execFile')),
  atLeast('tasks per second: pool / tinypool', 5, '×', 'pool', advantage('small', 'rate', 'tinypool')),
  atLeast('tasks per second: pool / jest-worker', 3, '×', 'pool', advantage('small', 'rate', 'jest-worker')),
  atLeast('CPU of the parent: jest-worker / pool', 3, '×', 'pool', advantage('small', 'cpu', 'jest-worker')),
  // Within 1.25 times of it.
  atLeast('one task at a time: fork, json / pool', 0.8, '×', 'pool', advantage('small', 'latency', 'fork, json')),
  atLeast('1 MiB echo: pool / tinypool', 4, '×', 'pool', advantage('echo-1', 'rate', 'tinypool')),
  atLeast('1 MiB echo: alloc() / tinypool', 10, '×', 'pool', advantageOf('echo-1', 'rate', poolAlloc, 'tinypool')),
  atLeast('64 MiB echo: pool / tinypool', 8, '×', 'pool', advantage('echo-64', 'rate', 'tinypool')),
  atLeast('64 MiB echo: alloc() / tinypool', 10, '×', 'pool', advantageOf('echo-64', 'rate', poolAlloc, 'tinypool')),
  atLeast(
    'kill -9 to the next result: tinypool / pool',
    5,
    '×',
    'pool',
    advantage('crash', 'milliseconds', 'tinypool'),
  ),
  atLeast('start, 500 modules: fork / pool', 1.2, '×', 'pool', advantage('start', 'milliseconds', 'fork, json')),
  atLeast(
    'block by 8 starts at 1 GiB: fork / pool',
    10,
    '×',
    'pool',
    advantage('start-block', 'longest', 'fork, json'),
  ),
];

/**
 * 'reached' by the median; 'within the spread' where only a quartile reaches the limit, so that the rounds do not tell;
 * else 'missed'.
 */
export const judge = ({ limit, isAtLeast }, { median, lowerQuartile, upperQuartile }) => {
  const reaches = (value) => (isAtLeast ? value >= limit : value <= limit);
  if (reaches(median)) return 'reached';
  return reaches(isAtLeast ? upperQuartile : lowerQuartile) ? 'within the spread' : 'missed';
};

/** Every target with its value, of the sections that were run. */
export const judgeAll = (results) =>
  targets
    .filter(({ section }) => results[section] !== undefined)
    .map((target) => {
      const { what, limit, unit, isAtLeast, read, section } = target;
      const value = read(results[section]) ?? null;
      const verdict = value === null ? 'not measured' : judge(target, value);
      return { what, limit: `${isAtLeast ? '≥' : '≤'} ${limit}${unit && ` ${unit}`}`, value, verdict };
    });
