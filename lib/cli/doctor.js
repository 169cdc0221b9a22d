'use strict';

// `fast-resolve doctor`: where the start of a program goes.

const fs = require('node:fs');
const path = require('node:path');

const { checkComparable, compareStarts } = require('./compare.js');
const { diagnose } = require('./diagnosis.js');
const { Failure } = require('./failures.js');
const { formatDiagnosis } = require('./format_diagnosis.js');
const { checkMoment, startAndMeasure } = require('./measured_start.js');
const { readStart } = require('./options.js');
const { Progress, print } = require('./text.js');
const { inWorkshop } = require('./workshop.js');

const usage = `Usage: fast-resolve doctor [options] [node's options] <program> [arguments]

Starts a program with plain Node, and tells where its start goes: by phase and by package, requests that failed, packages and files
that were loaded twice, directories that were looked for in vain. Before that, it starts it as \`bench\` does, and tells what the hook
and the compile cache would save. What the program writes is not shown.

  --html <file>     also writes a page with all of it: a timeline of the modules, and a table to search
  --runs <n>        starts of each kind that count for what would be saved (3); two more fill the caches
  --no-savings      starts it once, and does not measure what would be saved
  --until <moment>  when a start is over: exit (default), listening, message, another event of \`process\`, or a number of milliseconds
  --timeout <s>     seconds after which a start has failed (60)
  --json            for machines: times in milliseconds

Example: fast-resolve doctor --until listening server.js
`;

const OPTIONS = {
  html: 'text',
  json: 'flag',
  'no-savings': 'flag',
  runs: 'number',
  timeout: 'number',
  until: 'text',
};

async function run(args) {
  const { options, started } = readStart(args, OPTIONS);
  checkMoment(options.until);
  checkComparable();
  const result = await inWorkshop((directory) => examine(started, options, directory));
  print(result, options.json, formatDiagnosis);
  if (options.html !== undefined) writePage(options.html, result);
}

async function examine(started, { until = 'exit', timeout, runs = 3, 'no-savings': isOnce = false }, directory) {
  const limits = { until, timeout };
  const progress = new Progress();
  try {
    // First, so that its files have been read once when the start is looked at.
    const kinds = isOnce ? null : await compareStarts(started, runs, limits, directory, progress);
    progress.tell(`starting ${path.basename(started.program)}`, 0, 1);
    const record = await recordStart(started, limits, path.join(directory, 'record'));
    const facts = { program: started.program, node: process.version, until };
    return { ...facts, ...diagnose(record, started.program), kinds };
  } finally {
    progress.end();
  }
}

async function recordStart(started, limits, file) {
  const how = { env: { FAST_RESOLVE_PROBE: file }, preload: path.resolve(__dirname, 'probe.js') };
  await startAndMeasure(started, how, limits);
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new Failure(`${started.program} ended without a word: another program may have taken its place`);
  }
}

function writePage(file, result) {
  const { makePage } = require('./page.js');
  try {
    fs.writeFileSync(file, makePage(result));
  } catch (error) {
    throw new Failure(`the page can't be written: ${error.message}`);
  }
}

module.exports = { run, usage };
