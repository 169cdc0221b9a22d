// The figures to reach, and whether they are.
import { nodes, ours, oursHook } from './implementations.mjs';

const oxc = 'oxc-resolver';

const poolAlloc = `${ours}, alloc()`;

const atLeast = (what, limit, unit, section, read) => ({ what, limit, unit, section, read, isAtLeast: true });

const atMost = (what, limit, unit, section, read) => ({ what, limit, unit, section, read, isAtLeast: false });

/** A count has no spread. */
const exactly = (value) => ({ median: value, lowerQuartile: value, upperQuartile: value });

const scaled = (summary, factor) =>
  summary && Object.fromEntries(Object.entries(summary).map(([name, value]) => [name, value * factor]));

const overStock = ({ rss }) => rss.overStock;

const counted = (read) => (result) => (result.skipped === undefined ? read(result) : undefined);

/** How many times as good as a peer ours is, in a row of a section that is made of contests. */
const advantage = (row, figure, peer) => (result) => result[row]?.[peer]?.[figure]?.oursIsBetter;

/** The same for a kind that is compared with another one besides. */
const advantageOf = (row, figure, kind, peer) => (result) => result[row]?.[kind]?.[figure]?.betterThan?.[peer];

/** How many times as quick as its baseline a kind is, in a row of the section of tools. */
const quickness = (row, figure, kind) => (result) => result[row]?.[figure]?.[kind]?.ratio;

/** A figure of ours. */
const figureOf = (row, figure, kind) => (result) => result[row]?.[kind]?.[figure];

/** Of the trace that makes most system calls for each directory and package.json that its answers rest on. */
const mostCallsPerEvidence = ({ traces }) => {
  const perEvidence = traces.map(({ warm, evidence }) => warm.calls / (evidence?.directories + evidence?.packageJsons));
  return perEvidence.some(Number.isNaN) ? undefined : exactly(Math.max(...perEvidence));
};

/**
 * Each: what is measured, its limit, and where in a section's result it stands, as a median with quartiles; undefined where
 * that is not there: a result may be of an earlier version of its section.
 */
