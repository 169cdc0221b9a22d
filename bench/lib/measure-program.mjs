// Measures one program with and without the hook and checks that both runs do the same.
import { compareRecordings } from './compare-recordings.mjs';
import { hook, recordProgram, runProgram } from './run-program.mjs';
import { median, summarise } from './statistics.mjs';

const recordBoth = (program) => {
  // The first run of all fills the operating system's caches, and those that programs keep on disk.
  runProgram(program);
  const stock = recordProgram(program);
  const hooked = recordProgram(program, { preloads: [hook] });
  const differences = compareRecordings(stock.recording, hooked.recording);
  if (stock.stdout !== hooked.stdout) {
    differences.push('standard output differs');
  }
  return { recording: stock.recording, differences };
};

// In turn, so that both kinds of run see the same neighbours on the machine; the ratio is taken pair by pair.
const timeInTurn = (program, rounds) => {
  const pairs = [];
  for (let round = 0; round < rounds; round += 1) {
    const stock = runProgram(program).milliseconds;
    const hooked = runProgram(program, { preloads: [hook] }).milliseconds;
    pairs.push({ stock, hooked });
  }
  return pairs;
};

const measure = (program, rounds) => {
  const { recording, differences } = recordBoth(program);
  const pairs = timeInTurn(program, rounds);
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
  try {
    return { name: program.name, ...measure(program, rounds) };
  } catch (error) {
    return { name: program.name, failure: error.message };
  }
};
