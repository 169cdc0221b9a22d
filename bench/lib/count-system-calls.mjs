// Counts system calls with strace, which sees those of every thread, whoever makes them.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { childScript, runCommand } from './run-child.mjs';

// All that looks at the file system. What V8 and libuv do for themselves (memory, threads, events) would be noise.
const fileSystemCalls = '%file,read,pread64,close,fstat,getdents64';
// Threads wake each other by reads, as often as it happens; what has a path is always about a file.
const pathCalls = '%file';

/** Why there is nothing to count with, or undefined. */
export const reasonNotToCount = () => {
  if (process.platform !== 'linux') return 'strace is for Linux';
  const { status, error } = spawnSync('strace', ['-V'], { stdio: 'ignore' });
  return error === undefined && status === 0 ? undefined : 'strace is not installed';
};

// The last line of `strace -c`: share, seconds, microseconds per call, calls, errors (left out where there are none).
const parseTotal = (summary) => {
  const words = summary
    .match(/^.*\btotal$/m)?.[0]
    .trim()
    .split(/\s+/);
  return words === undefined ? 0 : Number(words[3]);
};

const count = (traced, { node, directory }, name, childArguments, environment) => {
  const summaryFile = path.join(directory, 'strace.txt');
  const straceArguments = ['-f', '-c', '-e', `trace=${traced}`, '-o', summaryFile];
  const { stdout } = runCommand(
    'strace',
    [...straceArguments, node.path, childScript(name), ...childArguments],
    environment,
  );
  return {
    count: parseTotal(fs.readFileSync(summaryFile, 'utf8')),
    printed: stdout === '' ? null : JSON.parse(stdout),
  };
};

/** How many calls a child script makes that look at the file system, and what it prints. */
export const countCalls = (...child) => count(fileSystemCalls, ...child);

/** Of these, only the calls that name a path: no noise from threads that wake each other. */
export const countPathCalls = (...child) => count(pathCalls, ...child);
