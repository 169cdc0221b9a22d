// Runs one of the small scripts that are measured, in a fresh process.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { cleanEnvironment } from './run-program.mjs';

const childrenDirectory = path.join(import.meta.dirname, 'children');

const longestRun = 300_000;

export const childScript = (name) => path.join(childrenDirectory, name);

/**
 * Runs a command to its end.
 * @returns {{ stdout: string, stderr: string, milliseconds: number, end: bigint }} `end` is on the clock that all processes share.
 */
export const runCommand = (command, commandArguments, environment = {}, directory = undefined) => {
  const start = process.hrtime.bigint();
  const { status, signal, stdout, stderr, error } = spawnSync(command, commandArguments, {
    cwd: directory,
    env: { ...cleanEnvironment(), ...environment },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    timeout: longestRun,
  });
  const end = process.hrtime.bigint();
  if (error !== undefined || status !== 0) {
    const reason = error?.message ?? signal ?? `exit code ${status}`;
    throw new Error(`${command} ${commandArguments.join(' ')} failed (${reason}):\n${stderr}`);
  }
  return { stdout, stderr, milliseconds: Number(end - start) / 1e6, end };
};

/** What a child script prints, which is JSON. */
export const runChild = (node, name, childArguments, environment) =>
  JSON.parse(runCommand(node, [childScript(name), ...childArguments], environment).stdout);
