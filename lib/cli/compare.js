'use strict';

// Starts a program with plain Node, with the hook, with Node's compile cache and with both, in turn.

const { enableCompileCache } = require('node:module');
const path = require('node:path');

const { UsageError } = require('./failures.js');
const { startAndMeasure } = require('./measured_start.js');
const { bar, columns, milliseconds, paint } = require('./text.js');

/** The first fills the caches; what it wrote is young, and is settled by the second. */
const WARM_UPS = 2;
/** From Node 22.1 on, and this from 22.8. */
const hasCompileCache = enableCompileCache !== undefined && !process.env.NODE_DISABLE_COMPILE_CACHE;
/** What a start differs by from one to the next tells nothing. */
const NOTHING = 1.03;

/** Plain Node is to be plain, and the hook to be there. */
function checkComparable() {
  const { FAST_RESOLVE, NODE_OPTIONS } = process.env;
  if (NODE_OPTIONS?.includes('fast-resolve')) {
    throw new UsageError('NODE_OPTIONS loads fast-resolve, so that plain Node can not be measured');
  }
  if (FAST_RESOLVE === '0') throw new UsageError('FAST_RESOLVE=0 turns the hook off that is to be measured');
}

/**
 * @param {number} runs Starts of each kind that count.
 * @param {string} directory For the caches.
 * @param {import('./text.js').Progress} progress
 */
async function compareStarts(started, runs, limits, directory, progress) {
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
  const rounds = WARM_UPS + runs;
  for (let round = 0; round < rounds; round++) {
    for (const [at, { name, how }] of kinds.entries()) {
      progress.tell(`starting with ${name}`, round * kinds.length + at, rounds * kinds.length);
      const { milliseconds: time } = await startAndMeasure(started, how, limits);
      if (round >= WARM_UPS) times[at].push(time);
    }
  }
  const stock = quartiles(times[0]).median;
  return kinds.map(({ name }, at) => {
    const spread = quartiles(times[at]);
    return { name, ...spread, timesAsFast: stock / spread.median };
  });
}

function quartiles(times) {
  const sorted = [...times].sort((left, right) => left - right);
  const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
  return { median: at(0.5), lowerQuartile: at(0.25), upperQuartile: at(0.75) };
}

/** A line for each kind, and a verdict. */
function formatKinds(kinds) {
  const longest = Math.max(...kinds.map(({ median }) => median));
  const rows = kinds.map(({ name, median, lowerQuartile, upperQuartile, timesAsFast }, at) => [
    name,
    milliseconds(median),
    paint('dim', `${milliseconds(lowerQuartile)} – ${milliseconds(upperQuartile)}`),
    at === 0 ? '' : `${timesAsFast.toFixed(2)}×`,
    paint('cyan', bar(median / longest)),
  ]);
  return `${columns(rows, [1, 3])}\n${paint('bold', judge(kinds))}\n`;
}

const SUBJECTS = { hook: 'the hook', 'compile cache': 'the compile cache', both: 'both' };

function judge([stock, ...others]) {
  const best = others.reduce((left, right) => (right.median < left.median ? right : left));
  if (best.timesAsFast < NOTHING) return 'This program starts no faster with either.';
  const saved = milliseconds(stock.median - best.median);
  return `With ${SUBJECTS[best.name]}, it starts ${best.timesAsFast.toFixed(2)} times as fast: ${saved} less.`;
}

module.exports = { checkComparable, compareStarts, formatKinds };
