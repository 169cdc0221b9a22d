// Runs one program of the corpus in a process of its own, with or without the hook.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const libDirectory = path.dirname(fileURLToPath(import.meta.url));
const recorder = path.join(libDirectory, 'record.cjs');

export const repositoryRoot = path.resolve(libDirectory, '..', '..');

// What starts us (npm, ava, a shell that uses the hook already) must not change how the program starts.
const inheritedSettings = /^(?:NODE_|npm_|AVA_|FAST_RESOLVE|FORCE_COLOR$|NO_COLOR$)/i;

/** The environment of a process that is measured. */
export const cleanEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !inheritedSettings.test(name)));

const spawnProgram = (program, { preloads = [], node = process.execPath, nodeArguments = [], environment = {} }) => {
  const start = process.hrtime.bigint();
  const { status, signal, stdout, stderr, error } = spawnSync(
    node,
    [...nodeArguments, ...preloads.flatMap((preload) => ['-r', preload]), program.entry],
    {
      cwd: path.dirname(program.entry),
      env: { ...cleanEnvironment(), ...environment },
      encoding: 'utf8',
      timeout: 120_000,
    },
  );
  const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
  if (error !== undefined || status !== 0) {
    throw new Error(`${program.name} failed (${error?.message ?? signal ?? `exit code ${status}`}):\n${stderr}`);
  }
  return { milliseconds, stdout, stderr };
};

/** The preload that puts the hook in. */
export const hook = path.join(repositoryRoot, 'dist/register.js');
/** The preload that puts the seam in. */
export const spawnPreload = path.join(repositoryRoot, 'dist/spawn-register.js');

/**
 * Runs the program as a user would and tells the wall time of the whole process.
 * @param {{ name: string, entry: string }} program
 * @param {{ preloads?: string[], node?: string, nodeArguments?: string[], environment?: object }} options
 */
export const runProgram = (program, options = {}) => spawnProgram(program, options);

/** Runs the program under the recorder; `recording` is what record.cjs wrote. */
export const recordProgram = (program, options = {}) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-record-'));
  const recordFile = path.join(directory, 'recording.json');
  try {
    const result = spawnProgram(program, {
      ...options,
      preloads: [...(options.preloads ?? []), recorder],
      environment: { ...options.environment, FAST_RESOLVE_RECORD: recordFile },
    });
    return { ...result, recording: JSON.parse(fs.readFileSync(recordFile, 'utf8')) };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
};
