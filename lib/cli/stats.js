'use strict';

// `fast-resolve stats`: what is kept, and where.

const path = require('node:path');

const { UsageError } = require('./failures.js');
const { findKept } = require('./kept.js');
const { readOptions } = require('./options.js');
const { age, bytes, columns, paint, print } = require('./text.js');

const usage = `Usage: fast-resolve stats [options] [directory]

Tells which snapshots there are for programs in a directory (this one), how old they are, and why one would not be used now; and how
large the compile cache of \`fast-resolve run\` is.

  --all   also those of programs that lie elsewhere
  --json  for machines: ages in milliseconds

Example: fast-resolve stats
`;

async function run(args) {
  const { options, others } = readOptions(args, { all: 'flag', json: 'flag' });
  if (others.length > 1) throw new UsageError('there is one directory at most');
  const kept = findKept(path.resolve(others[0] ?? '.'), options.all);
  print(kept, options.json, format);
}

function format({ snapshots, compileCache }) {
  const parts = snapshots.map(({ directory, snapshots: list }) => {
    const rows = list.map(({ program, version, bytes: size, age: old, unused }) => [
      `  ${program}`,
      version,
      bytes(size),
      `${age(old)} old`,
      unused === null ? '' : paint('red', `not used: ${unused}`),
    ]);
    return `${paint('bold', directory)}\n${rows.length === 0 ? '  nothing\n' : columns(rows, [2, 3])}`;
  });
  if (compileCache !== null) {
    const { directory, files, bytes: size } = compileCache;
    parts.push(`${paint('bold', directory)}\n  compile cache: ${files} files, ${bytes(size)}\n`);
  }
  return parts.length === 0 ? 'Nothing is kept.\n' : parts.join('\n');
}

module.exports = { run, usage };
