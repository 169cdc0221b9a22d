// What the programs of ES modules import.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runProgram } from '../lib/run-program.mjs';

const recorder = path.join(import.meta.dirname, 'record.cjs');

/** Node before 22.15 has no hooks that are called in the thread itself. */
export const hasHooks = ([major, minor]) => major > 22 || (major === 22 && minor >= 15);

/**
 * Runs a program under the recorder.
 * @returns {{ stdout: string, imports: [string | null, string, string, string | null, number][] }} Of each import the URL of the module
 *   that imports, the specifier, the URL, the format, and how many attributes it has.
 */
export const recordImports = (program, options = {}) => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-record-'));
  const file = path.join(directory, 'imports.json');
  try {
    const { stdout } = runProgram(program, {
      ...options,
      preloads: [...(options.preloads ?? []), recorder],
      environment: { ...options.environment, FAST_RESOLVE_RECORD: file },
    });
    return { stdout, imports: JSON.parse(fs.readFileSync(file, 'utf8')) };
  } finally {
    fs.rmSync(directory, { recursive: true, force: true });
  }
};

/** What is imported, in an order that does not depend on which file was read first. */
export const sorted = (imports) => imports.map((each) => JSON.stringify(each)).sort();
