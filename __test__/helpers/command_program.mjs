// Runs one of the programs in __test__/commands/fixtures with a Node of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const fixtures = path.resolve(import.meta.dirname, '../commands/fixtures');

const environment = (engine, env) => ({
  ...process.env,
  ...env,
  FAST_RESOLVE_SPAWN: engine === 'node' ? '0' : '1',
});

/**
 * Starts a program, and gives the child.
 * @param {string} name
 * @param {{ engine: string, args?: string[], env?: object, prefix?: string[], execArgv?: string[] }} options
 *   `prefix`: what it is started by; `execArgv`: Node's own options.
 */
export const startProgram = (name, { engine, args = [], env = {}, prefix = [], execArgv = [] }) => {
  const [file, ...rest] = [...prefix, process.execPath, ...execArgv, path.join(fixtures, name), ...args];
  return spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: environment(engine, env) });
};

/** How `ending_at_once.cjs` ends, and by which signal or exit code. */
export const ENDS_AT_ONCE = { SIGKILL: 'SIGKILL', SIGINT: 'SIGINT', abort: 'SIGABRT', reallyExit: 0 };

/** Runs a program to its end. */
export const runProgram = async (name, options) => {
  const child = startProgram(name, options);
  const [stdout, stderr, [exitCode, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, exitCode, signal };
};
