// Makes traces of programs: what they ask of Node's resolution, and what Node answers.
import fs from 'node:fs';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { runChild } from './run-child.mjs';
import { recordProgram } from './run-program.mjs';

/** By what rule of Node's algorithm a request is answered. */
const kindOf = (request, answer, hasExports) => {
  if (isBuiltin(request)) return 'builtin';
  if (/^(?:\.{1,2}(?:\/|$)|\/)/.test(request)) return 'relative';
  if (request.startsWith('#')) return 'imports';
  return hasExports(request, answer) ? 'exports' : 'bare';
};

const readHasExports = (packageDirectory) => {
  try {
    return JSON.parse(fs.readFileSync(path.join(packageDirectory, 'package.json'), 'utf8')).exports !== undefined;
  } catch {
    return false;
  }
};

// The package of an answer is where its last node_modules directory says; of a self-reference, it is the caller's own.
const createHasExports = () => {
  const known = new Map();
  return (_request, answer) => {
    const packageDirectory = answer.match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/)?.[0] ?? path.dirname(answer);
    if (!known.has(packageDirectory)) {
      known.set(packageDirectory, readHasExports(packageDirectory));
    }
    return known.get(packageDirectory);
  };
};

const countKinds = (calls) => {
  const hasExports = createHasExports();
  const kinds = { builtin: 0, relative: 0, imports: 0, exports: 0, bare: 0 };
  for (const [request, , answer] of calls) {
    kinds[kindOf(request, answer, hasExports)] += 1;
  }
  return kinds;
};

const isPlainCall = ([, filename, , options]) => filename !== null && options === undefined;

const write = (directory, name, calls) => {
  const file = path.join(directory, `${name}.json`);
  fs.writeFileSync(file, JSON.stringify(calls));
  return file;
};

// A program can ask for files that it makes and deletes again; only what a fresh Node still answers can be replayed.
const keepRepeatable = (node, directory, name, calls) => {
  const file = write(directory, `${name}-recorded`, calls);
  const { answers } = runChild(node, 'answers.cjs', [file]);
  return calls.filter(([, , answer], index) => answers[index] === answer);
};

const createTrace = (node, program, directory) => {
  const { recording } = recordProgram(program, { node });
  const recorded = recording.calls.filter((call) => isPlainCall(call) && typeof call[2] === 'string');
  const calls = keepRepeatable(node, directory, program.name, recorded);
  return {
    program: program.name,
    file: write(directory, program.name, calls),
    resolves: calls.length,
    leftOut: recording.count - calls.length,
    kinds: countKinds(calls),
    calls,
    failing: recording.calls.filter((call) => isPlainCall(call) && typeof call[2] !== 'string'),
  };
};

/** One trace for each program, as this Node answers; the files are in `directory`. */
export const createTraces = (node, programs, directory) => {
  fs.writeFileSync(path.join(directory, 'prime.js'), '');
  const caller = path.join(directory, 'caller.js');
  write(directory, 'prime', [['./prime.js', caller, path.join(directory, 'prime.js')]]);
  return programs.map((program) => createTrace(node, program, directory));
};

// From these callers, what is never there is asked for, too: the programs themselves ask for little that is missing.
const callersWithMisses = 100;

const missingRequests = ['fast-resolve-no-such-package', './no-such-file', 'react/no-such-file'];

/** What programs ask for in vain, and some more of that kind; undefined where no program made a call. */
export const createMisses = (node, traces, directory) => {
  const callers = [...new Set(traces.flatMap(({ calls }) => calls.map(([, filename]) => filename)))];
  const step = Math.max(1, Math.floor(callers.length / callersWithMisses));
  const sample = callers.filter((_caller, index) => index % step === 0);
  const asked = [
    ...traces.flatMap(({ failing }) => failing.map(([request, filename]) => [request, filename])),
    ...sample.flatMap((filename) => missingRequests.map((request) => [request, filename])),
  ];
  const { answers } = runChild(node, 'answers.cjs', [write(directory, 'misses-asked', asked)]);
  const calls = asked
    .map(([request, filename], index) => [request, filename, answers[index]])
    .filter(([, , answer]) => typeof answer !== 'string');
  return { program: 'misses', file: write(directory, 'misses', calls), resolves: calls.length };
};
