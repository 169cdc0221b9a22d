// Without the addon: wall time of whole processes with the hook in JavaScript alone, `--no-addons`, against an empty preload. The first run
// is the one that learns: at its end it asks Node once more.
import fs from 'node:fs';
import path from 'node:path';
import { withSnapshot } from '../lib/implementations.mjs';
import { measureInTurn } from '../lib/in-turn.mjs';
import { childScript } from '../lib/run-child.mjs';
import { hook, runProgram } from '../lib/run-program.mjs';
import { geometricMeansByRound, median, pairedDifferences, pairedRatios, summarise } from '../lib/statistics.mjs';
import { formatStartUpRatio, formatSummary, formatTable } from '../lib/tables.mjs';

const roundsPerRound = 2;
/** The first run notes what is asked after a while, the second one the rest. */
const learningRuns = 2;

const nodeArguments = ['--no-addons'];
const kinds = ['emptyPreload', 'first', 'warm', 'addon'];

const createStartsOf = (context, program) => {
  const createDirectory = () => fs.mkdtempSync(path.join(context.directory, 'without-addon-'));
  const run = (options) => runProgram(program, { node: context.node.path, ...options });
  const withHook = (cache, others) => ({ preloads: [hook], environment: withSnapshot(cache), ...others });
  const learnt = withHook(createDirectory(), { nodeArguments });
  const ofAddon = withHook(createDirectory(), {});
  for (let count = 0; count < learningRuns; count += 1) for (const options of [learnt, ofAddon]) run(options);
  return {
    emptyPreload: () => run({ preloads: [childScript('empty.cjs')], nodeArguments }),
    first: () => run(withHook(createDirectory(), { nodeArguments })),
    warm: () => run(learnt),
    addon: () => run(ofAddon),
  };
};

const measureProgram = (context, program, trace) => {
  const starts = createStartsOf(context, program);
  const runs = measureInTurn(context.rounds * roundsPerRound, kinds, (kind) => starts[kind]());
  const times = Object.fromEntries(kinds.map((kind) => [kind, runs[kind].map(({ milliseconds }) => milliseconds)]));
  const { stdout } = runs.emptyPreload[0];
  return {
    program: program.name,
    resolves: trace.resolves,
    milliseconds: summarise(times.emptyPreload),
    ratios: Object.fromEntries(['warm', 'addon'].map((kind) => [kind, pairedRatios(times.emptyPreload, times[kind])])),
    learning: summarise(pairedDifferences(times.first, times.emptyPreload)),
    otherOutput: kinds.filter((kind) => runs[kind].some((run) => run.stdout !== stdout)),
  };
};

/** Programs that have addons of their own can't be measured so. */
const runsWithout = (context, program) => {
  try {
    runProgram(program, { node: context.node.path, nodeArguments });
    return true;
  } catch {
    return false;
  }
};

const meanOf = (programs, kind) => summarise(geometricMeansByRound(programs.map(({ ratios }) => ratios[kind])));

export const withoutAddon = {
  name: 'without-addon',
  title: 'Without the addon: start-up with the hook in JavaScript alone, of the time with an empty preload',
  isOnDemand: true,
  measure: (context) => {
    const traces = context.traces.filter((trace) => runsWithout(context, context.programOf(trace)));
    return {
      programs: traces.map((trace) => measureProgram(context, context.programOf(trace), trace)),
      leftOut: context.traces.filter((trace) => !traces.includes(trace)).map(({ program }) => program),
    };
  },
  format: ({ programs, leftOut }) => [
    formatTable(
      ['program', 'resolves', 'ms, empty preload', 'times as fast', 'with the addon', 'ms more, first run'],
      programs.map(({ program, resolves, milliseconds, ratios, learning }) => [
        program,
        resolves,
        formatSummary(milliseconds, (value) => value.toFixed(0)),
        formatStartUpRatio(median(ratios.warm)),
        formatStartUpRatio(median(ratios.addon)),
        formatSummary(learning, (value) => value.toFixed(0)),
      ]),
    ),
    '',
    ...(leftOut.length > 0 ? [`left out, since they need addons of their own: ${leftOut.join(', ')}`] : []),
    `geometric mean: ${formatSummary(meanOf(programs, 'warm'), formatStartUpRatio)}, with the addon ${formatSummary(meanOf(programs, 'addon'), formatStartUpRatio)}`,
  ],
  findFailures: ({ programs }) =>
    programs
      .filter(({ otherOutput }) => otherOutput.length > 0)
      .map(({ program, otherOutput }) => `${program} prints something else: ${otherOutput.join(', ')}`),
};
