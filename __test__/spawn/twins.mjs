// The same cases with Node's own spawn, with the seam, and with the seam in a worker thread.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { withoutCoreFiles } from '../helpers/without_core_files.mjs';
import { missing } from './seam_here.mjs';

const runner = path.join(import.meta.dirname, 'runner.mjs');

const LONGEST_RUN = 120_000;

/** What the cases of a file saw in one mode, by their titles. */
export async function runCases(file, mode, { nodeArguments = [], env = {} } = {}) {
  const url = pathToFileURL(path.join(import.meta.dirname, 'cases', file)).href;
  const [shell, ...line] = withoutCoreFiles;
  const child = spawn(shell, [...line, process.execPath, ...nodeArguments, runner, mode, url], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    // A net against hanging.
    timeout: LONGEST_RUN,
  });
  const [[code, signal], , errors, results] = await Promise.all([
    once(child, 'close'),
    text(child.stdout),
    text(child.stderr),
    text(child.stdio[3]),
  ]);
  if (code !== 0) throw new Error(`the runner ended with ${code ?? signal}:\n${errors}`);
  return JSON.parse(results);
}

/**
 * Declares a test for each case: the seam gives what Node gives (and what the case expects, where it says so), with children
 * of its own.
 *
 * @param {import('ava').TestFn} test
 * @param {string} file In cases/: exports `cases`, a list of `{ title, run, expected?, isLeftToNode?, notInWorkers? }`. `run`
 * returns what it saw, as JSON can say it.
 */
export async function testCases(test, file, options) {
  const { cases } = await import(`./cases/${file}`);
  if (missing !== undefined) {
    test.skip(`${file}: ${missing}`, () => {});
    return;
  }
  const modes = ['stock', 'seam', ...(cases.every(({ notInWorkers }) => notInWorkers) ? [] : ['worker'])];
  const runs = {};
  test.before(`${file} is run in each mode`, async (t) => {
    t.timeout((modes.length + 1) * LONGEST_RUN);
    for (const mode of modes) runs[mode] = await runCases(file, mode, options);
  });
  for (const { title, expected, isLeftToNode = false, notInWorkers = false } of cases) {
    test(title, (t) => {
      const stock = runs.stock[title];
      t.is(stock.result.error, undefined, 'Node itself');
      t.is(stock.ours, 0);
      if (expected !== undefined) t.deepEqual(stock.result.value, expected, 'Node itself');
      for (const mode of modes.slice(1)) {
        if (mode === 'worker' && notInWorkers) continue;
        const seam = runs[mode][title];
        t.deepEqual(seam.result, stock.result, mode);
        t.deepEqual(
          [seam.ours, seam.nodes],
          isLeftToNode ? [0, stock.nodes] : [stock.nodes, 0],
          `${mode}: whose children`,
        );
      }
    });
  }
}
