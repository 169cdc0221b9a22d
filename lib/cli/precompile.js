'use strict';

// `fast-resolve precompile`: fills the caches as a start does, before anybody waits for it.

const path = require('node:path');
const { setTimeout } = require('node:timers/promises');

const { findKept } = require('./kept.js');
const { startAndMeasure } = require('./measured_start.js');
const { readOptions, readProgram } = require('./options.js');
const { bytes } = require('./text.js');

const usage = `Usage: fast-resolve precompile [options] <program> [arguments]

Starts a program twice, so that its snapshot and Node's compile cache are there when \`fast-resolve run\` starts it.

  --until <moment>  when a start is over: exit (default), listening, or a number of milliseconds
  --timeout <s>     seconds after which a start has failed (60)
  --json            for machines

Example: fast-resolve precompile --until listening server.js
`;

/** Milliseconds, as in `src/fs`. */
const SETTLED_AFTER = 2100;

async function run(args) {
  const { options, others } = readOptions(args, { json: 'flag', timeout: 'number', until: 'text' });
  const started = readProgram(others);
  const began = Date.now();
  const how = { hook: true, compileCache: true };
  await startAndMeasure(started, how, options);
  // What changed a moment ago is not believed by the next process.
  await setTimeout(Math.max(0, SETTLED_AFTER - (Date.now() - began)));
  await startAndMeasure(started, how, options);
  const { snapshots, compileCache } = findKept(path.dirname(started.program));
  const written = snapshots.flatMap((place) => place.snapshots).filter(({ age }) => Date.now() - age >= began - 1);
  const result = {
    snapshots: written.map(({ file, bytes: size }) => ({ file, bytes: size })),
    compileCache,
  };
  process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : format(result));
}

function format({ snapshots, compileCache }) {
  const lines = snapshots.map(({ file, bytes: size }) => `${bytes(size)} in ${file}`);
  if (snapshots.length === 0)
    lines.push(
      'no snapshot was written: the one that is there is as good, or the program asks for fewer than 32 modules',
    );
  if (compileCache !== null) lines.push(`${bytes(compileCache.bytes)} in ${compileCache.directory}`);
  return `${lines.join('\n')}\n`;
}

module.exports = { run, usage };
