// The ways in which a program of the corpus is started, and what they need beforehand.
import fs from 'node:fs';
import path from 'node:path';
import { withoutWaiting, withSnapshot } from './implementations.mjs';
import { childScript } from './run-child.mjs';
import { hook, runProgram } from './run-program.mjs';

const snapshotRuns = 2;

const isUnanswered = (answer) => typeof answer !== 'string';

/** Every answer of the trace by directory and request; one that changed while the program ran is left to Node. */
const writeIdealAnswers = (file, trace) => {
  const byDirectory = new Map();
  for (const [request, filename, answer] of [...trace.calls, ...trace.failing]) {
    const directory = path.dirname(filename);
    const answers = byDirectory.get(directory) ?? byDirectory.set(directory, new Map()).get(directory);
    const isChanged = answers.has(request) && answers.get(request) !== answer;
    answers.set(request, isChanged || isUnanswered(answer) ? null : answer);
  }
  const pairs = [...byDirectory].map(([directory, answers]) => [
    directory,
    [...answers].filter(([, answer]) => answer !== null).flat(),
  ]);
  fs.writeFileSync(file, JSON.stringify(pairs));
};

/** A fresh directory with the snapshot that two runs of the program through the hook leave. */
export const createProgramSnapshot = ({ node, directory }, program, environment = {}) => {
  const snapshot = fs.mkdtempSync(path.join(directory, 'program-snapshot-'));
  for (let run = 0; run < snapshotRuns; run += 1) {
    runProgram(program, {
      node: node.path,
      preloads: [hook],
      environment: { ...withSnapshot(snapshot), ...environment },
    });
  }
  return snapshot;
};

/** By kind of start: a function that makes the options of `runProgram`. */
export const createStarts = (context, program, trace) => {
  const idealFile = path.join(context.directory, `${program.name}-ideal.json`);
  writeIdealAnswers(idealFile, trace);
  const snapshot = createProgramSnapshot(context, program);
  // It has answers for what the hook leaves to Node while it waits, too.
  let completeSnapshot;
  return {
    snapshot,
    optionsOf: {
      stock: () => ({}),
      first: () => ({
        preloads: [hook],
        environment: withSnapshot(fs.mkdtempSync(path.join(context.directory, 'empty-cache-'))),
      }),
      warm: () => ({ preloads: [hook], environment: withSnapshot(snapshot) }),
      atOnce: () => {
        completeSnapshot ??= createProgramSnapshot(context, program, withoutWaiting);
        return { preloads: [hook], environment: { ...withSnapshot(completeSnapshot), ...withoutWaiting } };
      },
      ideal: () => ({ preloads: [childScript('ideal.cjs')], environment: { FAST_RESOLVE_IDEAL: idealFile } }),
    },
  };
};
