// Turns the demo's measurements into text.
import os from 'node:os';
import Table from 'cli-table3';

const differencesShown = 5;

const formatMilliseconds = ({ median, lowerQuartile, upperQuartile }, digits) =>
  `${median.toFixed(digits)} (${lowerQuartile.toFixed(digits)}–${upperQuartile.toFixed(digits)})`;

export const describeMachine = () => {
  const cpus = os.cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpus[0]?.model ?? 'unknown',
    cpuCount: cpus.length,
    // Other work on the machine makes every time here uncertain.
    loadAverage: os.loadavg()[0],
    date: new Date().toISOString(),
  };
};

export const formatMachine = ({ node, platform, cpu, cpuCount, loadAverage, date }) =>
  `Node ${node}, ${platform}, ${cpuCount} × ${cpu}, load ${loadAverage.toFixed(1)}, ${date}`;

export const formatAddon = (addons, requireTime) => [
  ...addons.map(({ name, bytes }) => `${name}: ${bytes} bytes`),
  `require('fast-resolve'): ${formatMilliseconds(requireTime, 2)} ms in ${requireTime.processes} fresh processes`,
];

const formatRow = (result) =>
  result.failure === undefined
    ? [
        result.name,
        result.resolves,
        `${(result.resolveShare * 100).toFixed(0)} %`,
        result.modules,
        result.identical ? 'yes' : 'NO',
        formatMilliseconds(result.stock, 0),
        formatMilliseconds(result.hooked, 0),
        result.ratio.toFixed(3),
      ]
    : [result.name, { colSpan: 7, content: 'FAILED' }];

export const formatTable = (results) => {
  const table = new Table({
    head: ['program', 'resolves', 'share', 'modules', 'identical', 'stock ms', 'hook ms', 'ratio'],
    colAligns: ['left', 'right', 'right', 'right', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...results.map(formatRow));
  return table.toString();
};

export const legend = (rounds) =>
  [
    'share: part of the start-up time that stock Node spends in Module._resolveFilename',
    'modules, identical: CommonJS modules loaded; the same modules and the same answer to every request in both runs',
    `ms: wall time of the whole process, median and quartiles of ${rounds} runs each, in turn`,
    'ratio: stock / hook, median of the pairs; above 1 the hook is faster',
  ].join('\n');

/** What must not be overlooked in a table: failures, differences, programs that the hook makes slower; last, what follows. */
export const formatFindings = (results, rounds) => {
  const lines = [];
  for (const { name, failure, differences = [] } of results) {
    if (failure !== undefined) {
      lines.push(`FAILED: ${failure}`);
    }
    lines.push(...differences.slice(0, differencesShown).map((difference) => `DIFFERS: ${name}: ${difference}`));
    if (differences.length > differencesShown) {
      lines.push(`DIFFERS: ${name}: and ${differences.length - differencesShown} more`);
    }
  }
  const slower = results.filter(({ ratio }) => ratio < 1);
  if (slower.length > 0) {
    const names = slower.map(({ name, ratio }) => `${name} (${ratio.toFixed(3)})`);
    lines.push(`Slower by the median of the pairs: ${slower.length} of ${results.length}: ${names.join(', ')}`);
  }
  lines.push(formatConclusion(results, rounds));
  return lines;
};

const fewestRounds = 5;

const formatConclusion = (results, rounds) => {
  const same = results.filter(({ identical }) => identical);
  const begin = `Conclusion: ${same.length} of ${results.length} programs load the same modules and get the same answers.`;
  return rounds < fewestRounds
    ? `${begin} ${rounds} rounds say nothing of time.`
    : `${begin} ${concludeTimes(results)} It pays where share is large.`;
};

/** Half of the runs lie between the quartiles: where those overlap, the next measurement may say the opposite. */
const concludeTimes = (results) => {
  const measured = results.filter(({ failure }) => failure === undefined);
  const quicker = measured.filter(({ stock, hooked }) => hooked.upperQuartile < stock.lowerQuartile);
  const slower = measured.filter(({ stock, hooked }) => hooked.lowerQuartile > stock.upperQuartile);
  const names = slower.length === 0 ? '' : ` (${slower.map(({ name }) => name).join(', ')})`;
  const others = measured.length - quicker.length - slower.length;
  return `The hook makes ${quicker.length} quicker and ${slower.length} slower${names}; for ${others}, the quartiles overlap.`;
};
