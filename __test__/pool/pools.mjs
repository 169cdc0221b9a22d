// Pools for tests, which leave nothing behind.

import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Pool } from '../../dist/pool.js';

export const fixture = (name) => path.join(import.meta.dirname, 'fixtures', name);

/** A pool that is destroyed after the test. */
export function createPool(t, options) {
  const pool = new Pool({ filename: fixture('tasks.cjs'), maxWorkers: 1, ...options });
  t.teardown(() => destroyPool(pool));
  return pool;
}

/** One pool for all tests of a file. */
export function createSharedPool(test, options) {
  const pool = new Pool({ filename: fixture('tasks.cjs'), maxWorkers: 1, ...options });
  test.after.always(() => destroyPool(pool));
  return pool;
}

async function destroyPool(pool) {
  const pids = pool.workers.map(({ pid }) => pid);
  await pool.destroy();
  const left = pids.filter(isAlive);
  if (left.length > 0) throw new Error(`Workers are left: ${left}`);
}

/** Runs a task, and resolves to its promise and what it emitted first. */
export async function begin(pool, value, options) {
  let begun;
  const emitted = new Promise((resolve) => {
    begun = resolve;
  });
  const promise = pool.run(value, { ...options, onProgress: begun });
  // What it comes to is the test's to look at.
  promise.catch(() => {});
  return { promise, first: await emitted };
}

/** Whether there is a process of this number, which is not only waiting to be reaped. */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return !isZombie(pid);
}

function isZombie(pid) {
  if (process.platform !== 'linux') return false;
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    // It has gone in the meantime.
    return true;
  }
}

/** Waits until it holds. How long that takes is not what is tested. */
export async function until(condition) {
  const deadline = Date.now() + 60_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`It does not come to pass: ${condition}`);
    await wait(5);
  }
}

/** Runs a program of the fixtures to its end, in a process of its own: what the addon finds out, it finds out once. */
export async function runProgram(name, args, env) {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [fixture(name), ...args], {
    env: { ...process.env, ...env },
    timeout: 1_200_000,
  });
  return { stdout, stderr };
}

/** Older systems, and such as have no addon. */
export const SYSTEMS = [
  ['here', {}],
  ['where groups are found by number', { FAST_RESOLVE_SPAWN_WITHOUT: 'group_signal' }],
  ['without descriptors for processes', { FAST_RESOLVE_SPAWN_WITHOUT: 'pidfd,group_signal' }],
  ['where Node starts processes', { FAST_RESOLVE_SPAWN_WITHOUT: 'clone' }],
  ['without the addon', { NAPI_RS_NATIVE_LIBRARY_PATH: '/nowhere/to/be/found' }],
];
