// Runs programs one after the other that share a snapshot, and looks at what they leave.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { treeFor, writeTree } from '../helpers/tree.mjs';

export const repository = path.resolve(import.meta.dirname, '../..');
const asker = path.join(import.meta.dirname, 'asker.cjs');
export const hook = path.join(repository, 'dist/register.js');

/** A stamp proves nothing before it is this old. */
export const SETTLED_AFTER = 2100;

/**
 * Trees that are old enough for their stamps to be proofs: all of a test file are written at once and waited for once. What is
 * learnt of others is not written.
 */
export async function settledTrees(trees) {
  const roots = Object.fromEntries(Object.entries(trees).map(([name, tree]) => [name, writeTree(tree)]));
  await sleep(SETTLED_AFTER);
  return roots;
}

/** Has a path seem to be changed just now, however long a test takes. */
export function makeYoung(file) {
  const later = new Date(Date.now() + 3_600_000);
  fs.lutimesSync(file, later, later);
}

/** A directory for snapshots that is not there yet. */
export const newDirectory = (t) => path.join(treeFor(t, {}), 'cache');

/** Runs a program in a process that knows of nothing but `env`; never throws. */
export function run(args, { env = {}, cwd } = {}) {
  return new Promise((resolve) => {
    const options = {
      cwd,
      env: { PATH: process.env.PATH, LIBRARY: repository, FAST_RESOLVE_WAIT: '0', ...env },
      timeout: 60_000,
    };
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : (error.signal ?? error.code), stdout, stderr });
    });
  });
}

/**
 * Asks [[request, fromDir], …] in a new process and gives { answers, stats }. `directory` is where the snapshot is kept; the
 * usual place if there is none.
 */
export async function ask(
  t,
  requests,
  { directory, env = {}, execArgv = [], program = asker, cwd, exitCode = 0, ...question } = {},
) {
  const place = directory === undefined ? {} : { FAST_RESOLVE_CACHE: directory };
  const ran = await run([...execArgv, program], {
    cwd,
    env: { ASKER_QUESTION: JSON.stringify({ requests, ...question }), ...place, ...env },
  });
  t.deepEqual({ exitCode: ran.exitCode, stderr: ran.stderr }, { exitCode, stderr: '' });
  return JSON.parse(ran.stdout);
}

/** The names in a directory; none if it is not there. */
export const namesIn = (directory) => (fs.existsSync(directory) ? fs.readdirSync(directory).sort() : []);

/** The path of the only file in a directory, which is a snapshot. */
export function onlySnapshotIn(t, directory) {
  const names = namesIn(directory);
  t.is(names.length, 1, names.join());
  t.regex(names[0], /^[-\w.!~*'()%]{1,150}\.fast-resolve\.snapshot$/);
  return path.join(directory, names[0]);
}
