// Imports: start-up of programs of ES modules, stock and under the hook, against a hook that knows every answer beforehand, and with
// Node's compile cache beside.
import fs from 'node:fs';
import path from 'node:path';
import { ensureEsmCorpus } from '../corpus/install.mjs';
import { withSnapshot } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { runCommand } from '../lib/run-child.mjs';
import { hook, runProgram } from '../lib/run-program.mjs';
import { geometricMeansByRound, median, pairedDifferences, pairedRatios, summarise } from '../lib/statistics.mjs';
import { formatRatio, formatStartUpRatio, formatSummary, formatTable, microseconds, percent } from '../lib/tables.mjs';
import { esmPrograms } from './programs.mjs';
import { hasHooks, recordImports, sorted } from './recording.mjs';

const ideal = path.join(import.meta.dirname, 'ideal.cjs');

const kinds = ['stock', 'first', 'warm', 'ideal', 'cache', 'both'];
const faster = kinds.slice(1);

/** Programs that import less have little to gain. */
const fewImports = 200;

const resolveScript = path.join(import.meta.dirname, 'resolve.mjs');
const resolvers = ['fast-resolve', 'import.meta.resolve', 'oxc-resolver'];

/** What one resolve takes, for the first time and again; a program with more to import than there is room for in Node's own memory. */
const measureResolvers = ({ node, rounds, directory }, imports) => {
  const primeDirectory = fs.mkdtempSync(path.join(directory, 'asked-'));
  const file = path.join(primeDirectory, 'imports.json');
  fs.writeFileSync(file, JSON.stringify(imports));
  fs.writeFileSync(path.join(primeDirectory, 'prime.mjs'), '');
  const nodeArguments = ['--experimental-import-meta-resolve', '--no-warnings', resolveScript];
  const environment = { FAST_RESOLVE_CACHE: '0' };
  const runs = measureInTurn(rounds, resolvers, (kind) =>
    JSON.parse(runCommand(node.path, [...nodeArguments, kind, file, primeDirectory], environment).stdout),
  );
  const timesOf = (kind, figure) => runs[kind].map((run) => run[figure]);
  return Object.fromEntries(
    ['cold', 'hot'].map((figure) => [
      figure,
      Object.fromEntries(
        resolvers.map((kind) => [
          kind,
          {
            nanoseconds: summarise(timesOf(kind, figure)),
            ratios: pairedRatios(timesOf(kind, figure), timesOf('fast-resolve', figure)),
          },
        ]),
      ),
    ]),
  );
};

const createStarts = ({ node, directory }, program, imports) => {
  const fresh = (name) => fs.mkdtempSync(path.join(directory, `${name}-`));
  const idealFile = path.join(fresh('ideal'), 'imports.json');
  fs.writeFileSync(idealFile, JSON.stringify(imports));
  const snapshot = withSnapshot(fresh('snapshot'));
  const compileCache = { NODE_COMPILE_CACHE: fresh('compile-cache') };
  const optionsOf = {
    stock: () => ({}),
    first: () => ({ preloads: [hook], environment: withSnapshot(fresh('empty')) }),
    warm: () => ({ preloads: [hook], environment: snapshot }),
    ideal: () => ({ preloads: [ideal], environment: { FAST_RESOLVE_IDEAL: idealFile } }),
    cache: () => ({ environment: compileCache }),
    both: () => ({ preloads: [hook], environment: { ...snapshot, ...compileCache } }),
  };
  return (kind) => runProgram(program, { node: node.path, ...optionsOf[kind]() });
};

const findDifferences = ({ node, directory }, program, stock) => {
  const environment = withSnapshot(fs.mkdtempSync(path.join(directory, 'compared-')));
  return ['first', 'warm'].flatMap((kind) => {
    const hooked = recordImports(program, { node: node.path, preloads: [hook], environment });
    return [
      ...(hooked.stdout === stock.stdout ? [] : [`${kind}: standard output differs from stock Node’s`]),
      ...(String(sorted(hooked.imports)) === String(sorted(stock.imports)) ? [] : [`${kind}: other imports`]),
    ];
  });
};

