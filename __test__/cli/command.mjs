// Runs the command, in a directory of its own.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

const root = path.resolve(import.meta.dirname, '../..');

export const command = path.join(root, 'dist/cli.js');

/** A directory with these files, and places for caches and what is temporary. */
export function workIn(t, files) {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-')));
  t.teardown(() => fs.rmSync(directory, { recursive: true, force: true }));
  for (const [name, content] of Object.entries({ 'package.json': '{}', ...files })) {
    fs.writeFileSync(path.join(directory, name), content);
  }
  for (const name of ['cache', 'tmp']) fs.mkdirSync(path.join(directory, name));
  return directory;
}

export function environment(directory, more = {}) {
  const { FAST_RESOLVE_CACHE: _, FAST_RESOLVE_WAIT: __, NODE_COMPILE_CACHE: ___, ...env } = process.env;
  return { ...env, XDG_CACHE_HOME: `${directory}/cache`, TMPDIR: `${directory}/tmp`, ...more };
}

export function start(directory, args, { env = {}, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  return spawn(process.execPath, [command, ...args], { cwd: directory, env: environment(directory, env), stdio });
}

export async function end(child) {
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code, signal };
}

export const run = (directory, args, options) => end(start(directory, args, options));

/** A program that says who it is, and does not end. */
const WAITING = `require('node:fs').writeFileSync('pid', String(process.pid)); setInterval(() => {}, 1e6);`;

/** Interrupts a command while its program runs: neither of them is left, nor anything else. */
export async function checkInterrupted(t, name, signal) {
  const directory = workIn(t, { 'wait.js': WAITING });
  const child = start(directory, [name, 'wait.js']);
  const result = end(child);
  const pid = await pidIn(`${directory}/pid`);
  child.kill(signal);
  t.like(await result, { code: null, signal, stdout: '' });
  t.deepEqual(fs.readdirSync(`${directory}/tmp`), []);
  await untilGone(pid);
}

const moment = () => new Promise((resolve) => setTimeout(resolve, 10));

/** A pid that a program writes to a file. */
async function pidIn(file) {
  while (!fs.existsSync(file) || fs.readFileSync(file, 'utf8') === '') await moment();
  return Number(fs.readFileSync(file, 'utf8'));
}

export async function untilGone(pid) {
  while (isAlive(pid)) await moment();
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
