// Runs real programs with and without the hook and prints what it does and what it brings.
//
//   node bench/demo.mjs [--rounds <pairs, default 7>] [--only <program>]... [--json]
//
// The exit code is 1 if a program fails, loads other modules with the hook, or gets another answer to a request.
import { parseArgs } from 'node:util';
import { ensureCorpus } from './corpus/install.mjs';
import { programs } from './corpus/programs.mjs';
import { addonFiles, measureRequire } from './lib/measure-addon.mjs';
import { measureProgram } from './lib/measure-program.mjs';
import { describeMachine, formatAddon, formatFindings, formatMachine, formatTable, legend } from './lib/report.mjs';

const requireProcesses = 15;

const readOptions = () => {
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '7' },
      only: { type: 'string', multiple: true },
      json: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new TypeError(`--rounds must be a whole number above 0, not ${values.rounds}`);
  }
  const names = new Set(programs.map(({ name }) => name));
  const unknown = values.only?.find((name) => !names.has(name));
  if (unknown !== undefined) {
    throw new TypeError(`--only must be one of ${[...names].join(', ')}, not ${unknown}`);
  }
  return { rounds, json: values.json, selected: programs.filter(({ name }) => values.only?.includes(name) ?? true) };
};

const measureAll = (selected, rounds) =>
  selected.map((program, index) => {
    process.stderr.write(`[${index + 1}/${selected.length}] ${program.name}: ${program.about}\n`);
    return measureProgram(program, rounds);
  });

const main = () => {
  const { rounds, json, selected } = readOptions();
  ensureCorpus();
  const machine = describeMachine();
  const addons = addonFiles();
  const requireTime = measureRequire(requireProcesses);
  if (!json) {
    process.stdout.write([formatMachine(machine), ...formatAddon(addons, requireTime), ''].join('\n'));
  }
  const results = measureAll(selected, rounds);
  process.stdout.write(
    json
      ? `${JSON.stringify({ machine, addons, requireTime, rounds, results }, null, 2)}\n`
      : [formatTable(results), legend(rounds), ...formatFindings(results), ''].join('\n'),
  );
  process.exitCode = results.every(({ identical }) => identical) ? 0 : 1;
};

main();