const measureProgram = (context, program) => {
  context.log(program.name);
  const stock = recordImports(program, { node: context.node.path });
  const start = createStarts(context, program, stock.imports);
  // What is left for later starts is there, and every file was read.
  for (const kind of ['warm', 'warm', 'both', 'both', 'ideal']) start(kind);
  const runs = measureInTurn(context.rounds, kinds, (kind) => start(kind).milliseconds);
  return {
    program: program.name,
    imports: stock.imports.length,
    milliseconds: Object.fromEntries(kinds.map((kind) => [kind, summarise(runs[kind])])),
    ratios: Object.fromEntries(faster.map((kind) => [kind, pairedRatios(runs.stock, runs[kind])])),
    gainShare: median(pairedDifferences(runs.stock, runs.warm)) / median(pairedDifferences(runs.stock, runs.ideal)),
    resolve: measureResolvers(context, stock.imports),
    differences: findDifferences(context, program, stock),
  };
};

const meansOf = (programs, kind) => geometricMeansByRound(programs.map(({ ratios }) => ratios[kind]));

const summariseAll = (programs) => {
  const long = programs.filter(({ imports }) => imports >= fewImports);
  const idealMeans = meansOf(long, 'ideal');
  return {
    ratios: Object.fromEntries(faster.map((kind) => [kind, summarise(meansOf(programs, kind))])),
    gainShare: summarise(meansOf(long, 'warm').map((mean, round) => Math.log(mean) / Math.log(idealMeans[round]))),
    resolve: Object.fromEntries(
      ['cold', 'hot'].map((figure) => [
        figure,
        Object.fromEntries(
          resolvers.map((kind) => [
            kind,
            summarise(geometricMeansByRound(programs.map(({ resolve }) => resolve[figure][kind].ratios))),
          ]),
        ),
      ]),
    ),
    slowestFirst: programs
      .map(({ ratios }) => summarise(ratios.first))
      .sort((left, right) => left.median - right.median)[0],
  };
};

const resolveRow = ({ program, resolve }) => [
  program,
  ...['cold', 'hot'].flatMap((figure) =>
    resolvers.map((kind) => formatSummary(resolve[figure][kind].nanoseconds, microseconds).split(' ')[0]),
  ),
];

const row = ({ program, imports, milliseconds, ratios, gainShare }) => [
  program,
  imports,
  formatSummary(milliseconds.stock, (value) => value.toFixed(0)),
  ...faster.map((kind) => formatStartUpRatio(median(ratios[kind]))),
  percent(gainShare),
];

export const imports = {
  name: 'imports',
  title: 'Imports: start-up of programs of ES modules',
  isOnDemand: true,
  isAlone: true,
  measure: (context) => {
    if (!hasHooks(context.node.version.replace('v', '').split('.').map(Number))) {
      return { skipped: 'this Node has no module.registerHooks' };
    }
    ensureEsmCorpus();
    const programs = esmPrograms.map((program) => measureProgram(context, program));
    return { programs, overall: summariseAll(programs) };
  },
  format: ({ skipped, programs, overall }) =>
    skipped === undefined
      ? [
          formatTable(
            [
              'start-up',
              'imports',
              'stock, ms',
              '× first',
              '× snapshot',
              '× ideal',
              '× compile cache',
              '× both',
              'gain',
            ],
            [
              ...programs.map(row),
              [
                'geometric mean',
                '',
                '',
                ...faster.map((kind) => formatStartUpRatio(overall.ratios[kind].median)),
                percent(overall.gainShare.median),
              ],
            ],
          ),
          '×: time of stock Node by that start’s, median of the pairs. compile cache: NODE_COMPILE_CACHE alone; both: with the snapshot.',
          `gain: the saved time’s share of what the ideal saves; its mean is that of the programs with ≥ ${fewImports} imports.`,
          '',
          formatTable(
            ['µs a resolve', ...['first: ', 'again: '].flatMap((when) => resolvers.map((kind) => `${when}${kind}`))],
            [
              ...programs.map(resolveRow),
              [
                '× ours, geometric mean',
                ...['cold', 'hot'].flatMap((figure) =>
                  resolvers.map((kind) => formatRatio(overall.resolve[figure][kind].median)),
                ),
              ],
            ],
          ),
        ]
      : [`Skipped: ${skipped}.`],
  findFailures: ({ programs = [] }) =>
    programs.flatMap(({ program, differences }) => differences.map((difference) => `${program}, ${difference}`)),
};
