'use strict';

// `fast-resolve bench`: what the hook and the compile cache are worth for a program.

const { checkComparable, compareStarts, formatKinds } = require('./compare.js');
const { UsageError } = require('./failures.js');
const { checkMoment, isTime } = require('./measured_start.js');
const { readStart } = require('./options.js');
const { Progress, nearPath, print } = require('./text.js');
const { inWorkshop } = require('./workshop.js');

const usage = `Usage: fast-resolve bench [options] [node's options] <program> [arguments]

Starts a program with plain Node, with the hook, with Node's compile cache and with both, in turn, and compares the medians. What
the program writes is not shown.

  --runs <n>        starts of each kind that count (10); two more fill the caches
  --until <moment>  when a start is over: exit (default), listening, message, or another event of \`process\`
  --timeout <s>     seconds after which a start has failed (60)
  --json            for machines: times in milliseconds

Example: fast-resolve bench --until listening server.js
`;

const OPTIONS = { json: 'flag', runs: 'number', timeout: 'number', until: 'text' };

async function run(args) {
  const { options, started } = readStart(args, OPTIONS);
  const { runs = 10, until, timeout, json } = options;
  checkMoment(until);
  if (until !== undefined && isTime(until)) {
    throw new UsageError(`each start would take ${until} ms; --until is exit, listening, or an event of \`process\``);
  }
  checkComparable();
  const progress = new Progress();
  const kinds = await inWorkshop((directory) =>
    compareStarts(started, runs, { until, timeout }, directory, progress).finally(() => progress.end()),
  );
  print({ program: started.program, node: process.version, runs, kinds }, json, format);
}

function format({ program, node, runs, kinds }) {
  const title = `${nearPath(program)} with Node ${node.slice(1)}: medians and quartiles of ${runs} starts each`;
  return `${title}\n\n${formatKinds(kinds)}`;
}

module.exports = { run, usage };
