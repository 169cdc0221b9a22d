'use strict';

// `fast-resolve precompile`: fills the caches as a start does, before anybody waits for it.

const path = require('node:path');
const { setTimeout } = require('node:timers/promises');

const { findKept } = require('./kept.js');
const { checkMoment, startAndMeasure } = require('./measured_start.js');
const { readStart } = require('./options.js');
const { Progress, bytes, print } = require('./text.js');
const { interruptible } = require('./workshop.js');

const usage = `Usage: fast-resolve precompile [options] [node's options] <program> [arguments]

Starts a program until it learns nothing more, four times at most, so that its snapshot and Node's compile cache are there when
\`fast-resolve run\` starts it.

  --until <moment>  when a start is over: exit (default), listening, message, another event of \`process\`, or a number of milliseconds
  --timeout <s>     seconds after which a start has failed (60)
  --json            for machines

Example: fast-resolve precompile --until listening server.js
`;

/** Milliseconds, as in `src/fs`. */
const SETTLED_AFTER = 2100;
/** The first start learns what is asked after Node's first answers, the second all, and what was young then, a third one. */
const MOST_STARTS = 4;

async function run(args) {
  const { options, started } = readStart(args, { json: 'flag', timeout: 'number', until: 'text' });
  checkMoment(options.until);
  const before = snapshotsOf(started);
  const after = await interruptible(() => startUntilKnown(started, options, before));
  const snapshots = changedIn(after, before);
  const { compileCache } = findKept(path.dirname(started.program));
  const result = { snapshots: snapshots.map(({ file, bytes: size }) => ({ file, bytes: size })), compileCache };
  print(result, options.json, format);
}

/** Starts it again as long as it learns something. Returns the snapshots that there are then. */
async function startUntilKnown(started, options, before) {
  let known = before;
  const progress = new Progress();
  try {
    for (let count = 0; count < MOST_STARTS; count++) {
      progress.tell(`starting ${path.basename(started.program)}`, count, MOST_STARTS);
      await startAndMeasure(started, { hook: true, compileCache: true }, options);
      const found = snapshotsOf(started);
      const hasLearnt = changedIn(found, known).length > 0;
      known = found;
      if (count > 0 && !hasLearnt) break;
      // What changed a moment ago is not believed by the next process: also a directory in which the caches were made just now.
      await setTimeout(SETTLED_AFTER);
    }
    return known;
  } finally {
    progress.end();
  }
}

function whyNone() {
  const { FAST_RESOLVE_CACHE } = process.env;
  const isOff = FAST_RESOLVE_CACHE && !FAST_RESOLVE_CACHE.includes('/');
  if (isOff) return 'no snapshot was written: FAST_RESOLVE_CACHE turns it off';
  return 'no snapshot was written: the one that is there is as good, or the program asks for fewer than 32 modules';
}

function snapshotsOf({ program }) {
  return findKept(path.dirname(program)).snapshots.flatMap((place) => place.snapshots);
}

/** Those that are new, or were written again. */
function changedIn(after, before) {
  const isSame = (left, right) =>
    left.file === right.file && left.bytes === right.bytes && left.modified === right.modified;
  return after.filter((each) => !before.some((other) => isSame(each, other)));
}

function format({ snapshots, compileCache }) {
  const lines = snapshots.map(({ file, bytes: size }) => `${bytes(size)} in ${file}`);
  if (snapshots.length === 0) lines.push(whyNone());
  if (compileCache !== null) lines.push(`${bytes(compileCache.bytes)} in ${compileCache.directory}`);
  return `${lines.join('\n')}\n`;
}

module.exports = { run, usage };
