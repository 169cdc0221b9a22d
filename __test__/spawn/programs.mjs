// Small programs with a Node of their own, with Node's spawn or with ours.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { missing } from './seam_here.mjs';

const root = path.resolve(import.meta.dirname, '../..');

export const preload = path.join(root, 'dist/spawn-register.js');

/** Where only Node's own spawn is to be had, there is nothing to compare. */
export const whereSeamIs = (test) =>
  missing === undefined
    ? test
    : Object.assign((title) => test.skip(`${title} (${missing})`, () => {}), {
        serial: (title) => test.skip(`${title} (${missing})`, () => {}),
      });

/** For a program: whether a child is the addon's. The seam's methods stand on another prototype than Node's. */
const START = `
  const isOurs = (child) => !Function.prototype.toString.call(child._handle.kill).includes('[native code]');
  const api = require(${JSON.stringify(path.join(root, 'dist/spawn.js'))});
  const childProcess = require('node:child_process');
`;

/**
 * Runs a program to its end.
 * @param {string} program Text in CommonJS, with `api`, `childProcess` and `isOurs(child)`; or what Node is to be called with.
 * @param {{ nodeArguments?: string[], env?: object, prefix?: string[] }} options `prefix`: what it is started by.
 */
export async function runText(program, { nodeArguments = [], env = {}, prefix = [] } = {}) {
  const [file, ...args] = [...prefix, process.execPath, ...nodeArguments, '-e', `${START}${program}`];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
  const [stdout, stderr, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code, signal };
}

/** The same program with Node's own spawn and with the preload. */
export async function runTwins(program, options = {}) {
  const [stock, seam] = await Promise.all([
    runText(program, options),
    runText(program, { ...options, nodeArguments: [...(options.nodeArguments ?? []), '-r', preload] }),
  ]);
  return { stock, seam };
}
