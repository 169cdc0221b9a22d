// The ways to start child processes: Node's with fork(2) behind it, ours under the same API, and the libraries on top.
'use strict';

const path = require('node:path');
const { execFile } = require('node:child_process');
const { promisify } = require('node:util');

const repositoryRoot = path.resolve(__dirname, '..', '..', '..');

/** Has `child_process` start children in one way or the other. */
const useSpawn = (name) => {
  if (name === 'node') return;
  const { install } = require(path.join(repositoryRoot, 'dist/spawn.js'));
  if (name !== 'seam' || !install()) throw new Error(`There is no spawn '${name}' here`);
};

const unlimited = { maxBuffer: Number.POSITIVE_INFINITY };

/**
 * By name: what makes a function that runs a file with arguments to its end, and gives what it wrote, as
 * `{ encoding: 'utf8' | 'buffer' }` says.
 */
const runners = {
  CommandPool: (concurrency) => {
    const { CommandPool } = require(path.join(repositoryRoot, 'dist/pool.js'));
    const pool = new CommandPool({ concurrency });
    return async (file, args, { encoding }) => (await pool.run(file, args, { encoding, ...unlimited })).stdout;
  },
  /** As where the core can't run a command: on Node's child_process, with ours under it. */
  'CommandPool, Node engine': (concurrency) => {
    useSpawn('seam');
    process.env.FAST_RESOLVE_SPAWN = '0';
    return runners.CommandPool(concurrency);
  },
  execFile: () => {
    const run = promisify(execFile);
    return async (file, args, { encoding }) => (await run(file, args, { encoding, ...unlimited })).stdout;
  },
  'execFile, seam': () => {
    useSpawn('seam');
    return runners.execFile();
  },
  execa: async () => {
    const { execa } = await import('execa');
    return async (file, args, { encoding }) =>
      (await execa(file, args, { encoding, stripFinalNewline: false, ...unlimited })).stdout;
  },
  'nano-spawn': async () => {
    const { default: nanoSpawn } = await import('nano-spawn');
    // It has no other encoding, and takes the last line's end away.
    return async (file, args) => `${(await nanoSpawn(file, args)).stdout}\n`;
  },
};

module.exports = { runners, useSpawn };
