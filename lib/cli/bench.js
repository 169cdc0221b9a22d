'use strict';

// `fast-resolve bench`: what the hook and the compile cache are worth for a program.

const { enableCompileCache } = require('node:module');
const path = require('node:path');

const { UsageError } = require('./failures.js');
const { startAndMeasure } = require('./measured_start.js');
const { readOptions, readProgram } = require('./options.js');
const { Progress, bar, columns, milliseconds, paint, print } = require('./text.js');
const { inWorkshop } = require('./workshop.js');

const usage = `Usage: fast-resolve bench [options] <program> [arguments]

Starts a program with plain Node, with the hook, with Node's compile cache and with both, in turn, and compares the medians. What
the program writes is not shown.

  --runs <n>        starts of each kind that count (10); two more fill the caches
  --until <moment>  when a start is over: exit (default), or listening
  --timeout <s>     seconds after which a start has failed (60)
  --json            for machines: times in milliseconds

Example: fast-resolve bench --until listening server.js
`;

const OPTIONS = { json: 'flag', runs: 'number', timeout: 'number', until: 'text' };
/** The first fills the caches; what it wrote is young, and is settled by the second. */
const WARM_UPS = 2;
/** From Node 22.1 on, and this from 22.8. */
const hasCompileCache = enableCompileCache !== undefined && !process.env.NODE_DISABLE_COMPILE_CACHE;
/** What a start differs by from one to the next tells nothing. */
const NOTHING = 1.03;

async function run(args) {
  const { options, others } = readOptions(args, OPTIONS);
  const started = readProgram(others);
  const { FAST_RESOLVE, NODE_OPTIONS } = process.env;
  if (NODE_OPTIONS?.includes('fast-resolve')) {
    throw new UsageError('NODE_OPTIONS loads fast-resolve, so that plain Node can not be measured');
  }
  if (FAST_RESOLVE === '0') throw new UsageError('FAST_RESOLVE=0 turns the hook off that is to be measured');
  if (options.until !== undefined && options.until !== 'exit' && options.until !== 'listening') {
    throw new UsageError(`--until is exit or listening, not ${options.until}`);
  }
  const result = await inWorkshop((directory) => measure(started, options, directory));
  print(result, options.json, format);
}

async function measure(started, { runs = 10, ...limits }, directory) {
  const env = { FAST_RESOLVE_CACHE: path.join(directory, 'snapshot') };
  const compileCache = path.join(directory, 'compile-cache');
  const all = [
    { name: 'stock', how: {} },
    { name: 'hook', how: { hook: true, env } },
    { name: 'compile cache', how: { compileCache } },
    {
      name: 'both',
      how: { hook: true, compileCache: `${compileCache}-both`, env: { FAST_RESOLVE_CACHE: `${directory}/both` } },
    },
  ];
  const kinds = all.filter(({ how }) => how.compileCache === undefined || hasCompileCache);
  const times = kinds.map(() => []);
  const progress = new Progress();
  const rounds = WARM_UPS + runs;
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [at, { name, how }] of kinds.entries()) {
        progress.tell(`starting with ${name}`, round * kinds.length + at, rounds * kinds.length);
        const { milliseconds: time } = await startAndMeasure(started, how, limits);
        if (round >= WARM_UPS) times[at].push(time);
      }
    }
  } finally {
    progress.end();
  }
  const stock = quartiles(times[0]).median;
  return {
    program: started.program,
    node: process.version,
    runs,
    kinds: kinds.map(({ name }, at) => {
      const spread = quartiles(times[at]);
      return { name, ...spread, timesAsFast: stock / spread.median };
    }),
  };
}

function quartiles(times) {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { median: at(0.5), lowerQuartile: at(0.25), upperQuartile: at(0.75) };
}

function format({ program, node, runs, kinds }) {
  const longest = Math.max(...kinds.map(({ median }) => median));
  const rows = kinds.map(({ name, median, lowerQuartile, upperQuartile, timesAsFast }, at) => [
    name,
    milliseconds(median),
    paint('dim', `${milliseconds(lowerQuartile)} – ${milliseconds(upperQuartile)}`),
    at === 0 ? '' : `${timesAsFast.toFixed(2)}×`,
    paint('cyan', bar(median / longest)),
  ]);
  const near = path.relative('', program);
  const title = `${near.startsWith('..') ? program : near} with Node ${node.slice(1)}: medians and quartiles of ${runs} starts each`;
  return `${title}\n\n${columns(rows, [1, 3])}\n${judge(kinds)}\n`;
}

const SUBJECTS = { hook: 'the hook', 'compile cache': 'the compile cache', both: 'both' };

function judge(kinds) {
  const [stock, ...others] = kinds;
  const best = others.reduce((left, right) => (right.median < left.median ? right : left));
  if (best.timesAsFast < NOTHING) return paint('bold', 'This program starts no faster with either.');
  const saved = milliseconds(stock.median - best.median);
  return paint(
    'bold',
    `With ${SUBJECTS[best.name]}, it starts ${best.timesAsFast.toFixed(2)} times as fast: ${saved} less.`,
  );
}

module.exports = { run, usage };