export const targets = [
  atLeast('programs, snapshot: share of the ideal’s gain', 0.85, '', 'programs', ({ overall }) => overall.gainShare),
  atLeast('programs, snapshot: smallest share', 0.6, '', 'programs', ({ overall }) => overall.worstGainShare),
  atMost('in the hook, snapshot: of stock’s time', 0.2, '', 'in-hook', ({ overall }) => overall?.ratios.warm),
  atMost('in the hook: a hit from the snapshot', 2, 'µs', 'in-hook', ({ overall }) => scaled(overall?.hit, 1e-3)),
  atMost('in the hook: loading and first answer, over a Map', 1.5, 'ms', 'in-hook', ({ overall }) =>
    scaled(overall?.firstOverIdeal, 1e-6),
  ),
  atLeast('programs, first run: mean against stock', 1.08, '×', 'programs', ({ overall }) => overall.ratios.first),
  atLeast('programs, first run: slowest against stock', 0.98, '×', 'programs', ({ overall }) => overall.worst.first),
  atLeast('cold: oxc-resolver / ours', 1.5, '×', 'cold', ({ overall }) => overall[oxc]?.ratio),
  atLeast('cold: Node / ours', 8, '×', 'cold', ({ overall }) => overall[nodes].ratio),
  atLeast('hot, resolve(): oxc-resolver / ours', 12, '×', 'hot', ({ overall }) => overall[oxc]?.ratio),
  atLeast('hot, hook: oxc-resolver / ours', 12, '×', 'hot', ({ overall }) => overall[oxc]?.ratioToHook),
  atMost('hot, resolve(): per resolve', 0.2, 'µs', 'hot', ({ overall }) => scaled(overall[ours].nanoseconds, 1e-3)),
  atMost('hot, hook: per resolve', 0.2, 'µs', 'hot', ({ overall }) => scaled(overall[oursHook]?.nanoseconds, 1e-3)),
  atLeast('later turn, resolve(): Node / ours', 1, '×', 'later-turn', ({ overall }) => overall[nodes].ratio),
  atLeast('later turn, hook: Node / ours', 1, '×', 'later-turn', ({ overall }) => overall[nodes].ratioToHook),
  atLeast('warm start, all included: Node / ours', 8, '×', 'warm', ({ overall }) => overall[ours].all),
  atLeast('warm start, without loading: Node / ours', 15, '×', 'warm', ({ overall }) => overall[ours].withoutLoading),
  atMost(
    'system calls, snapshot, per directory and package.json',
    1,
    '',
    'system-calls',
    counted(mostCallsPerEvidence),
  ),
  atMost('empty program, no snapshot yet', 0.5, 'ms', 'empty', ({ noSnapshotYet }) => noSnapshotYet.overEmptyPreload),
  atMost('empty program, large snapshot', 0.5, 'ms', 'empty', ({ otherSnapshot }) => otherSnapshot.overEmptyPreload),
  atMost('exit: writing the snapshot, per answer', 1, 'µs', 'exit', ({ isWritten, resolves, untilGone }) =>
    isWritten ? scaled(untilGone.difference, 1e3 / resolves) : undefined,
  ),
  atMost('memory over stock, program, no snapshot', 5, 'MiB', 'memory', ({ inProgram }) => overStock(inProgram.first)),
  atMost('memory over stock, program, snapshot', 5, 'MiB', 'memory', ({ inProgram }) => overStock(inProgram.warm)),
  atMost('memory over stock, resolves alone, no snapshot', 5, 'MiB', 'memory', ({ inReplay }) =>
    overStock(inReplay.first),
  ),
  atMost('memory over stock, resolves alone, snapshot', 5, 'MiB', 'memory', ({ inReplay }) => overStock(inReplay.warm)),
  atLeast('imports, snapshot: share of the ideal’s gain', 0.8, '', 'imports', ({ overall }) => overall?.gainShare),
  atLeast('imports, first run: mean against stock', 1.25, '×', 'imports', ({ overall }) => overall?.ratios.first),
  atLeast('imports, first run: slowest against stock', 0.98, '×', 'imports', ({ overall }) => overall?.slowestFirst),
  ...[
    ['cold', 'import.meta.resolve', 5],
    ['hot', 'import.meta.resolve', 25],
    ['cold', oxc, 1.5],
  ].map(([figure, kind, limit]) =>
    atLeast(
      `imports, ${figure}: ${kind} / ours`,
      limit,
      '×',
      'imports',
      ({ overall }) => overall?.resolve[figure][kind],
    ),
  ),
  ...['sync', 'sync-alias', 'sync-tsconfig'].flatMap((row) => [
    atLeast(`tools, ${row}, cold: ${oxc} / ours`, 1.5, '×', 'tools', quickness(row, 'cold', ours)),
    atLeast(`tools, ${row}, hot: ${oxc} / ours`, 2, '×', 'tools', quickness(row, 'hot', ours)),
  ]),
  ...['cold', 'hot'].flatMap((figure) => [
    atLeast(`tools, async, ${figure}: ${oxc} / ours`, 1.5, '×', 'tools', quickness('async', figure, ours)),
    atLeast(`tools, resolveMany, ${figure}: sync / it`, 1.3, '×', 'tools', quickness('many', figure, 'resolveMany')),
  ]),
  atLeast(`tools, after invalidate(): ${oxc} / ours`, 10, '×', 'tools', quickness('invalidate', 'again', ours)),
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
  // Within 1.25 times of it, and the slowest within 1.5 times.
  ...['latency-1', 'latency-2', 'latency-1-loaded', 'latency-2-loaded'].flatMap((name) => [
    atLeast(`${name}, median: fork, json / pool`, 0.8, '×', 'pool', advantage(name, 'median', 'fork, json')),
    atLeast(`${name}, p99: fork, json / pool`, 0.67, '×', 'pool', advantage(name, 'p99', 'fork, json')),
  ]),
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
