// Measures one program with and without the hook and checks that both runs do the same.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { compareRecordings } from './compare-recordings.mjs';
import { hook, recordProgram, runProgram } from './run-program.mjs';
import { median, summarise } from './statistics.mjs';

/** The program's snapshot is not to be one of those of whoever runs the demo. */
const underHook = (cache) => ({ preloads: [hook], environment: { FAST_RESOLVE_CACHE: cache } });

const recordBoth = (program, cache) => {
  // The first run of all fills the operating system's caches, and those that programs keep on disk.
  runProgram(program);
  const stock = recordProgram(program);
  const hooked = recordProgram(program, underHook(cache));
  const differences = compareRecordings(stock.recording, hooked.recording);
  if (stock.stdout !== hooked.stdout) {
    differences.push('standard output differs');
  }
  return { recording: stock.recording, differences };
};

// In turn, so that both kinds of run see the same neighbours on the machine; the ratio is taken pair by pair.
const timeInTurn = (program, rounds, cache) => {
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    const stock = runProgram(program).milliseconds;
    const hooked = runProgram(program, underHook(cache)).milliseconds;
    pairs.push({ stock, hooked });
  }
  return pairs;
};

const measure = (program, rounds, cache) => {
  const { recording, differences } = recordBoth(program, cache);
  const pairs = timeInTurn(program, rounds, cache);
  return {
    resolves: recording.count,
    resolveShare: recording.resolveMilliseconds / recording.processMilliseconds,
    modules: recording.modules.length,
    identical: differences.length === 0,
    differences,
    stock: summarise(pairs.map((pair) => pair.stock)),
    hooked: summarise(pairs.map((pair) => pair.hooked)),
    ratio: median(pairs.map((pair) => pair.stock / pair.hooked)),
  };
};

/** The measurements of one program; one that fails is told in `failure`, so that the others are still measured. */
export const measureProgram = (program, rounds) => {
  const cache = fs.mkdtempSync(path.join(os.tmpdir(), 'fast-resolve-demo-'));
  try {
    return { name: program.name, ...measure(program, rounds, cache) };
  } catch (error) {
    return { name: program.name, failure: error.message };
  } finally {
    fs.rmSync(cache, { recursive: true });
  }
};
