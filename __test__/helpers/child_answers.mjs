// Has a child process with options and environment of its own compare the two resolvers.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(new URL('./child_answers_program.mjs', import.meta.url));

/**
 * Runs the requests [[request, fromDir], …] in a Node started with `execArgv` and `env`, and gives for each
 * { ours, node, equal }. `unprivileged` makes the child give up root's rights before it asks.
 */
export async function answersInChild(requests, { execArgv = [], env = {}, cwd, unprivileged = false } = {}) {
  const argument = JSON.stringify({ requests, unprivileged });
  const { stdout } = await promisify(execFile)(process.execPath, [...execArgv, program, argument], {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', ...env },
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}

/** Asserts that both resolvers agree in the child; returns the answers. */
export async function checkInChild(t, requests, options) {
  const comparisons = await answersInChild(requests, options);
  for (const [index, { ours, node }] of comparisons.entries()) {
    t.deepEqual(ours, node, `ours (first) differs from Node's for ${JSON.stringify(requests[index])}`);
  }
  return comparisons.map(({ node }) => node.answer);
}
