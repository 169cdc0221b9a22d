// What is kept of a run: bench/results/<Node's major>.json, for sections that are alone <section>-<major>.json, and the charts
// made of it.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { drawCharts } from './charts.mjs';
import { peers, versionsOf } from './implementations.mjs';
import { addonFiles } from './measure-addon.mjs';
import { describeMachine } from './report.mjs';
import { repositoryRoot } from './run-program.mjs';
import { formatTable, significant } from './tables.mjs';
import { judgeAll } from './targets.mjs';

const resultsDirectory = path.join(repositoryRoot, 'bench', 'results');
const chartsDirectory = path.join(repositoryRoot, 'bench', 'charts');

/** The machine, and the versions of all that is compared. */
export const describeRun = (node, rounds, sections) => ({
  ...describeMachine(),
  node: node.version,
  kernel: os.release(),
  memoryBytes: os.totalmem(),
  rounds,
  addons: addonFiles(),
  peers: versionsOf([...new Set(sections.flatMap((section) => section.peers ?? peers))].sort()),
});

export const formatRun = ({ platform, kernel, cpu, cpuCount, loadAverage, date, rounds, addons, peers }) => [
  `${platform}, ${kernel}, ${cpuCount} × ${cpu}, load ${loadAverage.toFixed(1)}, ${date}`,
  ...addons.map(({ name, bytes }) => `${name}: ${bytes} bytes`),
  Object.entries(peers)
    .map((peer) => peer.join(' '))
    .join(', '),
  `${rounds} rounds, fresh processes, all kinds in turn; medians, and quartiles as spread; no round is left out`,
];

const formatValue = (value) =>
  value === null
    ? ''
    : `${significant(value.median)} (${significant(value.lowerQuartile)}–${significant(value.upperQuartile)})`;

export const formatJudgements = (judgements) =>
  formatTable(
    ['target', 'limit', 'measured', ''],
    judgements.map(({ what, limit, value, verdict }) => [what, limit, formatValue(value), verdict]),
  );

const readOlder = (file) => {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return { sections: {} };
  }
};

/** More digits would only be noise. */
const shorten = (_key, value) => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);

const groupOf = ({ isAlone, name }) => (isAlone ? `${name}-` : '');

/**
 * Writes the results and draws the charts; each section has its own description of the run, because it can be measured
 * alone and then replaces only itself.
 * @returns {string[]} Lines that name the files.
 */
export const writeResults = (node, sections, { run, results }) => {
  const groups = [...new Set(sections.map(groupOf))];
  return groups.flatMap((group) => {
    const ofGroup = sections.filter((section) => groupOf(section) === group).map(({ name }) => [name, results[name]]);
    return writeGroup(node, group, { run, results: Object.fromEntries(ofGroup) });
  });
};

const writeGroup = (node, group, { run, results }) => {
  const file = path.join(resultsDirectory, `${group}${node.major}.json`);
  const older = readOlder(file);
  const measured = Object.entries(results).map(([name, result]) => [name, { run, ...result }]);
  const sections = { ...older.sections, ...Object.fromEntries(measured) };
  fs.mkdirSync(resultsDirectory, { recursive: true });
  fs.writeFileSync(
    file,
    // Where the checkout lies is nobody's business.
    `${JSON.stringify({ node: node.version, targets: judgeAll(sections), sections }, shorten, 1)}\n`.replaceAll(
      `${repositoryRoot}${path.sep}`,
      '',
    ),
  );
  fs.mkdirSync(chartsDirectory, { recursive: true });
  const charts = Object.entries(drawCharts(node, sections)).map(([name, svg]) => {
    const chart = path.join(chartsDirectory, `${name}-${node.major}.svg`);
    fs.writeFileSync(chart, svg);
    return chart;
  });
  return [file, ...charts].map((written) => `wrote ${path.relative(repositoryRoot, written)}`);
};
