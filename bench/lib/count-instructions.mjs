// Counts instructions with callgrind, under which the same run has nearly the same count again.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { countByObject } from './callgrind.mjs';
import { childScript, runCommand } from './run-child.mjs';

/** V8 with one thread and one seed: otherwise counts differ by a hundredth from run to run. */
const predictable = ['--predictable', '--hash-seed=1'];

/** Why there is nothing to count with, or undefined. */
export const reasonNotToCountInstructions = () => {
  const { status, error } = spawnSync('valgrind', ['--version'], { stdio: 'ignore' });
  return error === undefined && status === 0 ? undefined : 'valgrind is not installed';
};

/** The instructions of a program's whole process, in user mode. */
export const countInstructions = (node, program, { preloads = [], environment }) => {
  const callgrind = ['--tool=callgrind', '--callgrind-out-file=/dev/null'];
  const preloadArguments = preloads.flatMap((preload) => ['-r', preload]);
  const { stderr } = runCommand(
    'valgrind',
    [...callgrind, node.path, ...predictable, ...preloadArguments, program.entry],
    environment,
    path.dirname(program.entry),
  );
  return Number(stderr.match(/Collected : (\d+)/)[1]);
};

/** Runs a child script as it runs where its instructions are counted: a program with other options has another snapshot. */
export const runUncounted = ({ node }, name, childArguments, environment) =>
  JSON.parse(runCommand(node.path, [...predictable, childScript(name), ...childArguments], environment).stdout);

/** The instructions that a child script runs in the code of addons alone, and what it prints, which is JSON. */
export const countInstructionsInAddons = ({ node, directory }, name, childArguments, environment) => {
  const file = path.join(directory, 'callgrind.out');
  const { stdout } = runCommand(
    'valgrind',
    [
      '--tool=callgrind',
      `--callgrind-out-file=${file}`,
      node.path,
      ...predictable,
      childScript(name),
      ...childArguments,
    ],
    environment,
  );
  const ofAddons = [...countByObject(fs.readFileSync(file, 'utf8'))].filter(([object]) => object?.endsWith('.node'));
  return { count: ofAddons.reduce((sum, [, count]) => sum + count, 0), printed: JSON.parse(stdout) };
};
