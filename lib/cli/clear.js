'use strict';

// `fast-resolve clear`: takes away what `fast-resolve stats` tells of.

const fs = require('node:fs');
const path = require('node:path');

const { UsageError } = require('./failures.js');
const { findKept } = require('./kept.js');
const { readOptions } = require('./options.js');
const { bytes, print } = require('./text.js');

const usage = `Usage: fast-resolve clear [options] [directory]

Takes away the snapshots of programs in a directory (this one), and the compile cache of \`fast-resolve run\`.

  --all   also the snapshots of programs that lie elsewhere
  --json  for machines

Example: fast-resolve clear
`;

async function run(args) {
  const { options, others } = readOptions(args, { all: 'flag', json: 'flag' });
  if (others.length > 1) throw new UsageError('there is one directory at most');
  const { snapshots, compileCache } = findKept(path.resolve(others[0] ?? '.'), options.all);
  const files = snapshots.flatMap((place) => place.snapshots);
  for (const { file } of files) fs.rmSync(file, { force: true });
  // A directory that the user has named may hold the caches of other programs.
  const isOurs = compileCache !== null && !process.env.NODE_COMPILE_CACHE;
  if (isOurs) fs.rmSync(compileCache.directory, { recursive: true, force: true });
  const size = files.reduce((sum, file) => sum + file.bytes, isOurs ? compileCache.bytes : 0);
  const result = {
    snapshots: files.map(({ file }) => file),
    compileCache: isOurs ? compileCache.directory : null,
    bytes: size,
  };
  print(result, options.json, format);
}

function format({ snapshots, compileCache, bytes: size }) {
  const cache = compileCache === null ? '' : ' and the compile cache';
  return `Took away ${snapshots.length} snapshot${snapshots.length === 1 ? '' : 's'}${cache}: ${bytes(size)}.\n`;
}

module.exports = { run, usage };
