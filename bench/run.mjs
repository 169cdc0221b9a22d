// Measures fast-resolve against Node and the other resolvers, and says which of its targets it reaches.
//
//   node bench/run.mjs [section]... [--quick] [--rounds <n, default 5>] [--only <section>]... [--program <name>]...
//                      [--row <row of a section that has rows>]... [--node <path>]...
//
// The exit code is 1 if an answer of ours is not Node's. What others answer otherwise is only told.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled } from '../scripts/setup.mjs';
import { ensureCorpus } from './corpus/install.mjs';
import { programs } from './corpus/programs.mjs';
import { findNodes } from './lib/nodes.mjs';
import { parseOptions } from './lib/options.mjs';
import { findPeers } from './lib/replay-process.mjs';
import { describeRun, formatJudgements, formatRun, writeResults } from './lib/results.mjs';
import { judgeAll } from './lib/targets.mjs';
import { createTraces } from './lib/traces.mjs';
import { sections } from './sections/index.mjs';

const log = (line) => process.stderr.write(`${line}\n`);

const print = (lines) => process.stdout.write(`${lines.join('\n')}\n\n`);

const isAlone = (section) => section.isAlone === true;

const runSection = (section, context) => {
  log(`Node ${context.node.major}, ${section.name} ...`);
  const start = performance.now();
  const result = section.measure({ ...context, log: (line) => log(`  ${line}`) });
  const seconds = (performance.now() - start) / 1e3;
  print([`## ${section.title}`, '', ...section.format(result), `(${seconds.toFixed(0)} s)`]);
  return { result, failures: section.findFailures(result) };
};

/** What the programs of the corpus ask, and who is asked the same. */
const recordPrograms = ({ node, rounds, directory, selectedPrograms }) => {
  log(`Node ${node.major}, recording what the programs ask ...`);
  const traces = createTraces(node.path, selectedPrograms, directory);
  const programOf = (trace) => selectedPrograms.find(({ name }) => name === trace.program);
  return { traces, programOf, peers: findPeers({ node, rounds, directory, traces }, log) };
};

const measureNode = (node, { rounds, rows, selectedPrograms, selectedSections }) => {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-bench-')));
  const run = describeRun(node, rounds, selectedSections);
  print(['', `# Node ${node.version}`, '', ...formatRun(run)]);
  try {
    const recorded = selectedSections.every(isAlone)
      ? {}
      : recordPrograms({ node, rounds, directory, selectedPrograms });
    const context = { node, rounds, rows, directory, ...recorded };
    const measured = selectedSections.map((section) => [section.name, runSection(section, context)]);
    const results = Object.fromEntries(measured.map(([name, { result }]) => [name, result]));
    const failures = measured.flatMap(([, section]) => section.failures);
    const judgements = judgeAll(results);
    if (judgements.length > 0) print(['## Targets', '', formatJudgements(judgements)]);
    if (failures.length > 0) print(failures.map((failure) => `FAILED: ${failure}`));
    return { run, failures, results };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
};

const main = () => {
  const options = parseOptions(process.argv.slice(2), {
    sections: sections.map(({ name }) => name),
    defaultSections: sections.filter(({ isOnDemand }) => !isOnDemand).map(({ name }) => name),
    programs: programs.map(({ name }) => name),
    rows: sections.flatMap(({ rows = [] }) => rows),
  });
  const chosen = {
    rounds: options.rounds,
    rows: options.rows,
    selectedPrograms: programs.filter(({ name }) => options.programs.includes(name)),
    selectedSections: sections.filter(({ name }) => options.sections.includes(name)),
  };
  const areAllAlone = chosen.selectedSections.every(isAlone);
  ensureInstalled('bench');
  if (!areAllAlone) ensureCorpus();
  if (!options.isComplete) {
    log('Part of the corpus or of a section, or few rounds: bench/results and the charts stay as they are.');
  }
  for (const node of findNodes({ paths: options.nodes, isOnlyRunning: options.isQuick || areAllAlone, log })) {
    const measured = measureNode(node, chosen);
    if (options.isComplete) {
      print(writeResults(node, chosen.selectedSections, measured));
    }
    process.exitCode ||= measured.failures.length === 0 ? 0 : 1;
  }
};

main();
