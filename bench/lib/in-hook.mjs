// What in-hook-end.cjs has written down of one process, in a few figures.
import fs from 'node:fs';
import path from 'node:path';
import { childScript } from './run-child.mjs';
import { runProgram } from './run-program.mjs';
import { median, quantile } from './statistics.mjs';

const sum = (values) => values.reduce((total, value) => total + value, 0);

/**
 * All in nanoseconds: what the preloads took; of all calls of Module._resolveFilename the sum, the median, the 90th
 * percentile and the largest; the preloads and all calls up to the first that asked from a file for a file, which a hook can't
 * answer before it is loaded; and the median of such calls, which is a hit where the answers are known beforehand.
 */
export const summariseCalls = ({ preload, times, isForFile }) => {
  const forFiles = times.filter((_time, index) => isForFile[index]);
  const firstForFile = isForFile.findIndex(Boolean);
  return {
    requests: times.length,
    preload,
    sum: sum(times),
    all: preload + sum(times),
    median: median(times),
    p90: quantile(times, 0.9),
    max: Math.max(...times),
    first: firstForFile === -1 ? null : preload + sum(times.slice(0, firstForFile + 1)),
    hit: forFiles.length === 0 ? null : median(forFiles),
  };
};

/** Runs the program with the preloads between the two that take the time. */
export const timeCalls = (context, program, { preloads = [], environment = {} }) => {
  const file = path.join(context.directory, 'in-hook.json');
  // What an earlier process has written must not be taken for this one's.
  fs.rmSync(file, { force: true });
  const { stdout } = runProgram(program, {
    node: context.node.path,
    preloads: [childScript('in-hook-begin.cjs'), ...preloads, childScript('in-hook-end.cjs')],
    environment: { ...environment, FAST_RESOLVE_IN_HOOK: file },
  });
  return { stdout, ...summariseCalls(JSON.parse(fs.readFileSync(file, 'utf8'))) };
};
