// Tools: `createResolver` against oxc-resolver with the same options, whose every answer ours has to be.
import fs from 'node:fs';
import path from 'node:path';
import { ensureCorpus } from '../corpus/install.mjs';
import { programs } from '../corpus/programs.mjs';
import { withoutSnapshot } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { runCommand } from '../lib/run-child.mjs';
import { geometricMeansByRound, pairedRatios, summarise } from '../lib/statistics.mjs';
import { formatRatio, formatSummary, formatTable, microseconds } from '../lib/tables.mjs';
import { createTraces } from '../lib/traces.mjs';
import { createMonorepoJob, createProgramJobs } from './jobs.mjs';
import { createMonorepo } from './monorepo.mjs';

const script = (name) => path.join(import.meta.dirname, 'children', name);

const ours = 'fast-resolve';
const oursInTurns = 'fast-resolve, turn';
const oxc = 'oxc-resolver';
const resolvers = [ours, oursInTurns, oxc];

/** Programs that ask for less say little. */
const fewRequests = 100;

const monorepoSize = { packages: 500, files: 100, installed: 100 };
const monorepoRequests = 1000;

/** A row of one mode: each kind answers each job in a process of its own, first and again. */
const replayed = (name, title, mode, jobs) => ({
  name,
  title,
  figures: ['cold', 'hot'],
  kinds: resolvers,
  baseline: oxc,
  jobs,
  run: (kind, file) => [script('resolve.cjs'), mode, kind, file],
});

const ofPrograms = (setName) => (context) => createProgramJobs(context, context.traces(), setName);

const ofMonorepo = (context) => [context.monorepoJob()];

const many = {
  name: 'many',
  title: 'resolveMany() of 1,000 requests of the monorepo, against as many sync()',
  figures: ['cold', 'hot'],
  kinds: ['resolveMany', 'resolveMany, turn', 'sync, turn', 'sync'],
  baseline: 'sync',
  jobs: ofMonorepo,
  run: (kind, file) => [
    script('resolve.cjs'),
    kind.startsWith('sync') ? 'sync' : 'many',
    kind.endsWith('turn') ? oursInTurns : ours,
    file,
  ],
};

const invalidated = {
  name: 'invalidate',
  title: '1,000 requests of the monorepo after invalidate(file), against oxc-resolver after clearCache()',
  figures: ['again'],
  kinds: resolvers,
  baseline: oxc,
  jobs: ofMonorepo,
  run: (kind, file) => [script('invalidate.cjs'), kind, file],
};

const rows = [
  replayed('sync', 'sync()', 'sync', ofPrograms('none')),
  replayed('sync-alias', 'sync(), 20 aliases', 'sync', ofPrograms('aliases')),
  replayed('sync-tsconfig', 'sync(), 20 paths of a tsconfig.json', 'sync', ofPrograms('paths')),
  replayed('async', 'async(), 64 in flight', 'async', ofPrograms('none')),
  invalidated,
  many,
];

/** What several rows ask, made when the first one does. */
const createSources = (context) => {
  const once = (make) => {
    let made;
    return () => {
      made ??= make();
      return made;
    };
  };
  return {
    ...context,
    traces: once(() => {
      ensureCorpus();
      context.log('recording what the programs ask ...');
      return createTraces(context.node.path, programs, context.directory);
    }),
    monorepoJob: once(() => {
      context.log('writing a monorepo of 50,000 files ...');
      const root = path.join(context.directory, 'monorepo');
      fs.mkdirSync(root);
      const monorepo = createMonorepo(root, monorepoSize);
      return createMonorepoJob(context, { calls: monorepo.createCalls(monorepoRequests), changed: monorepo.file });
    }),
  };
};

const measureJob = (context, row, { name, file, resolves }) => {
  const runs = measureInTurn(context.rounds, row.kinds, (kind) =>
    JSON.parse(runCommand(context.node.path, row.run(kind, file), withoutSnapshot).stdout),
  );
  const missing = Object.values(runs)
    .flat()
    .find((run) => run.missing !== undefined)?.missing;
  return missing === undefined ? { name, resolves, runs } : { missing };
};

const summariseFigure = (row, jobs, figure) => {
  const timesOf = (kind) => jobs.map(({ runs }) => runs[kind].map((run) => run[figure]));
  const ratioOf = (kind) =>
    geometricMeansByRound(timesOf(kind).map((times, index) => pairedRatios(timesOf(row.baseline)[index], times)));
  return Object.fromEntries(
    row.kinds.map((kind) => [
      kind,
      { nanoseconds: summarise(geometricMeansByRound(timesOf(kind))), ratio: summarise(ratioOf(kind)) },
    ]),
  );
};

/** By figure and kind, the time per resolve and how many times as quick as the baseline that is; or why it was not measured. */
export const summariseRow = (row, jobs) => {
  const missing = jobs.find((job) => job.missing !== undefined)?.missing;
  if (missing !== undefined) return { missing };
  return {
    resolves: Object.fromEntries(jobs.map(({ name, resolves }) => [name, resolves])),
    ...Object.fromEntries(row.figures.map((figure) => [figure, summariseFigure(row, jobs, figure)])),
  };
};

const measureRow = (context, row) => {
  context.log(row.name);
  try {
    const jobs = row.jobs(context).filter(({ resolves }) => resolves >= fewRequests);
    return summariseRow(
      row,
      jobs.map((job) => measureJob(context, row, job)),
    );
  } catch (error) {
    return { failure: error.message };
  }
};

const formatRow = (row, result) => {
  if (result.failure !== undefined) return [`${row.title}: FAILED: ${result.failure}`, ''];
  if (result.missing !== undefined)
    return [`${row.title}: not measured, for want of the option: ${result.missing}`, ''];
  const cell = (figure, kind) => {
    const { nanoseconds, ratio } = result[figure][kind];
    return [`${formatSummary(nanoseconds, microseconds)}`, formatSummary(ratio, formatRatio)];
  };
  return [
    formatTable(
      [row.title, ...row.figures.flatMap((figure) => [`${figure}, µs`, `× as quick as ${row.baseline}`])],
      row.kinds.map((kind) => [kind, ...row.figures.flatMap((figure) => cell(figure, kind))]),
    ),
    '',
  ];
};

const measuredRows = (result) => rows.filter(({ name }) => result[name] !== undefined);

export const tools = {
  name: 'tools',
  title: 'Resolution for tools',
  peers: [oxc],
  rows: rows.map(({ name }) => name),
  isOnDemand: true,
  isAlone: true,
  measure: (context) => {
    const sources = createSources(context);
    const chosen = rows.filter(({ name }) => context.rows.length === 0 || context.rows.includes(name));
    return Object.fromEntries(chosen.map((row) => [row.name, measureRow(sources, row)]));
  },
  format: (result) => [
    ...measuredRows(result).flatMap((row) => formatRow(row, result[row.name])),
    `Geometric means over the programs of the corpus with ≥ ${fewRequests} relative and bare requests; medians (quartiles) of the rounds.`,
    `${ours} believes what it saw until that is invalidated, as ${oxc} does; ${oursInTurns}: for a turn, which is the default.`,
  ],
  findFailures: (result) =>
    measuredRows(result)
      .filter(({ name }) => result[name].failure !== undefined)
      .map(({ name }) => `${name}: ${result[name].failure}`),
};
