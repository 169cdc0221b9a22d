// Programs that know nothing of this package: what they do under stock Node is what they have to do with the preload.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { missing } from './seam_here.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Each way to preload, by its name. */
export const PRELOADS = {
  'the preload': [path.join(root, 'dist/spawn-register.js')],
  'both preloads': [path.join(root, 'dist/register.js'), path.join(root, 'dist/spawn-register.js')],
};

/** For a program: `note(child)` says to the test whose the child is. It uses nothing that the program may patch. */
const PRELUDE = `
  const note = (() => {
    const { writeSync } = require('node:fs');
    const call = Function.prototype.call;
    const [toText, includes] = [Function.prototype.toString, String.prototype.includes].map((method) => call.bind(method));
    const NATIVE = '[native code]';
    const OURS = Buffer.from('ours ');
    const NODES = Buffer.from('node ');
    // The seam's methods stand on another prototype than Node's.
    return (child) => {
      const bytes = includes(toText(child._handle.kill), NATIVE) ? NODES : OURS;
      writeSync(3, bytes, 0, bytes.length, null);
    };
  })();
`;

/**
 * Runs a program to its end.
 * @param {string} program Text in CommonJS, with `note(child)`.
 * @param {{ preloads?: string[], nodeArguments?: string[], args?: string[], env?: object, prefix?: string[] }} options `args`: what
 * Node is called with instead of the text. `prefix`: what it is started by.
 */
export async function runUnaware(program, { preloads = [], nodeArguments = [], args, env = {}, prefix = [] } = {}) {
  const line = [...prefix, process.execPath, ...nodeArguments, ...preloads.flatMap((file) => ['-r', file])];
  const [file, ...rest] = [...line, ...(args ?? ['-e', `${PRELUDE}${program}`])];
  // The tests' own settings are none of the program's.
  const { FAST_RESOLVE_WAIT: _, ...ours } = process.env;
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'], env: { ...ours, ...env } });
  const [stdout, stderr, whose, [code, signal]] = await Promise.all([
    ...child.stdio.slice(1).map((stream) => text(stream)),
    once(child, 'close'),
  ]);
  const children = whose.split(' ').filter(Boolean);
  return { stdout, stderr: stderr.replaceAll(/\(node:\d+\)/g, '(node:…)'), code, signal, children };
}

/** A warning of ours, and the hint that Node prints after the first warning of a process. */
const WARNING = /^\(node:…\) (?:\[\w+\] )?FastResolveWarning: .*\n(?:(?!\(node:|\(Use `).+\n)*(?:\(Use `.*\n)?/gm;

/** The run, and what we have said in it apart from the rest. */
export function takeWarnings({ stderr, ...run }) {
  return { run: { ...run, stderr: stderr.replaceAll(WARNING, '') }, warnings: stderr.match(WARNING) ?? [] };
}

/**
 * Declares a test of a program for each way to preload.
 *
 * @param {import('ava').TestFn} test
 * @param {string} title
 * @param {string} program
 * @param {{ stdout: string, children?: string[], mayWarn?: boolean }} expected `stdout` of Node itself; `children`: whose they are
 * with a preload, if not all ours; `mayWarn`: whether we have to say, once, that something of ours could not be had.
 * @param options As for {@link runUnaware}.
 */
export function testUnaware(test, title, program, { stdout, children, mayWarn = false }, options = {}) {
  if (missing !== undefined) {
    test.skip(`${title} (${missing})`, () => {});
    return;
  }
  for (const [name, preloads] of Object.entries(PRELOADS)) {
    test.serial(`${title}, with ${name}`, async (t) => {
      const stock = await runUnaware(program, options);
      const { children: nodes, ...expected } = stock;
      t.is(expected.stdout, stdout, `Node itself: ${expected.stderr}`);
      t.true(nodes.every((whose) => whose === 'node'));

      const preloaded = await runUnaware(program, { ...options, preloads: options.preloads ?? preloads });
      const { run, warnings } = takeWarnings(preloaded);
      const { children: whose, ...actual } = run;
      t.deepEqual(actual, expected);
      t.is(warnings.length, mayWarn ? 1 : 0, warnings.join(''));
      t.deepEqual(whose, children ?? nodes.map(() => 'ours'), 'whose children');
    });
  }
}
